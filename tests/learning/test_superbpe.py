"""SuperBPE: what its pieces may be, that it saves tokens, and that it stays small."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tokenry import _native
from tokenry.errors import LearnError
from tokenry.learning import Bpe, MergeList, SuperBpe, SuperwordRule, learn
from tokenry.learning.counting import pretokenizer_named
from tokenry.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def documents(prose_text: str) -> list[str]:
    return re.split(r"(?<=\n\n)(?=\w)", prose_text)


@pytest.fixture(scope="module")
def trained(documents: list[str]) -> tuple[Tokenizer, MergeList, SuperBpe]:
    learner = SuperBpe(vocab_size=3000, inherited=2000)
    learnt = learner.learn_model(documents[::2])
    return learner.learn(documents[::2]), learnt, learner


def superwords(learnt: MergeList, learner: SuperBpe) -> list[str]:
    cut = pretokenizer_named(learner.pretokenizer)
    later = learnt.pieces[learner.inherited_size :]
    return [piece.decode() for piece in later if len(cut(piece).ends) > 1]


def test_superwords_keep_the_rules(trained: tuple[Tokenizer, MergeList, SuperBpe]) -> None:
    _, learnt, learner = trained
    found = superwords(learnt, learner)
    assert len(found) > 300
    assert any(len(piece.split()) == 3 for piece in found)
    for piece in found:
        assert len(piece.split()) <= 4
        assert not re.search(r"\n|  |\W$|[^\w ,;:'’-]", piece), piece


@pytest.mark.parametrize(("max_words", "punctuation"), [(1, ""), (2, ""), (2, ".,'`")])
def test_the_cap_and_the_punctuation(
    documents: list[str], max_words: int, punctuation: str
) -> None:
    learner = SuperBpe(
        vocab_size=2000, inherited=1500, max_words=max_words, punctuation=punctuation
    )
    found = superwords(learner.learn_model(documents), learner)
    assert max((len(piece.split()) for piece in found), default=1) == max_words
    assert all(re.fullmatch(rf"[\w {re.escape(punctuation)}]*", piece) for piece in found)


def test_it_saves_tokens_on_held_out_text(
    documents: list[str], trained: tuple[Tokenizer, MergeList, SuperBpe]
) -> None:
    plain = learn(documents[::2], vocab_size=3000)
    held_out = documents[1::2]
    superword_tokens = sum(len(trained[0].encode(text)) for text in held_out)
    plain_tokens = sum(len(plain.encode(text)) for text in held_out)
    # Measured 0.86 (prose of a reference manual, one third of the vocabulary for superwords).
    assert superword_tokens < 0.95 * plain_tokens


def test_the_first_stage_is_bpe(documents: list[str]) -> None:
    plain = Bpe(vocab_size=900, pretokenizer="superbpe-1").learn_model(documents)
    grown = SuperBpe(vocab_size=1000, inherited=900).learn_model(documents)
    assert grown.pieces[:900] == plain.pieces
    assert grown.counts[:644] == plain.counts


def test_an_existing_bpe_is_extended(documents: list[str]) -> None:
    plain = Bpe(vocab_size=900, pretokenizer="superbpe-1").learn_model(documents)
    given = tuple((left, right) for left, right, _ in plain.log())
    grown = SuperBpe(vocab_size=1000, inherited=900, merges=given).learn_model(documents)
    assert grown.pieces == SuperBpe(vocab_size=1000, inherited=900).learn_model(documents).pieces


def test_another_corpus_for_the_second_stage(documents: list[str]) -> None:
    learner = SuperBpe(vocab_size=903, inherited=900)
    grown = learner.learn_model(documents, superword_corpus=["the very same"] * 50)
    assert grown.pieces[:900] == learner.learn_model(documents).pieces[:900]
    assert b"the very same" in grown.pieces


def test_long_documents_are_cut_short() -> None:
    ordinary = [f"word number {n} is here" for n in range(200)]
    documents = [*ordinary, "word number 7 is here" + " and so on" * 5000]
    options = {"vocab_size": 310, "inherited": 300}
    whole = SuperBpe(document_limit=None, **options).learn_model(documents)
    assert any(b"so on" in piece for piece in whole.pieces)
    for limit in (0.99, 25):
        cut = SuperBpe(document_limit=limit, **options).learn_model(documents)
        assert not any(b"so on" in piece for piece in cut.pieces)


@pytest.mark.parametrize(
    ("piece", "allowed"),
    [
        (" of the", True),
        ("one two three four", True),
        ("one two three four five", False),
        (", and", True),
        ("end,", False),
        (" don't", True),
        (" applications.\n", False),
        (" applications.", False),
        ("the\n", False),
        ("the end ", False),
        (". The", False),
        ("a  b", False),
        (".\n", True),  # one pretoken of the first stage
        ("\n\n", True),
        (" हिन्दी में", True),
        (" deep-learning models", True),
    ],
)
def test_the_rule(piece: str, allowed: bool) -> None:
    assert SuperBpe().rule()(piece.encode()) is allowed


def test_half_a_character_is_no_superword() -> None:
    assert not SuperBpe().rule()(" a é".encode()[:-1])


def test_the_rule_is_checked() -> None:
    cut = pretokenizer_named("superbpe-1")
    for max_words, punctuation in ((0, ""), (4, ", ")):
        with pytest.raises(LearnError):
            SuperwordRule(cut, max_words, punctuation)
    for options in ({"inherited": 1.5}, {"inherited": 0}, {"document_limit": 0}):
        with pytest.raises(LearnError):
            SuperBpe(**options)


def test_memory_is_tens_of_bytes_an_id(documents: list[str]) -> None:
    learnt = Bpe(vocab_size=1500, pretokenizer="superbpe-1").learn_model(documents)
    symbols = _native.DocumentSymbols(
        "superbpe", *learnt.packed(), learnt.byte_ids(), learnt.table()
    )
    for _ in range(20):
        symbols.add([document.encode() for document in documents])
    ids = len(symbols)
    assert ids > 1_500_000
    index = _native.PairIndex.of_documents(symbols, *learnt.packed(), 0, 2**40, 500)
    assert index.memory < 16 * ids
    index.run(500)
    assert index.memory < 24 * ids


def test_the_symbols_are_the_encoding(
    documents: list[str], trained: tuple[Tokenizer, MergeList, SuperBpe]
) -> None:
    tokenizer, learnt, _ = trained
    symbols = _native.DocumentSymbols(
        "superbpe", *learnt.packed(), learnt.byte_ids(), learnt.table()
    )
    text = documents[1].encode()
    symbols.add([text])
    kept = symbols.symbols()
    ids = np.array(tokenizer.encode(text))
    # Pretokens of one id have no pair and are left out.
    assert len(kept[kept != 0xFFFFFFFF]) <= len(ids)
    assert set(kept[kept != 0xFFFFFFFF].tolist()) <= set(ids.tolist())
