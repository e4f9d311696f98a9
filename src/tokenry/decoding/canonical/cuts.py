"""Where a splitter may cut between ids, for every id that may come and all that may follow it.

A splitter looks ahead, so a cut that stands after some text may be gone after more of it. What can
still become of a sequence is a set of plans: which of the bounds between its ids are cuts. Each is
found by trying: the splitter cuts the text with every id behind it, by `shape`, and every
continuation that `probes` names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.canonical.probes import probes
from tokenry.decoding.canonical.shapes import Shapes, named_signs, near_apostrophe
from tokenry.errors import UnsupportedError
from tokenry.text.parts import Pretokenizer

Plan = tuple[bool, ...]
Mask = NDArray[np.bool_]
BEFORE: Final = (b"\na", b"\n!", b"\n0", b"\n a\n", b"\n! ", b"\na ")
"""What may stand before a tried text so that a cut stands between."""
KEPT: Final = 1024


@dataclass(frozen=True)
class CutFollowers:
    """The ids that a plan lets follow, shape (ids,).

    Attributes:
        cut: those before which a cut may stand.
        uncut: those before which none may.
    """

    cut: Mask
    uncut: Mask


@dataclass(frozen=True)
class _Shapes:
    """The shapes of all pieces: texts, and the number of the text of each id (-1: none)."""

    texts: tuple[bytes, ...]
    of_id: NDArray[np.int64]

    def spread(self, found: Mask) -> Mask:
        """What was found for shapes, by id."""
        return np.append(found, False)[self.of_id]


class Cuts:
    """What a splitter does to sequences of ids.

    Args:
        pretokenizer: the splitter.
        pieces: bytes by id; None for ids that are never written.
        by_shape: try one of the pieces of a shape for all; False tries every piece, which is slow.
    """

    def __init__(
        self, pretokenizer: Pretokenizer, pieces: Sequence[bytes | None], *, by_shape: bool = True
    ) -> None:
        # What is dropped has no id, so nothing that is tried here is.
        self._splitter: Pretokenizer = getattr(pretokenizer, "pretokenizer", pretokenizer)
        self._pieces = pieces
        shapes = Shapes(named_signs(self._splitter))
        self._shape = shapes.of if by_shape else lambda text, after_apostrophe=False: text
        self.never = getattr(self._splitter, "native", None) == "whole"
        self._shapes = lru_cache(2)(self._find_shapes)
        self._plans = lru_cache(KEPT)(self._find_plans)

    def plans(self, ids: Sequence[int]) -> dict[Plan, CutFollowers]:
        """Plans of the bounds between ids that begin at a cut, each with what may follow it."""
        pieces = [self._pieces[id_] or b"" for id_ in ids]
        near = near_apostrophe(b"".join(pieces))
        shapes, at = [], b""
        for piece in pieces:
            shapes.append(self._shape(piece, near_apostrophe(at)))
            at = at + piece
        found = self._plans(tuple(shapes), near)
        return {
            plan: CutFollowers(
                self._shapes(near).spread(one.cut), self._shapes(near).spread(one.uncut)
            )
            for plan, one in found.items()
        }

    def alone(self, ids: Sequence[int]) -> Plan | None:
        """The plan of ids that nothing follows; None where a cut falls inside of one."""
        pieces = [self._pieces[id_] or b"" for id_ in ids]
        bounds = list(accumulate(map(len, pieces)))
        marks = self._cut(b"".join(pieces))
        plan = tuple(marks[bounds[:-1]].tolist())
        marks[[0, *bounds]] = False
        return None if marks.any() else plan

    def places(self, text: bytes) -> list[int]:
        """Where a text is cut, its ends left out."""
        found: list[int] = np.flatnonzero(self._cut(text)[:-1]).tolist()
        return [place for place in found if place]

    def _find_shapes(self, near: bool) -> _Shapes:
        numbers: dict[bytes, int] = {}
        of_id = [
            numbers.setdefault(self._shape(piece, near), len(numbers)) if piece else -1
            for piece in self._pieces
        ]
        return _Shapes(tuple(numbers), np.array(of_id, np.int64))

    def _find_plans(self, pieces: tuple[bytes, ...], near: bool) -> dict[Plan, CutFollowers]:
        texts = self._shapes(near).texts
        whole = b"".join(pieces)
        bounds = list(accumulate(map(len, pieces)))[:-1]
        tried = [
            (number, len(text), whole + text + probe)
            for number, text in enumerate(texts)
            for probe in probes((whole + text)[-16:])
        ]
        numbers, widths = (np.array([each[side] for each in tried], np.int64) for side in (0, 1))
        marks = self._marks([text for _, _, text in tried])
        fits = _cut_only_at(marks, [0, *bounds, len(whole)], len(whole) + widths)
        found: dict[Plan, CutFollowers] = {}
        numbered = marks[:, bounds] @ (1 << np.arange(len(bounds)))
        for plan in np.unique(numbered[fits]).tolist():
            rows = np.flatnonzero(fits & (numbered == plan))
            cut, uncut = np.zeros((2, len(texts)), np.bool_)
            cut[numbers[rows[marks[rows, len(whole)]]]] = True
            uncut[numbers[rows[~marks[rows, len(whole)]]]] = True
            found[tuple(bool(plan >> at & 1) for at in range(len(bounds)))] = CutFollowers(
                cut, uncut
            )
        return found

    def _marks(self, texts: list[bytes]) -> Mask:
        """Where the splitter cuts each text, shape (texts, longest + 1); all begin at a cut.

        They are cut as one text, behind each other, which takes a tenth of the time; those at whose
        beginning no cut stands there are cut alone.
        """
        length = max(map(len, texts))
        for before in BEFORE:
            starts = np.cumsum([0, *(len(before) + len(text) for text in texts)])[:-1] + len(before)
            cuts = self._cut(b"".join([before + text for text in texts]) + before)
            marks = cuts[np.minimum(starts[:, None] + np.arange(length + 1), len(cuts) - 1)]
            alone = np.flatnonzero(~marks[:, 0])
            if len(alone) <= len(texts) // 10:
                break
        for at in alone.tolist():
            own = self._cut(texts[at])
            marks[at] = False
            marks[at, : len(own)] = own
        return marks

    def _cut(self, text: bytes) -> Mask:
        """Whether a cut stands at each place of a text, its end included."""
        pretokens = self._splitter(text, first=False)
        if pretokens.data != text:
            raise UnsupportedError(
                f"{type(self._splitter).__name__} changes text as it cuts it, so texts cannot be "
                'cut byte by byte; ask for target="all"'
            )
        marks = np.zeros(len(text) + 1, np.bool_)
        marks[pretokens.starts] = marks[pretokens.ends] = marks[0] = True
        return marks


def _cut_only_at(marks: Mask, places: list[int], ends: NDArray[np.int64]) -> Mask:
    """Which texts are cut nowhere before ``ends`` but at ``places``."""
    elsewhere = marks.copy()
    elsewhere[:, places] = False
    elsewhere &= np.arange(marks.shape[1]) < ends[:, None]
    found: Mask = np.logical_not(elsewhere.any(1))
    return found
