"""The index of pairs: any pair merged or counted, and the best ones, held to counting anew."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenry import _native
from tokenry.learning import Bpe, MergeList
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.bpe_twin import Weighted, count_pairs, merge
from tokenry.learning.session import Session

BREAK = 0xFFFFFFFF
EVERYTHING, LITTLE = 2**40, 0  # merges expected: how many pairs are indexed at first
indexed = pytest.mark.parametrize("expected", [EVERYTHING, LITTLE])
words_of_few_letters = st.dictionaries(
    st.text("abc", min_size=2, max_size=12).map(str.encode), st.integers(1, 9), min_size=1
)


def start(words: dict[bytes, int], expected: int) -> tuple[_native.PairIndex, Weighted, MergeList]:
    counter = _native.WordCounter()
    for word, count in words.items():
        counter.add_word(word, count)
    learnt = MergeList((), BYTE_ORDER)
    ids = learnt.byte_ids()
    texts = [([int(ids[byte]) for byte in word], count) for word, count in words.items()]
    index = _native.PairIndex.of_words(
        counter, *learnt.packed(), learnt.byte_ids(), learnt.table(), 1, 2**40, expected
    )
    return index, texts, learnt


def merged(texts: Weighted, pair: tuple[int, int], made: int) -> tuple[Weighted, int]:
    after = [(merge(symbols, pair, made), weight) for symbols, weight in texts]
    saved = sum(
        (len(old) - len(new)) * weight for (old, weight), (new, _) in zip(texts, after, strict=True)
    )
    return after, saved


def is_new(pair: tuple[int, int], learnt: MergeList) -> bool:
    return learnt.pieces[pair[0]] + learnt.pieces[pair[1]] not in learnt.pieces


@indexed
@settings(max_examples=60)
@given(words=words_of_few_letters, seed=st.integers(0, 999))
def test_any_pair_is_counted_and_merged(words: dict[bytes, int], seed: int, expected: int) -> None:
    index, texts, learnt = start(words, expected)
    draw = random.Random(seed)
    for _ in range(12):
        counts = count_pairs(texts)
        pair = (draw.randrange(len(learnt)), draw.randrange(len(learnt)))
        if counts and draw.random() < 0.8:
            pair = draw.choice(sorted(counts))
        if not is_new(pair, learnt):
            continue
        assert index.count(*pair) == counts[pair]
        texts, saved = merged(texts, pair, len(learnt))
        assert index.merge(*pair) == saved
        learnt.add(*pair, 0)
        best = index.best()
        counts = count_pairs(texts)
        order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        allowed = [(*pair, count) for pair, count in order if is_new(pair, learnt)]
        assert best == (allowed[0] if allowed else None)


@indexed
@settings(max_examples=60)
@given(words=words_of_few_letters)
def test_the_best_pairs(words: dict[bytes, int], expected: int) -> None:
    index, texts, learnt = start(words, expected)
    for _ in range(6):
        order = sorted(count_pairs(texts).items(), key=lambda item: (-item[1], item[0]))
        allowed = [(*pair, count) for pair, count in order if is_new(pair, learnt)]
        for k in (1, 5, 1_000):
            pairs, counts = index.top(k)
            assert [(*pair, count) for pair, count in zip(pairs.tolist(), counts, strict=True)] == (
                allowed[:k]
            )
        if not allowed:
            return
        texts, _ = merged(texts, allowed[-1][:2], len(learnt))
        index.merge(*allowed[-1][:2])
        learnt.add(*allowed[-1][:2], 0)


@indexed
def test_forced_merges_of_the_best_are_those_of_run(prose_text: str, expected: int) -> None:
    learner = Bpe(vocab_size=900)
    whole = learner.learn_model([prose_text])
    counter = learner.count(Session.of([prose_text]))
    index = learner.index(counter, learner.start(counter))
    for pair, count in zip(whole.merges, whole.counts, strict=True):
        assert index.top(1)[0].tolist() == [list(pair)]
        assert index.count(*pair) == count
        index.merge(*pair)


def test_an_id_without_a_piece_is_refused() -> None:
    index, _, _ = start({b"abab": 3}, EVERYTHING)
    for call in (index.count, index.merge):
        with pytest.raises(ValueError, match="without a piece"):
            call(5, 9_999)


def phrases(symbols: list[int]) -> int:
    """LZ78, as its definition says it: each phrase is the longest known one and a symbol."""
    known, current, found = {()}, (), 0
    for symbol in symbols:
        current = (*current, symbol)
        if current not in known:
            known.add(current)
            current, found = (), found + 1
    return found + bool(current)


@settings(max_examples=80)
@given(parts=st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=30), min_size=1, max_size=9))
def test_phrases_of_a_sample(parts: list[list[int]]) -> None:
    flat = [symbol for part in parts for symbol in (*part, BREAK)]
    sample = _native.LzSample(np.array(flat, dtype=np.uint32))
    assert sample.phrases() == phrases([symbol for symbol in flat if symbol != BREAK])
    pairs = sorted({pair for part in parts for pair in pairwise(part)} | {(7, 7)})
    found = sample.phrases_with(np.array(pairs, dtype=np.uint32)).tolist()
    for pair, count in zip(pairs, found, strict=True):
        after = [merge(part, pair, 9) for part in parts]
        assert count == phrases([symbol for part in after for symbol in part])
    after = [merge(part, pairs[0], 9) for part in parts]
    sample.merge(*pairs[0], 9)
    assert len(sample) == sum(map(len, after))
    assert sample.phrases() == found[0]


def test_phrases_of_a_long_sample(rng: random.Random) -> None:
    symbols = [rng.randrange(50) for _ in range(60_000)]
    sample = _native.LzSample(np.array(symbols, dtype=np.uint32))
    assert sample.phrases() == sample.phrases() == phrases(symbols)
