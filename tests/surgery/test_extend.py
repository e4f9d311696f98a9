"""Extended tokenizers: the old encoding is always there, with neighbours joined."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given

from fuzz_text import texts
from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.learning import learn
from tokenry.surgery import extend
from tokenry.surgery.joins import Joins
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

MERGING = ("bpe", "superbpe", "ranks", "characters")


@pytest.fixture(scope="module")
def other(multilingual_text: str) -> Tokenizer:
    """A tokenizer of names in many languages."""
    return learn([multilingual_text], vocab_size=1200)


@pytest.mark.parametrize("kind", MERGING)
def test_in_old_ids_every_text_is_as_it_was(
    kind: str, make: Callable[[str], Tokenizer], other: Tokenizer, multilingual_text: str
) -> None:
    tokenizer = make(kind)
    done = extend(tokenizer, other)
    larger = done.tokenizer
    assert larger.vocabulary.pieces[: len(tokenizer.vocabulary)] == tokenizer.vocabulary.pieces
    assert (done.ids.new_of_old == range(len(tokenizer.vocabulary))).all()
    text = multilingual_text[:20_000]
    assert larger.count(text) < 0.8 * tokenizer.count(text)
    assert larger.lossless is tokenizer.lossless

    @given(texts())
    def check(text: str) -> None:
        ids = larger.encode(text)
        assert done.ids.in_old_ids(ids) == tokenizer.encode(text)
        assert ids == larger.encode_by_hand(text)
        assert larger.decode(ids) == tokenizer.decode(tokenizer.encode(text))

    check()
    assert done.ids.in_old_ids(larger.encode(text)) == tokenizer.encode(text)


@pytest.mark.parametrize("kind", MERGING)
def test_every_new_piece_is_reached(
    kind: str, make: Callable[[str], Tokenizer], other: Tokenizer
) -> None:
    tokenizer = make(kind)
    done = extend(tokenizer, other)
    first = len(tokenizer.vocabulary)
    pieces = [done.tokenizer.vocabulary[id_] or b"" for id_ in range(first, done.ids.new_size)]
    encoded = done.tokenizer.encode_pretokens(pieces)
    assert encoded.to_lists() == [[id_] for id_ in range(first, done.ids.new_size)]
    known = set(other.vocabulary.pieces)
    unasked = sum(piece not in known for piece in pieces)
    # A bridge may be a piece of the other that can occur only inside a longer one.
    assert unasked <= done.notes["bridges"] <= unasked + done.notes["cannot_occur"]
    if kind != "characters":
        wanted = {p for p in known if p} - set(tokenizer.vocabulary.pieces)
        assert len(wanted - set(pieces)) == done.notes["cannot_occur"]


@pytest.mark.parametrize("kind", ["unigram", "wordpiece"])
def test_text_without_new_pieces_is_as_it_was(
    kind: str, make: Callable[[str], Tokenizer], prose_text: str
) -> None:
    tokenizer = make(kind)
    pieces = [b" zymurgy", b" quixotic", b"ificatory"]
    given_: Tokenizer | list[bytes] = pieces
    if kind == "unigram":
        given_ = _rescored(tokenizer, pieces)
    done = extend(tokenizer, given_)
    assert done.ids.new_size == len(tokenizer.vocabulary) + 3
    assert not any(piece.decode() in prose_text for piece in pieces)
    assert done.tokenizer.encode(prose_text) == tokenizer.encode(prose_text)
    text = "a quixotic codificatory of zymurgy"
    assert done.tokenizer.count(text) < tokenizer.count(text)
    assert done.tokenizer.decode(done.tokenizer.encode(text)) == text
    for id_ in done.ids.added.tolist():
        parts = b"".join(tokenizer.vocabulary[part] or b"" for part in done.ids.parts(id_))
        assert parts == done.tokenizer.vocabulary[id_]


def _rescored(tokenizer: Tokenizer, pieces: list[bytes]) -> Tokenizer:
    """A Unigram tokenizer with other pieces, each better than any sum."""
    import dataclasses

    import numpy as np

    vocabulary = Vocabulary([*tokenizer.vocabulary.pieces, *pieces], tokenizer.vocabulary.roles)
    scores = np.concatenate((tokenizer.segmenter.scores, [-1.0] * len(pieces)))  # type: ignore[attr-defined]
    segmenter = dataclasses.replace(tokenizer.segmenter, vocabulary=vocabulary, scores=scores)  # type: ignore[type-var]
    return Tokenizer(**tokenizer.parts() | {"vocabulary": vocabulary, "segmenter": segmenter})  # type: ignore[arg-type]


def test_size_is_kept(make: Callable[[str], Tokenizer], other: Tokenizer) -> None:
    tokenizer = make("bpe")
    for more in (0, 1, 37):
        done = extend(tokenizer, other, size=1500 + more)
        assert done.ids.new_size == 1500 + more
    with pytest.raises(VocabularyError, match="larger"):
        extend(tokenizer, other, size=1499)


def test_extending_by_itself_changes_nothing(tokenizer: Tokenizer) -> None:
    done = extend(tokenizer, tokenizer)
    assert done.tokenizer.fingerprint() == tokenizer.fingerprint()


def test_a_list_of_pieces_will_do(make: Callable[[str], Tokenizer]) -> None:
    tokenizer = make("bpe")
    done = extend(tokenizer, [b" zymurgical", b" zymurgical", b"", b"two words", b"\xff\xfe"])
    ids = done.tokenizer.encode(" zymurgical")
    assert len(ids) == 1
    assert done.ids.in_old_ids(ids) == tokenizer.encode(" zymurgical")
    assert done.notes["cannot_occur"] == 1  # the splitter cuts "two words"
    assert len(done.tokenizer.encode(b"\xff\xfe")) == 1


def test_refuses_pieces_without_scores(make: Callable[[str], Tokenizer]) -> None:
    with pytest.raises(UnsupportedError, match="UnigramSegmenter"):
        extend(make("unigram"), make("bpe"))
    with pytest.raises(UnsupportedError, match="WordPieceSegmenter"):
        extend(make("wordpiece"), make("bpe"))


@pytest.mark.parametrize("kind", ["bpe", "characters", "unigram", "wordpiece", "continuation"])
def test_words_are_one_id_behind_a_space(
    kind: str, make: Callable[[str], Tokenizer], prose_text: str
) -> None:
    tokenizer = make(kind)
    words = ["zymurgical", "quixotry", "floccinaucinihil"]
    done = extend(tokenizer, words, variants="space")
    new = set(done.ids.added.tolist())
    for word in words:
        ids = done.tokenizer.encode(f"The {word} of")
        assert len(new & set(ids)) == 1, word
        assert len(ids) < len(tokenizer.encode(f"The {word} of"))
        assert done.tokenizer.decode(ids) == tokenizer.decode(tokenizer.encode(f"The {word} of"))
        id_ = next(iter(new & set(ids)))
        parts = b"".join(tokenizer.vocabulary[part] or b"" for part in done.ids.parts(id_))
        assert parts == done.tokenizer.vocabulary[id_] == f" {word}".encode()
    assert not any(word in prose_text for word in words)
    assert done.tokenizer.encode(prose_text[:50_000]) == tokenizer.encode(prose_text[:50_000])


def test_a_word_of_a_unigram_is_as_rare_as_the_rarest_of_its_parts(
    make: Callable[[str], Tokenizer],
) -> None:
    tokenizer = make("unigram")
    done = extend(tokenizer, ["zymurgical"], variants="space")
    [new] = done.ids.added.tolist()
    scores = [tokenizer.segmenter.score_of(id_) for id_ in done.ids.parts(new)]
    assert sum(scores) < min(scores) == done.tokenizer.segmenter.score_of(new)


def test_a_learnt_wordpiece_takes_pieces_that_start_a_pretoken(
    make: Callable[[str], Tokenizer], prose_text: str
) -> None:
    tokenizer = make("continuation")
    other = learn([prose_text], kind="wordpiece", vocab_size=2500)
    done = extend(tokenizer, other)
    assert done.notes["known"] > 500
    assert done.tokenizer.count(prose_text) < tokenizer.count(prose_text)
    assert done.tokenizer.lossless
    for id_ in done.ids.added.tolist()[:50]:
        piece = done.tokenizer.vocabulary[id_] or b""
        assert done.tokenizer.encode_pretokens([piece]).to_lists() == [[id_]]


def test_a_bridge_that_would_take_an_old_piece_is_not_built() -> None:
    vocabulary = Vocabulary([b"a", b"b", b"c", b"ab"])  # no merge makes "ab"
    joins = Joins(4)
    joins.learn([0, 1, 2], vocabulary)
    assert joins.merges == []
    joins.learn([1, 2, 0], vocabulary)
    assert joins.merges == [(1, 2, 4), (4, 0, 5)]
    assert joins.pieces == [b"bc", b"bca"]
    assert joins.apply([1, 2, 1, 2, 0]) == [4, 5]
