"""The encodings of one call, in arrays; lists are made for all of them when one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.compat.huggingface.frame import Frame, Gap
from tokenry.compat.huggingface.layout import Padding, Truncation
from tokenry.compat.huggingface.sequence import Batch

NO_PLACE = (0, 0)
NO_PADDING = Padding(id=0, type_id=0, token="", left=False, length=None, multiple=0)
# The space of the byte-level alphabet, and what Rust calls white space.
_BLANK = (
    "\u0120\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


@dataclass(frozen=True, slots=True)
class Call:
    """What all encodings of one call share.

    Attributes:
        frame: what stands around the sequences.
        truncation: how they were cut; None for not.
        padding: how they are padded; None for not.
        spell: the token of an id.
        odd: ids whose token may be spelled otherwise in a text.
    """

    frame: Frame
    truncation: Truncation | None
    padding: Padding | None
    spell: Callable[[int], str | None]
    odd: frozenset[int]


class Sheet:
    """Rows of tokens, each a window of one or two sequences with what stands around them.

    Args:
        call: what they share.
        batch: the sequences.
        first: which sequence of the batch the first of the first row is.
        begins: where the window of each sequence of each row begins in the batch, shape (n, k).
        ends: where it ends, shape (n, k).
        width: the length that rows are padded to.
    """

    def __init__(
        self,
        call: Call,
        batch: Batch,
        first: int,
        begins: NDArray[np.int64],
        ends: NDArray[np.int64],
        width: int = 0,
    ) -> None:
        self.call, self.batch, self.width = call, batch, width
        self._first, self._begins, self._ends = first, begins, ends
        # A list is handed out once and then made anew, as its owner may change it.
        self._made: dict[str, dict[int, Any]] = {}

    def __len__(self) -> int:
        return len(self._begins)

    @property
    def sequences(self) -> int:
        """How many each row has."""
        return int(self._begins.shape[1])

    def sequence(self, row: int, k: int) -> int:
        """Which sequence of the batch it is."""
        return self._first + row * self.sequences + k

    def window(self, row: int, k: int) -> tuple[int, int]:
        """Which tokens of a sequence a row has, counted from its first."""
        base = int(self.batch.bounds[self.sequence(row, k)])
        return int(self._begins[row, k]) - base, int(self._ends[row, k]) - base

    @cached_property
    def sizes(self) -> list[int]:
        """How many tokens each row has without padding."""
        sums = (self._ends - self._begins).sum(1) + self.call.frame.added
        return sums.tolist()  # type: ignore[no-any-return]

    def part(self, row: int, windows: tuple[tuple[int, int], ...]) -> Sheet:
        """A row alone, with other windows of its sequences."""
        first = self.sequence(row, 0)
        bases = self.batch.bounds[first : first + self.sequences]
        places = np.array(windows, np.int64).T[:, None] + bases
        return Sheet(self.call, self.batch, first, places[0], places[1], self.width)

    def row(self, kind: str, at: int) -> list[Any]:
        """A list of its own with what ``kind`` names of each token of a row."""
        if kind not in self._made:
            self._made[kind] = dict(enumerate(getattr(self, f"_{kind}")()))
        made: list[Any] | None = self._made[kind].pop(at, None)
        return self._alone(at).row(kind, 0) if made is None else made

    def _alone(self, row: int) -> Sheet:
        rows = slice(row, row + 1)
        begins, ends = self._begins[rows], self._ends[rows]
        return Sheet(self.call, self.batch, self.sequence(row, 0), begins, ends, self.width)

    # All rows of a kind

    @property
    def _padding(self) -> Padding:
        return self.call.padding or NO_PADDING

    def _around(self, gap: Callable[[Gap], list[Any]], filler: Any) -> tuple[Any, ...]:
        """What follows the values in every call of the core."""
        gaps = [gap(each) for each in self.call.frame.gaps]
        return self._begins, self._ends, gaps, self.width, filler, self._padding.left

    def _constant(self, values: list[Any], *around: Any) -> list[list[Any]]:
        return _native.constant_rows(values, *self._around(*around))

    def _ids(self) -> list[list[int]]:
        around = self._around(lambda gap: gap.ids, self._padding.id)
        return _native.number_rows(self.batch.run, *around)

    def _attention_mask(self) -> list[list[int]]:
        return self._constant([1] * self.sequences, lambda gap: [1] * len(gap.ids), 0)

    def _type_ids(self) -> list[list[int]]:
        kinds = [*self.call.frame.type_ids]
        return self._constant(kinds, lambda gap: gap.type_ids, self._padding.type_id)

    def _special_tokens_mask(self) -> list[list[int]]:
        return self._constant([0] * self.sequences, lambda gap: [1] * len(gap.ids), 1)

    def _sequence_ids(self) -> list[list[int | None]]:
        filler = None if self.call.frame.ranged or self.sequences > 1 else 0
        return self._constant([*range(self.sequences)], lambda gap: [None] * len(gap.ids), filler)

    def _offsets(self) -> list[list[tuple[int, int]]]:
        found = self.batch.found
        if found is None:
            return [self._asked_offsets(row) for row in range(len(self))]
        around = self._around(lambda gap: [NO_PLACE] * len(gap.ids), NO_PLACE)
        rows = _native.pair_rows(found.starts, found.ends, *around)
        for row in range(len(self)) if found.missing else ():
            if any(self.sequence(row, k) in found.missing for k in range(self.sequences)):
                rows[row] = self._asked_offsets(row)
        if self.batch.keeps_first_space:
            for row, laid in enumerate(rows):
                self._keep_first_spaces(row, laid)
        return rows

    def _asked_offsets(self, row: int) -> list[tuple[int, int]]:
        """Those of a row of which tokenizers knows one sequence, or all."""
        return self._laid(
            row,
            lambda k: self.batch.theirs(self.sequence(row, k)).offsets,
            lambda gap: [NO_PLACE] * len(gap.ids),
            NO_PLACE,
        )

    def _keep_first_spaces(self, row: int, laid: list[tuple[int, int]]) -> None:
        """Give the first token of a window that begins within a text its one space back."""
        at = max(0, self.width - self.sizes[row]) if self._padding.left else 0
        for k, gap in enumerate(self.call.frame.gaps[:-1]):
            at += len(gap.ids)
            begin, end = self.window(row, k)
            if 0 < begin < end:
                id_ = int(self.batch.run[self._begins[row, k]])
                laid[at] = self._untrimmed(id_, *laid[at])
            at += end - begin

    def _untrimmed(self, id_: int, start: int, end: int) -> tuple[int, int]:
        token = self.call.spell(id_) or ""
        blanks = len(token) - len(token.lstrip(_BLANK))
        if blanks != 1 or start == 0:
            return start, end
        return start - 1, end - 1 if start == end else end

    # Rows that are made one by one

    def _tokens(self) -> list[list[str]]:
        tokens = self._padding.token
        return [
            self._laid(row, self._speller(row), lambda gap: gap.tokens, tokens)
            for row in range(len(self))
        ]

    def _word_ids(self) -> list[list[int | None]]:
        def words(row: int) -> Callable[[int], list[int | None]]:
            return lambda k: self.batch.words(self.sequence(row, k))

        return [
            self._laid(row, words(row), lambda gap: [None] * len(gap.ids), None)
            for row in range(len(self))
        ]

    def _speller(self, row: int) -> Callable[[int], list[str]]:
        def spelled(k: int) -> list[str]:
            at = self.sequence(row, k)
            ids = self.batch.run[self.batch.bounds[at] : self.batch.bounds[at + 1]].tolist()
            if not self.call.odd.isdisjoint(ids):
                return self.batch.theirs(at).tokens  # type: ignore[no-any-return]
            return [self.call.spell(id_) or "" for id_ in ids]

        return spelled

    def _laid(
        self,
        row: int,
        of: Callable[[int], list[Any]],
        gap: Callable[[Gap], list[Any]],
        filler: Any,
    ) -> list[Any]:
        """Specials, windows of what ``of`` gives for each sequence, and padding in their order."""
        first, *others = self.call.frame.gaps
        laid = [*gap(first)]
        for k, behind in enumerate(others):
            begin, end = self.window(row, k)
            laid += of(k)[begin:end]
            laid += gap(behind)
        fill = [filler] * (self.width - len(laid))
        return fill + laid if self._padding.left else laid + fill
