"""The public way to learn: kinds, options, errors, and that the result is a working tokenizer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import CorpusError, LearnError
from tokenry.learning import KINDS, Bpe, SmallerVocabularyWarning, learn
from tokenry.tokenizer import Tokenizer


@pytest.fixture(scope="module", params=["bpe", "superbpe"])
def tokenizer(request: pytest.FixtureRequest, prose_text: str) -> Tokenizer:
    return learn(
        [prose_text[:200_000]],
        kind=request.param,
        vocab_size=800,
        special_tokens=("<|endoftext|>",),
    )


def test_round_trip(tokenizer: Tokenizer, real_texts: dict[str, str]) -> None:
    assert tokenizer.lossless
    assert len(tokenizer.vocabulary) == 800
    for text in real_texts.values():
        assert tokenizer.decode(tokenizer.encode(text[:50_000])) == text[:50_000]


@given(data=st.binary(max_size=200))
def test_round_trip_of_any_bytes(tokenizer: Tokenizer, data: bytes) -> None:
    assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


def test_specials_come_first_and_text_is_text(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode_single_token("<|endoftext|>") == 0
    assert 0 not in tokenizer.encode("a<|endoftext|>")
    assert tokenizer.encode("a<|endoftext|>", allowed_special="all")[-1] == 0


def test_encoding_is_that_of_the_readable_twin(tokenizer: Tokenizer, prose_text: str) -> None:
    sample = prose_text[300_000:303_000]
    assert tokenizer.encode_by_hand(sample) == tokenizer.encode(sample)


def test_every_kind_has_a_source() -> None:
    for kind in KINDS.values():
        assert "20" in kind.source
        assert kind.load().__doc__


def test_unknown_kind_and_option() -> None:
    with pytest.raises(LearnError, match="'bpee'; there are bpe, superbpe"):
        learn(["a"], kind="bpee")
    with pytest.raises(LearnError, match=r"size.*vocab_size"):
        learn(["a"], size=5)


@pytest.mark.parametrize("corpus", [[], [""], [b"", ""]])
@pytest.mark.parametrize("kind", ["bpe", "superbpe"])
def test_an_empty_corpus(corpus: list[str], kind: str) -> None:
    with pytest.raises(CorpusError, match="empty"):
        learn(corpus, kind=kind)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nothere"):
        learn(tmp_path / "nothere")


def test_a_vocabulary_without_room() -> None:
    with pytest.raises(LearnError, match=r"vocab_size 257 .* 2 special tokens, 256 bytes.* 258"):
        learn(["abc"], vocab_size=257, special_tokens=("<a>", "<b>"))
    with pytest.raises(LearnError, match=r"inherited 0\.1"):
        learn(["abc"], kind="superbpe", vocab_size=1000, inherited=0.1)


@pytest.mark.parametrize(
    "options",
    [
        {"max_piece_length": 0},
        {"special_tokens": ("<a>", "<a>")},
        {"special_tokens": ("",)},
    ],
)
def test_options_that_make_no_sense(options: dict[str, object]) -> None:
    with pytest.raises(LearnError):
        learn(["abc"], **options)


def test_one_document_one_word() -> None:
    with pytest.warns(SmallerVocabularyWarning):
        tokenizer = learn(["aaaa"], vocab_size=1000)
    assert [tokenizer.vocabulary[i] for i in range(256, len(tokenizer.vocabulary))] == [
        b"aa",
        b"aaaa",
    ]


def test_an_alphabet_of_seen_bytes() -> None:
    with pytest.warns(SmallerVocabularyWarning):
        tokenizer = learn(["abab"], vocab_size=300, initial_alphabet=b"xa")
    assert tokenizer.vocabulary.pieces == (b"a", b"b", b"x", b"ab", b"abab")
    assert not tokenizer.lossless


def test_the_longest_piece(prose_text: str) -> None:
    tokenizer = learn([prose_text], vocab_size=1500, max_piece_length=4)
    assert max(len(piece or b"") for piece in tokenizer.vocabulary.pieces) == 4


def test_the_result_does_not_depend_on_threads_or_order(prose_text: str, code_text: str) -> None:
    # Long enough that one document is shared out between threads, with lines of every kind.
    documents = [(prose_text + code_text) * 5, "x" * 10, code_text]
    log = list(Bpe(vocab_size=1200, threads=1).learn_model(documents).log())
    for threads in (2, 3, 8):
        again = Bpe(vocab_size=1200, threads=threads).learn_model(documents[::-1])
        assert list(again.log()) == log


def test_counts_beyond_32_bits() -> None:
    from tokenry import _native

    counter = _native.WordCounter()
    counter.add_word(b"ab", 2**40)
    counter.add_word(b"cd", 2**40 + 1)
    learner = Bpe(vocab_size=258)
    pairs, counts = learner.index(counter, learner.start(counter)).run(2)
    assert counts.tolist() == [2**40 + 1, 2**40]
    assert len(pairs) == 2


def test_progress_is_told(prose_text: str) -> None:
    told: list[tuple[str, int, int | None]] = []
    learn([prose_text], vocab_size=700, progress=lambda *each: told.append(each))
    assert told[0] == ("count", len(prose_text.encode()), None)
    assert told[-1] == ("merge", 700, 700)


def test_the_saved_tokenizer_is_the_same(tmp_path: Path, tokenizer: Tokenizer) -> None:
    import pickle

    again = pickle.loads(pickle.dumps(tokenizer))
    assert again.fingerprint() == tokenizer.fingerprint()
