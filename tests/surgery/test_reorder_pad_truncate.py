"""Reordering and padding leave every segmentation alone; truncation nests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given

import tokenry
from fuzz_text import texts
from tokenry.errors import CorpusError, UnsupportedError, VocabularyError
from tokenry.surgery import (
    next_multiple,
    next_power_of_two,
    pad,
    prune,
    reorder,
    truncate,
)
from tokenry.surgery.uses import count_uses
from tokenry.tokenizer import Tokenizer


def test_reordering_renames_ids_and_no_more(
    tokenizer: Tokenizer, prose_text: str, real_texts: dict[str, str]
) -> None:
    done = reorder(tokenizer, [prose_text])
    assert done.notes["moved"] > 100
    for text in real_texts.values():
        old, new = tokenizer.encode_to_numpy(text[:50_000]), done.tokenizer.encode(text[:50_000])
        assert done.ids.new_of_old[old].tolist() == new

    @given(texts())
    def check(text: str) -> None:
        old, new = tokenizer.encode_to_numpy(text), done.tokenizer.encode(text)
        assert done.ids.new_of_old[old].tolist() == new
        assert done.tokenizer.decode(new) == tokenizer.decode(old)

    check()


def test_the_most_used_come_first_and_nest(
    make: Callable[[str], Tokenizer], prose_text: str
) -> None:
    tokenizer = make("bpe")
    done = reorder(tokenizer, [prose_text])
    uses = count_uses(done.tokenizer, [prose_text])
    assert uses[258:500].sum() > uses[-500:].sum()
    cut = truncate(done.tokenizer, 800).tokenizer
    assert not cut.unreachable().unproduced
    # The first ids by use write the text in fewer tokens than the first ids as they were learnt
    # on more than this text.
    assert cut.count(prose_text) <= truncate(tokenizer, 800).tokenizer.count(prose_text)
    again = reorder(done.tokenizer, [prose_text])
    assert again.notes["moved"] == 0


@pytest.mark.parametrize("kind", ["bpe", "superbpe"])
def test_truncation_nests(kind: str, make: Callable[[str], Tokenizer], prose_text: str) -> None:
    tokenizer = make(kind)
    large = truncate(tokenizer, 1000)
    small = truncate(large.tokenizer, 600)
    assert small.tokenizer.fingerprint() == truncate(tokenizer, 600).tokenizer.fingerprint()
    old, new = tokenizer.encode_to_numpy(prose_text), large.tokenizer.encode_to_numpy(prose_text)
    assert len(new) > len(old)
    assert (large.ids.new_of_old[:1000] == np.arange(1000)).all()
    assert (large.ids.dropped == np.arange(1000, 1500)).all()
    words = sorted(set(prose_text.split(" ")))
    for before, after in zip(
        tokenizer.encode_batch(words), large.tokenizer.encode_batch(words), strict=True
    ):
        if (before < 1000).all():
            assert before.tolist() == after.tolist()


def test_truncation_is_for_merges(make: Callable[[str], Tokenizer]) -> None:
    with pytest.raises(UnsupportedError, match="UnigramSegmenter"):
        truncate(make("unigram"), 1000)


def test_padding_adds_ids_that_no_text_gets(
    tokenizer: Tokenizer, prose_text: str, tmp_path: object
) -> None:
    done = pad(tokenizer, 1600)
    assert done.ids.new_size == 1600
    text = prose_text[:20_000] + "<|reserved_0|>"
    assert done.tokenizer.encode(text) == tokenizer.encode(text)
    last = done.tokenizer.encode("<|reserved_1|>", allowed_special={"<|reserved_1|>"})
    assert len(tokenizer.vocabulary) + 1 in last
    assert all(done.ids.parts(id_) == [] for id_ in done.ids.added.tolist())
    report = done.tokenizer.save(tmp_path)  # type: ignore[arg-type]
    again = tokenry.load(tmp_path)  # type: ignore[arg-type]
    assert len(again.vocabulary) == 1600, report
    assert again.encode(text) == tokenizer.encode(text)


def test_padding_twice_takes_new_names(make: Callable[[str], Tokenizer]) -> None:
    once = pad(make("bpe"), 1502).tokenizer
    twice = pad(once, 1504).tokenizer
    assert twice.vocabulary[1503] == b"<|reserved_3|>"
    assert pad(once, 1502).tokenizer.fingerprint() == once.fingerprint()
    with pytest.raises(VocabularyError, match="larger"):
        pad(once, 1501)


def test_round_sizes() -> None:
    assert [next_multiple(size, 128) for size in (1, 128, 129)] == [128, 128, 256]
    assert [next_power_of_two(size) for size in (1, 2, 3, 4096, 4097)] == [1, 2, 4, 4096, 8192]
    with pytest.raises(VocabularyError, match="multiple of 0"):
        next_multiple(5, 0)


@pytest.mark.parametrize("operation", [prune, reorder])
def test_saved_and_loaded_is_the_same(
    operation: Callable[..., object], tokenizer: Tokenizer, prose_text: str, tmp_path: object
) -> None:
    made = operation(tokenizer, [prose_text[:30_000]]).tokenizer  # type: ignore[attr-defined]
    made.save(tmp_path)
    again = tokenry.load(tmp_path)  # type: ignore[arg-type]
    assert len(again.vocabulary) == len(made.vocabulary)
    text = prose_text[:60_000] + " Ünïcödé 東京"
    assert again.encode(text) == made.encode(text)


def test_an_empty_corpus_is_refused(make: Callable[[str], Tokenizer]) -> None:
    with pytest.raises(CorpusError, match="empty"):
        reorder(make("bpe"), [])
