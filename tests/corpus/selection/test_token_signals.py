from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from tokenry.corpus.selection.token_signals import SIGNALS, TokenSignals, read_spans, write_spans
from tokenry.learning import learn

TEXTS = ["the cat sat on the mat " * 20, "a b c d e f g h", "", "\x00\x01\x02zqxj", "word " * 50]
TOKENIZER = learn(TEXTS[:1], vocab_size=262)


def test_signals_are_their_definitions() -> None:
    found = TokenSignals(TOKENIZER, rare=258, gram=4).measure([t.encode() for t in TEXTS])
    assert set(found) == set(SIGNALS)
    for i, text in enumerate(TEXTS):
        ids = TOKENIZER.encode(text)
        n = max(len(ids), 1)
        grams = Counter(tuple(ids[j : j + 4]) for j in range(len(ids) - 3))
        repeated = {
            k
            for j in range(len(ids) - 3)
            if grams[tuple(ids[j : j + 4])] > 1
            for k in range(j, j + 4)
        }
        shares = [count / n for count in Counter(ids).values()]
        expected = {
            "bytes_per_token": len(text.encode()) / n if ids else 0.0,
            "single_byte_share": sum(len(TOKENIZER.vocabulary[id_] or b"") == 1 for id_ in ids) / n,
            "rare_share": sum(id_ >= 258 for id_ in ids) / n,
            "entropy": -sum(p * math.log(p) for p in shares),
            "repetition": len(repeated) / n,
        }
        for name, value in expected.items():
            assert found[name][i] == pytest.approx(value), name


def test_spans_stand_beside_documents(tmp_path: Path) -> None:
    texts = [text.encode() for text in TEXTS]
    spans = TokenSignals(TOKENIZER).spans(texts)
    assert all(spans[i]["entropy"][0][:2] == (0, len(text)) for i, text in enumerate(texts))
    path = write_spans(tmp_path / "a.jsonl", [str(i) for i in range(5)], spans)
    assert read_spans(path) == {str(i): each for i, each in enumerate(spans)}


def test_spans_of_lines() -> None:
    texts = [b"first line\nsecond\n\nlast", b"", b"one"]
    found = TokenSignals(TOKENIZER).spans(texts, "line")
    assert [[span[:2] for span in each["entropy"]] for each in found] == [
        [(0, 11), (11, 18), (18, 19), (19, 23)], [], [(0, 3)]
    ]  # fmt: skip
    alone = TokenSignals(TOKENIZER).measure([b"second\n"])
    assert found[0]["entropy"][1][2] == alone["entropy"][0]
    assert found[0]["bytes_per_token"][1][2] == alone["bytes_per_token"][0]
