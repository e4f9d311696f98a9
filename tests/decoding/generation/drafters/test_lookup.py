"""Prompt look-up: the longest run of last ids, its last occurrence, what followed it."""

from __future__ import annotations

from shares import draw
from tokenry.decoding.generation.drafters.lookup import OccurrenceIndex


def searched(text: list[int], longest: int) -> int | None:
    """The same by looking at every place."""
    for length in range(min(longest, len(text)), 0, -1):
        for end in range(len(text) - 1, length - 1, -1):
            if text[end - length : end] == text[-length:]:
                return end
    return None


def test_it_finds_what_a_search_finds() -> None:
    source = draw("lookup")
    for _ in range(30):
        index, text = OccurrenceIndex(3), [source.randrange(5)]
        while len(text) < 40:
            assert index.find(text) == searched(text, 3)
            text += [source.randrange(5) for _ in range(source.randrange(1, 4))]
