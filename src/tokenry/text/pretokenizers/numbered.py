"""A pretokenizer whose numbers are cut by a policy, by the core where it knows the splitter."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.text.parts import Pretokenizer, Pretokens
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.number_policies import REST, SIGN, NumberPolicy
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import byte_offsets


def numbered(pretokenizer: Pretokenizer, policy: NumberPolicy) -> Pretokenizer:
    """``pretokenizer`` with its numbers cut by ``policy``, whatever policy it had."""
    if pretokenizer.unnumbered is not None:
        return NumberedPretokenizer(pretokenizer.unnumbered, policy)
    if pretokenizer.native is not None:
        return NativePretokenizer(f"{pretokenizer.native.partition('+')[0]}+{policy.name}")
    return NumberedPretokenizer(pretokenizer, policy)


@saved_as("numbers.NumberedPretokenizer")
@dataclass(frozen=True, slots=True)
class NumberedPretokenizer(Pretokenizer):
    """A pretokenizer whose numbers are cut by a policy.

    Where the core knows the splitter of ``base``, it does the whole; what is here is the readable
    twin, and what serves any other base.
    """

    base: Pretokenizer
    policy: NumberPolicy

    @property
    def native(self) -> str | None:
        """The native splitter that does the same, if there is one."""
        name = self.base.native
        if name is None or "+" in name:
            return None
        return f"{name}+{self.policy.name}"

    @property
    def unnumbered(self) -> Pretokenizer:
        """The pretokenizer without the policy."""
        return self.base

    @property
    def lossless(self) -> bool:
        """Whether all text is in pretokens, as it was."""
        return self.base.lossless

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; ``first`` says that it stands at the beginning of the input."""
        cut = self.base(data, first=first)
        matches = _matches(self.policy, cut.data)
        begins, ends = _marks(cut.starts, len(cut.data)), _marks(cut.ends, len(cut.data))
        covered = np.cumsum(begins.astype(np.int64) - ends) > 0  # by byte
        dropped = begins & ends & _inside(matches, len(cut.data))
        begins &= ~dropped
        ends &= ~dropped
        edges = matches.reshape(-1)
        edges = edges[(edges > 0) & (edges < len(cut.data))]
        edges = edges[covered[edges - 1] & covered[edges]]
        begins[edges] = ends[edges] = True
        starts = np.flatnonzero(begins).astype(np.uint64)
        return Pretokens(cut.data, starts, np.flatnonzero(ends).astype(np.uint64), cut.alignment)

    def safe_boundaries(self, data: bytes) -> NDArray[np.uint64]:
        """Places where ``data`` can be encoded in two parts: the ids are those of the whole.

        They are cuts of the whole that the text before them, alone, and the text after them, alone,
        have too. A stream that keeps what follows the last of them and goes on from there gives the
        ids of the whole, provided that its last number has ended where the policy `needs_end`.
        """
        cut = self(data)
        starts, ends = cut.starts.tolist(), cut.ends.tolist()
        safe = []
        for i, end in enumerate(ends[:-1]):
            again = self(data[starts[max(0, i - 2)] : end])
            unmoved = len(again.ends) >= 2 or i == 0
            alike = unmoved and int(again.starts[-1]) + starts[max(0, i - 2)] == starts[i]
            if alike and self.policy.safe(data, end) and not self._joins(data, end, ends[i + 1]):
                safe.append(end)
        return np.array(safe, dtype=np.uint64)

    def _joins(self, data: bytes, start: int, end: int) -> bool:
        """Whether the pretoken ``data[start:end]`` is another one at the beginning of a text."""
        following = self(data[start:])
        return int(following.ends[0]) != end - start


def _marks(places: NDArray[np.uint64], size: int) -> NDArray[np.bool_]:
    marks = np.zeros(size + 1, dtype=np.bool_)
    marks[places] = True
    return marks


@functools.cache
def _found(signs: bool) -> Any:
    import regex  # takes longer to import than a tokenizer to load

    return regex.compile(rf"{SIGN}|\p{{Nd}}+|{REST}" if signs else rf"\p{{Nd}}+|{REST}")


def _inside(ranges: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Whether each place is within one of the ranges and not at its edge."""
    steps = np.zeros(size + 2, dtype=np.int64)
    steps[ranges[:, 0] + 1] += 1
    np.subtract.at(steps, ranges[:, 1], 1)
    inside: NDArray[np.bool_] = np.cumsum(steps)[: size + 1] > 0
    return inside


def _matches(policy: NumberPolicy, data: bytes) -> NDArray[np.int64]:
    """Byte ranges of the pretokens of numbers, shape (n, 2)."""
    text = data.decode("utf-8", "surrogateescape")
    spans: list[tuple[int, int]] = []
    for match in _found(policy.signs).finditer(text):
        start, stop = match.span()
        is_sign = text[start] in "+-\u2212"
        spans += [(start, stop)] if is_sign else _groups(policy, text, start, stop)
    return byte_offsets(text)[np.array(spans, dtype=np.int64).reshape(-1, 2)]


def _groups(policy: NumberPolicy, text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """The groups of the digits, or of the one other numeral, ``text[start:stop]``."""
    size = 1 if policy.grouping == "single" else policy.group
    fraction = policy.grouping == "place" and text[start - 1 : start] == "."
    from_left = policy.grouping in ("single", "l2r") or fraction
    odd = 0 if from_left else (stop - start) % size
    cuts = [start, *range(start + odd, stop, size)] if odd else range(start, stop, size)
    return list(pairwise([*cuts, stop]))
