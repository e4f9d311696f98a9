"""Prompt look-up: what followed the same ids earlier in the text.

Source: Saxena 2023, "Prompt Lookup Decoding"; Yang et al. 2023, "Inference with Reference",
arXiv:2304.04487. The longest run of last ids that stood earlier in the text is looked for, its last
occurrence is taken, and what followed it there is drafted as a chain. It costs no model and pays
where a text repeats its prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry.decoding.generation.draft_tree import DraftTree
from tokenry.decoding.generation.drafter import OneEach, Setting


@dataclass(frozen=True)
class Lookup:
    """Drafts from the text itself.

    Attributes:
        longest: ids that are looked for at most.
        length: ids that are drafted at most.
    """

    longest: int = 3
    length: int = 10

    def session(self, setting: Setting) -> LookedUp:
        """Begin a run."""
        return LookedUp(self, setting)


class LookedUp(OneEach["OccurrenceIndex"]):
    """A session of `Lookup`."""

    def __init__(self, how: Lookup, setting: Setting) -> None:
        super().__init__(OccurrenceIndex(how.longest) for _ in setting.sources)
        self.how = how

    def tree(self, own: OccurrenceIndex, text: Sequence[int]) -> DraftTree:
        """What followed the last ids where they stood before."""
        after = own.find(text)
        return DraftTree.chain([] if after is None else text[after : after + self.how.length])


class OccurrenceIndex:
    """Where runs of ids ended last in a text that grows."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self._ends: dict[tuple[int, ...], int] = {}
        self._seen = 0

    def find(self, text: Sequence[int]) -> int | None:
        """The place behind the last earlier occurrence of the longest run of last ids."""
        for end in range(self._seen + 1, len(text)):
            for length in range(1, min(self.longest, end) + 1):
                self._ends[tuple(text[end - length : end])] = end
        self._seen = max(self._seen, len(text) - 1)
        lengths = range(min(self.longest, len(text)), 0, -1)
        ends = (self._ends.get(tuple(text[len(text) - length :])) for length in lengths)
        return next((end for end in ends if end is not None), None)
