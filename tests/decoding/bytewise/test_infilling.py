"""A middle has the probability that enumerating ids across the end of the prefix gives."""

from __future__ import annotations

import numpy as np
import pytest

from enumerated_texts import EnumeratedTexts, byte_pairs, listed
from tokenry.decoding.bytewise import ByteModel, FillFormat, Infilling
from tokenry.errors import ModelError
from tokenry.models import Enumerable

ALPHABET = (b"a", b"b", b" ")
MERGES = ((b"a", b"b"), (b" ", b"a"), (b"ab", b"a"))


def infilling(*, suffix_first: bool) -> tuple[Infilling, Enumerable, int]:
    tokenizer = byte_pairs("gpt2", MERGES, ALPHABET)
    size = len(tokenizer.vocabulary)
    table = Enumerable.drawn(size + 5, order=1, seed=2, spread=1.2)
    model = ByteModel(table, tokenizer, begin=[table.begin], ends=[table.end])
    return Infilling(model, FillFormat(size, size + 1, size + 2, suffix_first)), table, size


@pytest.mark.parametrize("suffix_first", [True, False])
def test_the_next_byte_is_that_of_the_enumeration(suffix_first: bool) -> None:
    """The table looks one id back, so that what stands before the middle's mark does not matter."""
    filling, table, size = infilling(suffix_first=suffix_first)
    tokenizer = filling.model.tokenizer
    moved = np.array(table.table)
    moved[table.begin] = moved[size + 2]  # as if every text followed the mark
    oracle = EnumeratedTexts(
        Enumerable(moved, table.begin, table.end), tokenizer, listed(tokenizer, 7, ALPHABET)
    )
    # ``b `` is certain in ``b a``: a cut follows it whatever comes
    for prefix, read in ((b"", b""), (b"a", b"a"), (b"b", b"b"), (b"b a", b" a"), (b"ab", b"ab")):
        start = prefix if suffix_first else read
        found = np.exp(filling.lanes(prefix, b"ba").logprobs()[0])
        np.testing.assert_allclose(found, oracle.next_bytes(start), atol=1e-9)
        whole = oracle.whole(start + b"b") / oracle.mass(start)
        assert abs(np.exp(filling.logprob(prefix, b"b", b"ba")) - whole) < 1e-9
    first = bytes(filling.stream(b"b a", b"ba", max_bytes=4, seed=1))
    assert first == bytes(filling.stream(b"b a", b"ba", max_bytes=4, seed=1))


def test_formats_are_known_by_the_names_of_specials() -> None:
    filling, *_ = infilling(suffix_first=False)
    with pytest.raises(ModelError, match="no specials to fill in with"):
        FillFormat.of(filling.model.tokenizer)
