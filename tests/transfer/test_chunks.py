"""Alignment by byte offsets, against what alignment is by definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_tokenizers import learned
from tokenry.learning import learn
from tokenry.spans import Spans
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer.chunks import ChunkAlignment, align, align_spans, changed_share


@pytest.fixture(scope="module")
def bytewise() -> Tokenizer:
    return learn(["abc"], vocab_size=256)


@pytest.fixture(scope="module")
def normalising() -> Tokenizer:
    """A tokenizer whose normaliser joins, splits and drops characters."""
    import tokenizers
    from tokenizers import normalizers

    made = learned()
    changed = tokenizers.Tokenizer.from_str(made.to_str())
    changed.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace("zz", "")]
    )
    return load(changed)


TEXT = st.text(st.sampled_from("aAbz é\u0301ﬁ中文🙂\n1½Å\u200d0"), max_size=30) | st.text(
    max_size=20
)


@settings(max_examples=60)
@given(text=TEXT)
def test_chunks_are_the_finest(
    text: str, old: Tokenizer, new: Tokenizer, bytewise: Tokenizer, normalising: Tokenizer
) -> None:
    for first, second in ((old, new), (old, bytewise), (normalising, new), (bytewise, normalising)):
        found = align(text, first, second)
        check_whole(found, first.encode_with_spans(text)[1], second.encode_with_spans(text)[1])
        if first.lossless and second.lossless:
            assert found.ends.tolist() == shared_ends(text, first, second)


def check_whole(found: ChunkAlignment, first: Spans, second: Spans) -> None:
    """Every token is in one chunk, and none reaches into a later chunk's bytes."""
    assert found.first[0] == found.second[0] == 0
    assert (found.first[-1], found.second[-1]) == (len(first), len(second))
    assert (np.diff(found.first) >= 0).all()
    assert (np.diff(found.second) >= 0).all()
    for at, (one, two) in enumerate(found):
        for spans in (first[one], second[two]):
            filled = spans[spans[:, 1] > spans[:, 0]]
            assert (filled[:, 1] <= found.ends[at]).all()
            assert at == 0 or (filled[:, 0] >= found.ends[at - 1]).all()


def shared_ends(text: str, first: Tokenizer, second: Tokenizer) -> list[int]:
    ends = [set(each.encode_with_spans(text)[1][:, 1].tolist()) for each in (first, second)]
    return sorted(ends[0] & ends[1])


def test_specials_put_nothing_out_of_step(old: Tokenizer, new: Tokenizer) -> None:
    """The complaint: a BOS on one side put the whole sequence into one group."""
    text = "the quick brown fox"
    first = old.encode_with_spans(text)[1]
    with_bos = np.concatenate([[[0, 0]], first])
    plain = align_spans(first, new.encode_with_spans(text)[1])
    found = align_spans(with_bos, new.encode_with_spans(text)[1])
    assert found.ends.tolist() == plain.ends.tolist()
    assert found.first.tolist() == [0, *(plain.first[1:] + 1).tolist()]


def test_a_character_that_is_cut(bytewise: Tokenizer, new: Tokenizer) -> None:
    """The complaint: a split multi-byte character did the same."""
    text = "a🙂b c"
    found = align(text, bytewise, new)
    assert found.ends.tolist() == shared_ends(text, bytewise, new)
    assert len(found) > 2


def test_dropped_text() -> None:
    """Bytes that one side drops belong to either neighbour."""
    first = np.array([[0, 1], [1, 2], [2, 3]])  # "a", " ", "b"
    second = np.array([[0, 1], [2, 3]])  # "a", "b"
    found = align_spans(first, second)
    assert found.first.tolist() == [0, 1, 3] or found.first.tolist() == [0, 2, 3]
    assert found.second.tolist() == [0, 1, 2]


def test_nothing() -> None:
    none = np.zeros((0, 2), np.int64)
    assert len(align_spans(none, none)) == 0
    assert changed_share(align_spans(none, none)) == 0
    one = align_spans(np.array([[0, 3]]), none)
    assert (len(one), one.first.tolist(), one.second.tolist()) == (1, [0, 1], [0, 0])


def test_changed_share(old: Tokenizer, bytewise: Tokenizer) -> None:
    assert changed_share(align("the end", old, old)) == 0
    assert changed_share(align("the end", old, bytewise)) > 0.5
