"""What every kind of learner promises, held to for each that the registry names."""

from __future__ import annotations

import random
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import tokenry
from fuzz_text import fuzz_bytes, fuzz_strings
from tokenry import Tokenizer
from tokenry.errors import CorpusError, LearnError, TokenryError
from tokenry.learning import KINDS, SmallerVocabularyWarning, learn

SIZE = 1_500
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="session")
def texts(prose_text: str, code_text: str, multilingual_text: str) -> tuple[str, ...]:
    """About 150 kB in documents of a few kilobytes, with compounds that bear hyphens."""
    whole = prose_text[:90_000] + code_text[:30_000] + multilingual_text[:12_000]
    hyphens = "a well-known re-use of read-only key-word objects\n" * 9
    return (*(whole[at : at + 4_000] for at in range(0, len(whole), 4_000)), hyphens)


@cache
def learnt(kind: str, texts: tuple[str, ...]) -> Tokenizer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        return learn(texts, kind=kind, vocab_size=SIZE)


def samples(count: int) -> list[str]:
    return list(fuzz_strings(random.Random(5), count))


@every_kind
def test_is_lossless_on_every_text(kind: str, texts: tuple[str, ...]) -> None:
    tokenizer = learnt(kind, texts)
    assert tokenizer.lossless
    for text in (*samples(300), *texts[::8], "", " ", "\n", "İstanbul ISPARTA ısı"):
        assert tokenizer.decode_bytes(tokenizer.encode(text)) == text.encode(), ascii(text)


@every_kind
def test_is_lossless_on_every_byte(kind: str, texts: tuple[str, ...]) -> None:
    tokenizer = learnt(kind, texts)
    for data in (*fuzz_bytes(random.Random(6), 200), bytes(range(256)), b"\xff" * 9, b"\x00" * 30):
        assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


@every_kind
def test_gives_what_readable_python_gives(kind: str, texts: tuple[str, ...]) -> None:
    tokenizer = learnt(kind, texts)
    for text in (*samples(60), texts[3][:600], texts[-1][:100]):
        assert tokenizer.encode(text) == tokenizer.encode_by_hand(text), ascii(text)


@every_kind
def test_spans_tile_the_input(kind: str, texts: tuple[str, ...]) -> None:
    tokenizer = learnt(kind, texts)
    for text in (*samples(80), texts[0]):
        ids, spans = tokenizer.encode_with_spans(text)
        assert ids.tolist() == tokenizer.encode(text)
        edges = np.concatenate([[0], spans[:, 1]])
        assert (edges[:-1] == spans[:, 0]).all(), ascii(text)
        assert edges[-1] == len(text.encode())


@every_kind
def test_batches_and_counts_agree(kind: str, texts: tuple[str, ...]) -> None:
    tokenizer = learnt(kind, texts)
    batch = tokenizer.encode_batch(texts, threads=2)
    assert [row.tolist() for row in batch] == [tokenizer.encode(text) for text in texts]
    assert tokenizer.count(texts[1]) == len(tokenizer.encode(texts[1]))


@every_kind
def test_has_the_size_that_was_asked_for(kind: str, texts: tuple[str, ...]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tokenizer = learn(texts, kind=kind, vocab_size=SIZE)
    assert tokenizer.n_vocab <= SIZE
    assert tokenizer.n_vocab == SIZE or any(
        issubclass(each.category, SmallerVocabularyWarning) for each in caught
    )
    assert tokenizer.fingerprint() == learnt(kind, texts).fingerprint(), "learnt anew, it differs"


@every_kind
def test_is_saved_and_loaded(kind: str, texts: tuple[str, ...], tmp_path: Path) -> None:
    tokenizer = learnt(kind, texts)
    report = tokenizer.save(tmp_path, sample=texts[:5])
    again = tokenry.load(tmp_path)
    assert again.fingerprint() == tokenizer.fingerprint()
    for text in (*samples(40), texts[0]):
        assert again.encode(text) == tokenizer.encode(text)
    assert report.exact or (report.reasons and report.documents >= 5)
    if report.exact and report.format == "tokenizer_json":
        other = pytest.importorskip("tokenizers").Tokenizer.from_file(
            str(tmp_path / "tokenizer.json")
        )
        for text in (*samples(40), texts[0]):
            found = other.encode(text, add_special_tokens=False).ids
            assert found == tokenizer.encode(text), ascii(text)


@every_kind
def test_a_long_pretoken_ends(kind: str, texts: tuple[str, ...]) -> None:
    tokenizer = learnt(kind, texts)
    draw = random.Random(7)
    for text in ("".join(draw.choices("abcdefgh", k=200_000)), "a" * 200_000, "=-" * 50_000):
        assert tokenizer.decode(tokenizer.encode(text)) == text


@every_kind
def test_refuses_an_empty_corpus(kind: str) -> None:
    for corpus in ([], [""], [b""]):
        with pytest.raises(CorpusError, match="empty"):
            learn(corpus, kind=kind, vocab_size=SIZE)


@every_kind
def test_refuses_a_vocabulary_without_room_for_bytes(kind: str, texts: tuple[str, ...]) -> None:
    with pytest.raises(LearnError, match="vocab_size"):
        learn(texts, kind=kind, vocab_size=100)


@every_kind
@pytest.mark.parametrize(
    "corpus",
    [
        ["one"],
        ["a"],
        ["kurz und gut\n" * 10],
        [f"zeile {i}: ein satz\n" for i in range(10)],
        [bytes(range(256)) * 20],
        [np.random.default_rng(0).bytes(20_000)],
        ["\n" * 5_000],
        ["ab" * 20_000],
        ["".join(map(chr, range(0x4E00, 0x5600)))],
    ],
    ids=["word", "letter", "lines", "ten", "bytes", "noise", "breaks", "run", "characters"],
)
def test_little_or_odd_data_give_a_smaller_result_or_an_error(kind: str, corpus: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        try:
            tokenizer = learn(corpus, kind=kind, vocab_size=2_000)
        except TokenryError:
            return
    assert 256 <= tokenizer.n_vocab <= 2_000
    for text in ("one \u4e00 äöü\n", corpus[0][:500]):
        data = text if isinstance(text, bytes) else text.encode()
        assert tokenizer.decode_bytes(tokenizer.encode(text)) == data
