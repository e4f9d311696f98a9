from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from selection_texts import RAW, TOKENIZER, documents

from tokenry.corpus.selection.bigrams import BigramModel

MODEL = BigramModel.fit(TOKENIZER, RAW)


def test_nats_are_those_of_the_definition() -> None:
    single: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    for text in RAW:
        ids = TOKENIZER.encode(text)
        single.update(ids)
        pairs.update(pairwise(ids))
    total = single.total() + len(TOKENIZER)
    firsts: Counter[int] = Counter()
    distinct: Counter[int] = Counter()
    for (first, _), count in pairs.items():
        firsts[first] += count
        distinct[first] += 1

    def nats(text: bytes) -> float:
        ids = TOKENIZER.encode(text)
        shares = [(single[id_] + 1) / total for id_ in ids]
        cost = -math.log(shares[0])
        for (first, second), share in zip(pairwise(ids), shares[1:], strict=True):
            if not firsts[first]:
                cost -= math.log(share)
                continue
            found = max(pairs[first, second] - 0.75, 0) / firsts[first]
            cost -= math.log(found + 0.75 * distinct[first] / firsts[first] * share)
        return cost

    texts = [*RAW[:5], *documents("bad", 5, 77), b"never seen words", b"x"]
    assert MODEL.nats(texts) == pytest.approx([nats(text) for text in texts])
    assert MODEL.nats([b"", RAW[0], b""])[[0, 2]].tolist() == [0.0, 0.0]


def test_what_follows_any_id_sums_to_one() -> None:
    every = np.arange(len(TOKENIZER), dtype=np.int64)
    for first in (TOKENIZER.encode(RAW[0])[3], 0):
        same = np.full(len(every), first)
        keys = same.astype(np.uint64) << np.uint64(32) | every.astype(np.uint64)
        assert MODEL._conditional(keys, same, every).sum() == pytest.approx(1.0)


def test_counting_in_parts_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokenry.corpus.selection.bigrams._BATCH", 500)
    parts = BigramModel.fit(TOKENIZER, iter(RAW))
    assert np.array_equal(parts.pairs, MODEL.pairs)
    assert np.array_equal(parts.counts, MODEL.counts)


def test_a_model_of_nothing() -> None:
    empty = BigramModel.fit(TOKENIZER, [])
    size = len(TOKENIZER.encode(b"buy now"))
    assert empty.nats([b"buy now"])[0] == pytest.approx(size * math.log(len(TOKENIZER)))
