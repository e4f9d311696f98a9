"""Stretches of a file under the numbers of their texts."""

from __future__ import annotations

import numpy as np
import pytest

from tests.shares import draw
from tokenry import _native
from tokenry.domains.code.spans import Spans


def test_numbers_are_as_a_dictionary_gives_them() -> None:
    chance = draw("stretches of a program")
    data = bytes(chance.choices(b"ab", k=400)) + b"one long name, one long name"
    begins = [chance.randrange(len(data)) for _ in range(3_000)]
    ends = [chance.randrange(len(data) + 1) for _ in begins]
    found = Spans.of(data, np.array(begins), np.array(ends))
    known: dict[bytes, int] = {}
    texts = [data[begin:end] for begin, end in zip(begins, ends, strict=True)]
    assert found.numbers.tolist() == [known.setdefault(text, len(known)) for text in texts]
    assert found.texts == [*known]
    assert found[np.array([5, 0])] == [texts[5], texts[0]]


def test_no_stretches() -> None:
    found = Spans.of(b"", np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert (found.numbers.tolist(), found.texts) == ([], [])


@pytest.mark.parametrize(("begin", "end"), [(-1, 2), (2, 1), (0, 4)])
def test_stretches_outside_of_the_file(begin: int, end: int) -> None:
    with pytest.raises(ValueError, match="does not lie in the file"):
        _native.number_spans(b"abc", np.array([begin]), np.array([end]))
