from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokenry
from tokenry.errors import CorpusError, LearnError
from tokenry.learning import SmallerVocabularyWarning, learn
from tokenry.learning.compounds.constituents import constituents
from tokenry.learning.compounds.hyphens import count_hyphenated
from tokenry.tokenizer import Tokenizer


def syllables(rng: random.Random, many: int) -> str:
    return "".join(rng.choice("bdgklmnprst") + rng.choice("aeiou") for _ in range(many))


def language(seed: int) -> tuple[str, list[tuple[str, str]]]:
    """Text of a made-up language, and compounds of it, of which half are written with hyphens."""
    rng = random.Random(seed)
    stems = sorted({syllables(rng, rng.choice((2, 3))) for _ in range(300)})
    compounds = sorted({(rng.choice(stems), rng.choice(stems)) for _ in range(1400)})
    rng.shuffle(compounds)
    hyphenated, solid = compounds[:700], compounds[700:]
    words = [word for word in stems for _ in range(rng.randint(2, 20))]
    words += ["-".join(pair) for pair in hyphenated]
    words += ["".join(pair) for pair in solid for _ in range(6)]
    rng.shuffle(words)
    return " ".join(words), solid


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return learn(
        [language(3)[0]], kind="compound", vocab_size=700, special_tokens=("<|endoftext|>",)
    )


def boundaries_kept(tokenizer: Tokenizer, compounds: Sequence[tuple[str, str]]) -> float:
    kept = 0
    for left, right in compounds:
        _, spans = tokenizer.encode_with_spans(f" {left}{right}")
        kept += 1 + len(left) in spans[:, 1].tolist()
    return kept / len(compounds)


def test_pieces_favour_the_constituents() -> None:
    text, solid = language(3)
    compound, plain = (
        learn([text], kind=kind, vocab_size=700, seed_size=100_000)
        for kind in ("compound", "unigram")
    )
    assert compound.metadata["decompounder"] == "hyphens"
    assert boundaries_kept(compound, solid) > boundaries_kept(plain, solid)


def test_round_trip(tokenizer: Tokenizer, real_texts: dict[str, str]) -> None:
    assert tokenizer.lossless
    assert tokenizer.name == "compound"
    assert len(tokenizer.vocabulary) == 700
    for text in real_texts.values():
        assert tokenizer.decode(tokenizer.encode(text[:30_000])) == text[:30_000]
        assert tokenizer.encode(text[:2000]) == tokenizer.encode_by_hand(text[:2000])


@given(data=st.binary(max_size=100))
def test_any_bytes(tokenizer: Tokenizer, data: bytes) -> None:
    ids, spans = tokenizer.encode_with_spans(data)
    assert tokenizer.decode_bytes(ids) == data
    assert spans[:, 0].tolist() == [0, *spans[:, 1].tolist()][: len(ids)]


def test_files(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(tmp_path)
    text = language(4)[0][:5000]
    assert tokenry.load(tmp_path).encode(text) == tokenizer.encode(text)
    assert tokenizer.encode("<|endoftext|>", allowed_special="all") == [0]
    assert 0 not in tokenizer.encode("<|endoftext|>")


class Halves:
    def split(self, words: Sequence[str]) -> list[list[str]]:
        return [[word[: len(word) // 2], word[len(word) // 2 :]] for word in words]


def test_constituents_are_what_unigram_learns_from() -> None:
    pretokens = Counter({" Ärzte": 2, "straße": 3, "-room": 5, "it's": 1, " a": 4, "12": 1})
    counted = Counter({word.encode(): count for word, count in pretokens.items()})
    counted[b"\xff"] = 7
    found = constituents(counted, Halves(), 4)
    expected = {" Är": 2, "zte": 2, "str": 3, "aße": 3, "-ro": 5, "om": 5, "it's": 1, " a": 4}
    assert found == {word.encode(): count for word, count in {**expected, "12": 1}.items()} | {
        b"\xff": 7
    }


def test_hyphenated_words_are_counted_by_their_parts() -> None:
    documents = [b"Dining-room dining-room e-mail", b"dining-room"]
    assert count_hyphenated(documents) == {("dining", "room"): 3, ("e", "mail"): 1}


def test_without_hyphens_frequencies_decide() -> None:
    text = "haus tür haustür " * 40 + "haus tür " * 200
    with pytest.warns(SmallerVocabularyWarning):
        tokenizer = learn([text], kind="compound", vocab_size=400)
    assert tokenizer.metadata["decompounder"] == "frequencies"
    pieces = [tokenizer.vocabulary[id_] for id_ in tokenizer.encode(" haustür")]
    assert pieces == [b" haus", "tür".encode()]


def test_the_same_again() -> None:
    text = language(5)[0]
    first, second = (
        learn([text], kind="compound", vocab_size=500, threads=threads) for threads in (1, 2)
    )
    assert first.fingerprint() == second.fingerprint()


def test_bad_input() -> None:
    with pytest.raises(CorpusError, match="empty"):
        learn([""], kind="compound")
    with pytest.raises(LearnError, match="least_constituent 1"):
        learn(["a"], kind="compound", least_constituent=1)
    with pytest.warns(SmallerVocabularyWarning):
        tokenizer = learn([b"\xff\x00"], kind="compound", vocab_size=300)
    assert tokenizer.decode_bytes(tokenizer.encode(b"\xff\x00a")) == b"\xff\x00a"
