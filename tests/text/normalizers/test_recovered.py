"""Where words that another program made of a text came from."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tokenry.text.normalizers.recovered import UNSEEN, matches, recovered


def cut(text: str, words: list[str], separator: str = " ") -> list[str]:
    """What of the text each word stands for."""
    joined, alignment = recovered(text, words, separator)
    assert joined == separator.join(words)
    assert len(alignment.starts) == len(alignment.ends) == len(joined.encode())
    data, found, at = text.encode(), [], 0
    for word in words:
        size = len(word.encode())
        ((begin, end),) = alignment.spans(np.array([at]), np.array([at + size]))
        found.append(data[begin:end].decode())
        at += size + len(separator.encode())
    return found


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("can't, OK", ["can", "&apos;t", ",", "ok"], ["can", "'t", ",", "OK"]),
        ("well-known", ["well", "@-@", "known"], ["well", "-", "known"]),
        ("(\u00c9t\u00e9\u2026)", ["(", "ete", "...", ")"], ["(", "\u00c9t\u00e9", "\u2026", ")"]),
        ("e\u0301 \uff21", ["e", "a"], ["e\u0301", "\uff21"]),
        ("see https://a.b/c?d now", ["see", "HTTPURL", "now"], ["see", "https://a.b/c?d", "now"]),
        ("a  b", ["a", " ", "b"], ["a", "", "b"]),
        ("", [], []),
        ("ab", [], []),
        ("", ["x", "y"], ["", ""]),
    ],
)
def test_words(text: str, words: list[str], expected: list[str]) -> None:
    assert cut(text, words) == expected


def test_words_with_spaces() -> None:
    assert cut("a b c", ["a b", " ", "c"], UNSEEN) == ["a b", "", "c"]


@pytest.mark.parametrize("seed", range(4))
def test_what_was_dropped_or_put_in(seed: int) -> None:
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefgh", k=draw.randint(1, 6))) for _ in range(400)]
    kept = [word for word in words if draw.random() < 0.9]
    long = " ".join(words[:200]) + " " + "?" * 900 + " " + " ".join(words[200:])
    assert cut(long, words) == words
    found = cut(" ".join(words), kept)
    assert sum(a == b for a, b in zip(found, kept, strict=True)) > 0.9 * len(kept)


def test_repetitions_stay_in_step() -> None:
    assert cut("Is it so? " * 300, ["is", "it", "so", "?"] * 300) == ["Is", "it", "so", "?"] * 300


@pytest.mark.parametrize("seed", range(3))
def test_matches_ascend(seed: int) -> None:
    draw = random.Random(seed)
    for size in (5, 60, 900):
        old, new = ("".join(draw.choices("abcde", k=draw.randint(0, size))) for _ in range(2))
        pairs = [*matches(old, new)]
        assert all(old[at] == new[place] for at, place in pairs)
        assert pairs == sorted(set(pairs))
        assert len({at for at, _ in pairs}) == len({place for _, place in pairs}) == len(pairs)
