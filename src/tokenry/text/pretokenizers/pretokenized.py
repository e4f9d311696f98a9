"""Text on its way through pretokenizers: a buffer, the stretches in it, and where it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokenry.spans import Alignment, Offsets
from tokenry.text.parts import Pretokens
from tokenry.text.unicode.character_sets import byte_offsets, code_points


@dataclass(frozen=True)
class PretokenizedText:
    """Stretches of a text, ascending and disjoint; what stands between them has been removed.

    Attributes:
        points: the code points of the buffer, shape (n,). A byte that is no UTF-8 is the lone
            surrogate that ``surrogateescape`` makes of it.
        starts, ends: the stretches, in characters of the buffer.
        origins, finishes: which characters of the source each one of the buffer stands for,
            shape (n,); an inserted one has an empty range.
        source: the text that came in.
        first: whether the source stands at the beginning of the input.
    """

    points: NDArray[np.uint32]
    starts: Offsets
    ends: Offsets
    origins: Offsets
    finishes: Offsets
    source: str
    first: bool

    @classmethod
    def of(cls, source: str, *, first: bool) -> PretokenizedText:
        """The whole text as one stretch."""
        points = code_points(source)
        size = len(points)
        places = np.arange(size + 1, dtype=np.int64)
        ends = np.array([size] if size else [], dtype=np.int64)
        return cls(points, ends * 0, ends, places[:-1], places[1:], source, first)

    @cached_property
    def text(self) -> str:
        """The buffer."""
        return self.points.tobytes().decode("utf-32-le", "surrogatepass")

    def texts(self) -> list[str]:
        """The stretches as text."""
        text = self.text
        spans = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return [text[start:end] for start, end in spans]

    def with_spans(self, starts: Offsets, ends: Offsets) -> PretokenizedText:
        """The same buffer with other stretches; empty ones fall out."""
        kept = ends > starts
        return replace(self, starts=starts[kept], ends=ends[kept])

    def with_points(self, points: NDArray[np.uint32]) -> PretokenizedText:
        """Other characters in the same places."""
        return replace(self, points=points)

    def cut_before(self, cuts: NDArray[np.bool_]) -> PretokenizedText:
        """Cut each stretch before the characters that ``cuts`` names, shape (n,)."""
        size = len(self.points)
        cuts = cuts.copy()
        cuts[self.starts] = True
        if int((self.ends - self.starts).sum()) < size:
            # stretches are disjoint, so no index comes twice in one of the two
            steps = np.zeros(size + 1, dtype=np.int8)
            steps[self.starts] += 1
            steps[self.ends] -= 1
            cuts &= np.cumsum(steps[:-1], dtype=np.int8).view(np.bool_)
        starts = np.flatnonzero(cuts)
        owners = np.searchsorted(self.starts, starts, side="right") - 1
        ends = np.minimum(np.append(starts[1:], size), self.ends[owners])
        return self.with_spans(starts, ends)

    def prepend(self, point: int, where: NDArray[np.bool_]) -> PretokenizedText:
        """Put a character before the stretches that ``where`` names, shape (stretches,)."""
        places = self.starts[where]
        inserted = np.cumsum(where)
        return replace(
            self,
            points=np.insert(self.points, places, np.uint32(point)),
            origins=np.insert(self.origins, places, self.origins[places]),
            finishes=np.insert(self.finishes, places, self.origins[places]),
            starts=self.starts + inserted - where,
            ends=self.ends + inserted,
        )

    def alignment(self) -> Alignment:
        """Which bytes of the source each byte of the buffer stands for."""
        text = self.text
        offsets, source_offsets = byte_offsets(text), byte_offsets(self.source)
        widths = np.diff(offsets)
        starts = np.repeat(source_offsets[self.origins], widths)
        ends = np.repeat(source_offsets[self.finishes], widths)
        source_points = np.append(code_points(self.source), np.uint32(0))
        same = (source_points[self.origins] == self.points) & (self.finishes > self.origins)
        within = np.arange(len(starts), dtype=np.int64) - np.repeat(offsets[:-1], widths)
        unchanged = np.repeat(same, widths)
        starts = np.where(unchanged, starts + within, starts)
        return Alignment(starts, np.where(unchanged, starts + 1, ends))


class AlignedPretokens(Pretokens):
    """Pretokens whose alignment is made when it is asked for."""

    __slots__ = ("_align",)

    def __init__(self, cut: Pretokens, align: Callable[[], Alignment]) -> None:
        object.__setattr__(self, "data", cut.data)
        object.__setattr__(self, "starts", cut.starts)
        object.__setattr__(self, "ends", cut.ends)
        object.__setattr__(self, "_align", align)

    @property
    def alignment(self) -> Alignment:
        """Which bytes of the text that was cut each byte stands for."""
        align: Callable[[], Alignment] = self._align  # type: ignore[attr-defined]
        return align()
