"""The Unigram learner: lossless, independent of threads, clear about what cannot be met."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

import tokenry
from fuzz_text import fuzz_strings, texts
from oracles import comparable
from tokenry import _native
from tokenry.errors import CorpusError, LearnError
from tokenry.formats import native_file
from tokenry.formats.json_numbers import spell
from tokenry.learning import SmallerVocabularyWarning, Unigram, learn
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def tokenizer(prose_text: str) -> Tokenizer:
    return learn(
        [prose_text[:200_000], "中文，日本語。" * 20],
        kind="unigram",
        vocab_size=1000,
        special_tokens=("<|endoftext|>",),
    )


def test_sizes_and_roles(tokenizer: Tokenizer) -> None:
    assert tokenizer.lossless
    assert len(tokenizer.vocabulary) == 1000
    assert len(tokenizer.vocabulary.ids_with("byte")) == 128
    assert not tokenizer.vocabulary.duplicates()
    assert tokenizer.encode_single_token("<|endoftext|>") == 0
    assert 0 not in tokenizer.encode("a<|endoftext|>")


def test_every_reader_takes_the_scores_alike(tokenizer: Tokenizer) -> None:
    assert isinstance(tokenizer.segmenter, UnigramSegmenter)
    for score in tokenizer.segmenter.scores.tolist():
        assert spell(score) == repr(score)


@given(text=texts())
def test_round_trip_spans_and_twin(tokenizer: Tokenizer, text: str) -> None:
    ids, spans = tokenizer.encode_with_spans(text)
    data = text.encode()
    assert tokenizer.decode_bytes(ids.tolist()) == data
    assert b"".join(data[a:b] for a, b in spans.tolist()) == data
    assert tokenizer.encode_by_hand(text) == tokenizer.encode(text) == ids.tolist()


@given(data=st.binary(max_size=200))
def test_round_trip_of_any_bytes(tokenizer: Tokenizer, data: bytes) -> None:
    assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


def test_the_saved_tokenizer_is_the_same(tokenizer: Tokenizer, tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    native_file.save(tokenizer.pipeline, own)
    assert tokenry.load(own).fingerprint() == tokenizer.fingerprint()


def test_tokenizers_reads_the_file_to_equal_ids(
    tokenizer: Tokenizer, tmp_path: Path, real_texts: dict[str, str]
) -> None:
    report = tokenizer.save(tmp_path)
    assert report.format == "tokenizer_json"
    assert report.exact
    assert report.share == 1.0
    again = tokenry.load(tmp_path)
    assert isinstance(again.segmenter, UnigramSegmenter)
    assert isinstance(tokenizer.segmenter, UnigramSegmenter)
    assert again.segmenter.scores.tolist() == tokenizer.segmenter.scores.tolist()
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    hard = fuzz_strings(random.Random(7), 400)
    for each in [*hard, *(each[:20_000] for each in real_texts.values())]:
        text = comparable(each.replace("<|endoftext|>", ""), "tokenizers")
        ids = tokenizer.encode(text)
        assert theirs.encode(text, add_special_tokens=False).ids == ids
        assert theirs.decode(ids) == text
        assert again.encode(text) == ids


@pytest.mark.parametrize("name", ["whole", "metaspace"])
def test_a_file_that_reads_bytes_in_text_is_not_called_exact(
    name: str, prose_text: str, tmp_path: Path
) -> None:
    learner = Unigram(vocab_size=600, pretokenizer=name, seed_size=5000)
    report = learner.learn([prose_text[:50_000]]).save(tmp_path)
    assert not report.exact
    assert "<0x80>" in "".join(report.reasons)
    assert (tmp_path / "tokenry.json").exists()


def test_the_result_does_not_depend_on_threads_or_order(prose_text: str, code_text: str) -> None:
    documents = [prose_text[:300_000], code_text[:300_000]]
    one = Unigram(vocab_size=2000, threads=1).learn(documents)
    for threads in (2, 5):
        again = Unigram(vocab_size=2000, threads=threads).learn(documents[::-1])
        assert again.fingerprint() == one.fingerprint()


def test_counted_words_are_enough() -> None:
    counts = {b" low": 9, b" lower": 5, b" lowest": 5, b" new": 4, b" newest": 3}
    counter = _native.WordCounter()
    for word, count in counts.items():
        counter.add_word(word, count)
    one = Unigram(vocab_size=262).learn_counts(counts)
    assert one.fingerprint() == Unigram(vocab_size=262).learn_counts(counter).fingerprint()
    assert b" low" in one.vocabulary
    assert one.decode_bytes(one.encode(" lowest news")) == b" lowest news"
    with pytest.raises(CorpusError, match="no words"):
        Unigram().learn_counts({})
    with pytest.raises(LearnError, match="-1 times"):
        Unigram().learn_counts({b"a": -1})


def test_a_pretoken_of_a_million_letters() -> None:
    letters = np.random.default_rng(0).choice(list("abcdefgh"), 1_000_000).tobytes()
    text = letters.decode("utf-32-le")
    tokenizer = Unigram(vocab_size=1000, seed_size=20_000).learn([text[:200_000]])
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(tokenizer.vocabulary) == 1000


def test_one_letter_a_million_times() -> None:
    with pytest.warns(SmallerVocabularyWarning):
        tokenizer = Unigram().learn(["a" * 1_000_000])
    assert len(tokenizer.encode("a" * 1_000_000)) == 1_000_000 // 16


def test_an_alphabet_larger_than_the_vocabulary() -> None:
    text = " ".join(chr(0x4E00 + i) + chr(0x4E00 + i // 2) for i in range(4000)) * 2
    tokenizer = Unigram(vocab_size=600).learn([text])
    assert len(tokenizer.vocabulary) == 600
    assert tokenizer.decode(tokenizer.encode(text)) == text


@pytest.mark.parametrize("corpus", [["a"], ["aaaa"], [b"\xff\xfe\x00\x80"], ["x y\n" * 10]])
def test_little_data(corpus: list[str | bytes]) -> None:
    with pytest.warns(SmallerVocabularyWarning, match="32000"):
        tokenizer = learn(corpus, kind="unigram")
    assert 256 <= len(tokenizer.vocabulary) < 300
    data = corpus[0].encode() if isinstance(corpus[0], str) else corpus[0]
    assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


@pytest.mark.parametrize("corpus", [[], [""], [b"", ""]])
def test_an_empty_corpus(corpus: list[str]) -> None:
    with pytest.raises(CorpusError, match="empty"):
        learn(corpus, kind="unigram")


@pytest.mark.parametrize(
    "options",
    [
        {"vocab_size": 256, "special_tokens": ("<a>",)},
        {"max_piece_length": 0},
        {"max_piece_length": 64},
        {"character_coverage": 1.1},
        {"shrinking_factor": 1.0},
        {"em_iterations": 0},
        {"special_tokens": ("<a>", "<a>")},
    ],
)
def test_options_that_make_no_sense(options: dict[str, object]) -> None:
    with pytest.raises(LearnError):
        learn(["abc"], kind="unigram", **options)


def test_the_longest_piece_and_the_rarest_characters(prose_text: str) -> None:
    text = prose_text[:100_000] + "é" * 40 + "ü"
    learner = Unigram(vocab_size=800, max_piece_length=4, character_coverage=0.9999)
    pieces = learner.learn([text]).vocabulary.pieces
    spelled = [piece.decode() for piece in pieces if piece and len(piece) > 1]
    assert max(map(len, spelled)) == 4
    assert not any("ü" in piece for piece in spelled)


def test_progress_is_told_and_may_stop(prose_text: str) -> None:
    told: list[tuple[str, int, int | None]] = []
    learn([prose_text], kind="unigram", vocab_size=2000, progress=lambda *each: told.append(each))
    assert told[0] == ("count", len(prose_text.encode()), None)
    pruned = [done for stage, done, _ in told if stage == "prune"]
    assert pruned == sorted(pruned)

    def stop(stage: str, done: int, total: int | None) -> None:
        if stage == "prune":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn([prose_text], kind="unigram", progress=stop)
