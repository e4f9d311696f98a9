"""Marks of programs against their readable twin, and writing them again."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from made import MADE
from program_twin import mark

from shares import draw, share
from tokenry.domains.code import words
from tokenry.domains.code.grammars import KINDS, LANGUAGES

LETTERS = [b"f", b"g", b"x", b"if", b"IF", b"If", b"(", b"[", b"\n", b"12", b"end", b";"]
GAPS = [b"", b" ", b"\n", b"\n  ", b"\n    ", b"\n\t", b" // note\n  ", b"\n\n    "]


def drawn(chance: random.Random) -> tuple[bytes, list[tuple[int, int, int]]]:
    """A file that is none of a language, with leaves of any kind."""
    data, leaves = b"", []
    for _ in range(chance.randint(0, 60)):
        data += chance.choice(GAPS)
        text = chance.choice(LETTERS) + chance.choice([b"", b"", b"%d" % chance.randrange(400)])
        kind = chance.randrange(len(KINDS) + 1)
        leaves.append((len(data), len(data) + len(text), kind))
        data += text
    return data + chance.choice(GAPS), leaves


def marked(data: bytes, leaves: list[tuple[int, int, int]], language: str) -> dict[str, Any]:
    begins, ends, kinds = np.array(leaves, np.int64).reshape(-1, 3).T
    number = [*LANGUAGES].index(language)
    arrays = np.ascontiguousarray(begins), np.ascontiguousarray(ends), kinds.astype(np.uint8)
    return words.native().mark(data, number, False, *arrays)


def written(found: dict[str, Any]) -> bytes:
    return words.native().write(
        *(found[name] for name in ("marks", "places", "run", "counts", "sizes", "names")),
        *(found[name] for name in ("skips", "gaps", "spaces", "capitals")),
    )


def texts(found: dict[str, Any], sizes: str, content: str) -> list[bytes]:
    ends = np.cumsum(np.append(0, found[sizes])).tolist()
    return [found[content][begin:end] for begin, end in pairwise(ends)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_are_those_of_the_twin(language: str) -> None:
    chance = draw(f"marks {language}")
    for _ in range(share(400)):
        data, leaves = drawn(chance)
        found, expected = marked(data, leaves, language), mark(data, leaves, language)
        assert found["marks"].tolist() == expected.marks
        assert found["counts"].tolist() == [len(each) for each in expected.names]
        assert texts(found, "sizes", "names") == [name for row in expected.names for name in row]
        assert found["skips"].tolist() == expected.skips
        assert texts(found, "gaps", "spaces") == expected.gaps
        assert found["capitals"].tolist() == expected.capitals
        if expected.skips:
            assert written(found) == data


def test_programs_are_written_as_they_were() -> None:
    chance = draw("programs")
    for _ in range(share(100)):
        data = MADE["code"](chance)
        for number in range(len(LANGUAGES)):
            found = words.native().read(data, number, False)
            assert written(found) == data


def test_gaps_are_foretold_from_those_before() -> None:
    gaps = [b"", b"\n  ", b"\n    ", b"\n      "]
    data = b"".join(gap + b"x" for gap in gaps)
    ends = np.cumsum([len(gap) + 1 for gap in gaps]).tolist()
    found = marked(data, [(end - 1, end, 0) for end in ends], "c")
    assert texts(found, "gaps", "spaces") == [b"\n  "]
    assert written(found) == data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"counts": np.full(12, 5)}, "counts do not add up"),
        ({"sizes": np.array([-1])}, "sizes do not add up"),
        ({"gaps": np.array([99])}, "sizes do not add up"),
        ({"skips": np.array([], np.int64)}, "not as many"),
        ({"skips": np.array([10**6])}, "more gaps are said"),
        ({"capitals": np.array([10**6])}, "in capitals"),
    ],
)
def test_what_stands_aside_is_checked(change: dict[str, Any], message: str) -> None:
    found = marked(b"x \n y", [(0, 1, 0), (4, 5, 0)], "c")
    assert written(found) == b"x \n y"
    with pytest.raises(ValueError, match=message):
        written(found | change)


@pytest.mark.parametrize("leaves", [[(0, 2, 0), (1, 3, 0)], [(0, 9, 0)], [(2, 1, 0)], [(0, 1, 13)]])
def test_leaves_that_lie_elsewhere_are_refused(leaves: list[tuple[int, int, int]]) -> None:
    with pytest.raises(ValueError, match="leaf"):
        marked(b"abc", leaves, "c")
