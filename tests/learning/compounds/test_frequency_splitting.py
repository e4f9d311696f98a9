"""The search for the best cuts, held to trying all of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.learning.compounds.frequency_splitting import FrequencySplitter

COUNTS = Counter({"aktion": 852, "plan": 304, "aktionsplan": 10, "akt": 224, "ion": 1, "bahn": 40})


def test_the_example_of_the_paper() -> None:
    splitter = FrequencySplitter(COUNTS)
    assert splitter.split(["Aktionsplan", "aktion", "Bahnbahn", "zzz", ""]) == [
        ["Aktions", "plan"],
        ["aktion"],
        ["Bahn", "bahn"],
        ["zzz"],
        [""],
    ]


def all_ways(word: str, least: int) -> Iterator[list[str]]:
    yield [word]
    for cut in range(least, len(word) - least + 1):
        for rest in all_ways(word[cut:], least):
            yield [word[:cut], *rest]


def mean_log(parts: list[str], counts: Counter[str], least: int) -> float:
    logs = []
    for at, part in enumerate(parts):
        count = counts[part]
        if at < len(parts) - 1 and part.endswith("s") and len(part) > least:
            count = max(count, counts[part[:-1]])
        if not count:
            return -math.inf
        logs.append(math.log(count))
    return sum(logs) / len(logs)


@given(
    words=st.dictionaries(st.text("ab", min_size=2, max_size=4), st.integers(1, 99), max_size=12),
    word=st.text("abs", max_size=9),
)
def test_no_way_is_better(words: dict[str, int], word: str) -> None:
    counts = Counter(words)
    found = FrequencySplitter(counts, 2, ("s",)).split([word])[0]
    assert "".join(found) == word
    ways = [way for way in all_ways(word, 2) if len(way) <= 5]
    best = max(mean_log(way, counts, 2) for way in ways)
    assert mean_log(found, counts, 2) == pytest.approx(best)
