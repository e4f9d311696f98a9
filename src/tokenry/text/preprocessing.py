"""From input to pretokens: added tokens, then the normalizer, then the pretokenizer.

What comes out is what the native core and its readable twin both segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.added_tokens import AddedMatcher, Match
from tokenry.text.parts import Normalizer, Pretokenizer, Pretokens, Segmenter
from tokenry.text.unicode.utf8 import map_valid, valid_stretches


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text between added tokens: normalised bytes, and where they stood in the input."""

    data: bytes
    start: int
    alignment: Alignment | None
    first: bool

    def spans(self, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """Spans of the input, shape (n, 2), of ranges of ``data``."""
        if self.alignment is None:
            return np.stack([begins, ends], axis=1) + self.start
        return self.alignment.spans(begins, ends) + self.start

    def place(self, match: Match) -> Match:
        """A match in ``data`` as one in the input."""
        if self.alignment is None:
            return Match(self.start + match.start, self.start + match.end, match.id)
        (span,) = self.spans(np.array([match.start]), np.array([match.end]))
        return Match(int(span[0]), int(span[1]), match.id)

    def recut(self, pretokens: Pretokens) -> Stretch:
        """This stretch with the text that a pretokenizer made of it."""
        if pretokens.alignment is None:
            return self
        alignment = pretokens.alignment
        if self.alignment is not None:
            alignment = alignment.after(self.alignment)
        return Stretch(pretokens.data, self.start, alignment, self.first)


@dataclass(frozen=True, slots=True)
class Cutter:
    """The text side of a tokenizer for one choice of added tokens.

    Attributes:
        raw: finds added tokens in the input as it is, or None where none can occur.
        normalized: finds those that the file looks for in normalised text.
    """

    normalizer: Normalizer | None
    raw: AddedMatcher | None
    normalized: AddedMatcher | None

    @property
    def idle(self) -> bool:
        """Whether every input comes through in one stretch, for the core alone to change."""
        return self.whole and (self.normalizer is None or self.core is not None)

    @property
    def whole(self) -> bool:
        """Whether no added token is looked for, so that every input stays in one stretch."""
        return self.raw is None and self.normalized is None

    def normalize(self, data: bytes) -> bytes:
        """What the normalizer makes of ``data``."""
        return self._normalize(data, aligned=False)[0]

    @property
    def core(self) -> _native.Normalizer | None:
        """The normalizer in the core, where it is there."""
        native = getattr(self.normalizer, "native", None)
        return None if native is None else native()

    def stretches(self, data: bytes, *, aligned: bool) -> Iterator[Stretch | Match]:
        """Cut the input at added tokens; ``aligned`` asks for the way back to the input."""
        for begin, end, match in gaps(data, self.raw):
            if begin < end:
                yield from self._normalized(data[begin:end], begin, aligned)
            if match is not None:
                yield match

    def _normalized(self, data: bytes, start: int, aligned: bool) -> Iterator[Stretch | Match]:
        changed, alignment = self._normalize(data, aligned)
        whole = Stretch(changed, start, alignment, first=start == 0)
        for begin, end, match in gaps(changed, self.normalized):
            if begin < end:
                yield _part(whole, begin, end)
            if match is not None:
                yield whole.place(match)

    def _normalize(self, data: bytes, aligned: bool) -> tuple[bytes, Alignment | None]:
        if self.normalizer is None:
            return data, None
        if self.core is not None:
            return _normalize_natively(self.core, data, aligned)
        if not aligned:
            return map_valid(data, self.normalizer), None
        return align_valid(data, self.normalizer)


def gaps(data: bytes, matcher: AddedMatcher | None) -> Iterator[tuple[int, int, Match | None]]:
    """Ranges between matches, each with the match that ends it (None at the end)."""
    begin = 0
    for match in matcher.find(data) if matcher is not None else ():
        yield begin, match.start, match
        begin = match.end
    yield begin, len(data), None


def _part(whole: Stretch, begin: int, end: int) -> Stretch:
    if begin == 0 and end == len(whole.data):
        return whole
    data = whole.data[begin:end]
    first = whole.first and begin == 0
    if whole.alignment is None:
        return Stretch(data, whole.start + begin, None, first)
    part = Alignment(whole.alignment.starts[begin:end], whole.alignment.ends[begin:end])
    return Stretch(data, whole.start, part, first)


def _normalize_natively(
    core: _native.Normalizer, data: bytes, aligned: bool
) -> tuple[bytes, Alignment | None]:
    if not aligned:
        return core.normalize(data), None
    changed, starts, ends = core.align(data)
    return changed, Alignment(starts, ends)


def align_valid(data: bytes, normalizer: Normalizer) -> tuple[bytes, Alignment | None]:
    """Normalise what is valid UTF-8, and say where it came from; None where nothing changed."""
    pieces: list[bytes] = []
    starts: list[NDArray[np.int64]] = []
    ends: list[NDArray[np.int64]] = []
    for begin, end, valid in valid_stretches(data):
        piece, alignment = data[begin:end], Alignment.identity(end - begin)
        if valid:
            text, alignment = normalizer.align(piece.decode())
            piece = text.encode()
        pieces.append(piece)
        starts.append(alignment.starts + begin)
        ends.append(alignment.ends + begin)
    changed = b"".join(pieces)
    if changed == data:
        return data, None
    return changed, Alignment(np.concatenate(starts), np.concatenate(ends))


def segment_by_hand(
    cutter: Cutter, pretokenizer: Pretokenizer, segmenter: Segmenter, data: bytes
) -> list[int]:
    """Ids of ``data`` without the native core: the readable twin that it is held to."""
    ids: list[int] = []
    for part in cutter.stretches(data, aligned=False):
        if isinstance(part, Match):
            ids.append(part.id)
            continue
        pretokens = pretokenizer(part.data, first=part.first)
        for begin, end in zip(pretokens.starts.tolist(), pretokens.ends.tolist(), strict=True):
            ids += segmenter.segment(pretokens.data[begin:end])
    return ids
