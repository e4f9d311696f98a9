"""Curated whole tokens: which are added, what is in conflict, and that no word is torn."""

from __future__ import annotations

from pathlib import Path

import pytest
import tokenizers

import tokenry
from tokenry.errors import CorpusError, LearnError, UnsupportedError
from tokenry.learning import Bpe, learn
from tokenry.learning.curated import Curated
from tokenry.learning.curation.conflicts import CuratedTokenWarning
from tokenry.learning.curation.lists import (
    default_list,
    enumerators,
    markup,
    numbers,
    read_list,
    roman,
    spaced,
    white_space,
    years,
)
from tokenry.tokenizer import Tokenizer

TEXT = (
    "Under 42 U.S.C. \u00a7 1983 the party pleads (a) fraud, (b) breach and (ii) waste.\n\n"
    "In 1995 and 2004 the art market, and the artists, lost 250 million.\n        <p>x</p>\n"
)


@pytest.fixture(scope="module")
def corpus(prose_text: str) -> list[str]:
    return [TEXT * 30, prose_text[:100_000]]


def pieces(tokenizer: Tokenizer, text: str) -> list[bytes | None]:
    return [tokenizer.vocabulary[id_] for id_ in tokenizer.encode(text)]


def test_tokens_stand_whole_and_words_are_not_torn(corpus: list[str]) -> None:
    tokenizer = Curated(vocab_size=1_500, tokens=(" U.S.C. \u00a7", " art", "ty")).learn(corpus)
    assert tokenizer.n_vocab == 1_500
    found = pieces(tokenizer, "18 U.S.C. \u00a7 1983 (b) the art party")
    assert " U.S.C. \u00a7".encode() in found
    assert b"1983" in found
    assert b" (b)" in found
    assert b" art" in found
    assert b"ty" not in found
    assert tokenizer.lossless


def test_every_id_is_used_and_the_rest_is_bpe(corpus: list[str]) -> None:
    tokenizer = Curated(vocab_size=900, built=()).learn(corpus)
    bpe = Bpe(vocab_size=900).learn(corpus)
    assert tokenizer.vocabulary == bpe.vocabulary
    for text in corpus:
        assert tokenizer.encode(text) == bpe.encode(text)


def test_built_tokens_that_the_data_lack_are_left_out(corpus: list[str]) -> None:
    vocabulary = Curated(vocab_size=1_500).learn(corpus).vocabulary
    assert b"1995" in vocabulary
    assert b"1889" not in vocabulary
    assert b"1889" in Curated(vocab_size=1_500, tokens=("1889",)).learn(corpus).vocabulary
    few = Curated(vocab_size=1_500, most=0.0).learn(corpus).vocabulary
    assert b"1995" not in few


def test_conflicts(corpus: list[str]) -> None:
    learner = Curated(
        vocab_size=1_200,
        tokens=("market", "market", " the", "tis", " art"),
        on_conflict="warn",
        built=(),
    )
    with pytest.warns(CuratedTokenWarning, match="'market' \\(twice\\)"):
        _, conflicts = learner.learn_checked(corpus)
    found = {(each.token, each.kind) for each in conflicts}
    assert ("market", "twice") in found
    assert (" the", "learnt") in found
    assert ("tis", "unreachable") in found
    assert (" art", "tears words") in found
    with pytest.raises(LearnError, match="unreachable"):
        Curated(vocab_size=1_200, tokens=("tis",), on_conflict="error").learn(corpus)
    tokenizer, _ = Curated(vocab_size=1_200, tokens=("tis", " art"), built=()).learn_checked(corpus)
    assert b"tis" not in tokenizer.vocabulary
    assert b" art" in tokenizer.vocabulary


def test_padding_to_a_power_of_two(corpus: list[str]) -> None:
    tokenizer = Curated(vocab_size=1_000, to_power_of_two=True).learn(corpus)
    assert tokenizer.n_vocab == 1_024
    assert not tokenizer.vocabulary.duplicates()
    spaces = max((p or b"" for p in tokenizer.vocabulary.pieces if p and not p.strip()), key=len)
    assert len(spaces) > 8
    assert len(tokenizer.encode(spaces)) == 1
    assert tokenizer.decode_bytes(tokenizer.encode(spaces + b"x")) == spaces + b"x"


def test_numbers_and_specials(corpus: list[str]) -> None:
    tokenizer = Curated(vocab_size=1_200, numbers="r2l3", special_tokens=("<s>",)).learn(corpus)
    assert tokenizer.vocabulary.roles[0] == "special"
    found = b"|".join(piece or b"" for piece in pieces(tokenizer, "1234567"))
    assert found.startswith(b"1|")


def test_the_file_of_others(corpus: list[str], tmp_path: Path) -> None:
    tokenizer = Curated(vocab_size=1_500, tokens=(" U.S.C. \u00a7",)).learn(corpus)
    report = tokenizer.save(tmp_path, sample=[TEXT])
    assert report.share == 1
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    for text in (TEXT, *default_list()[::50], "a(b)c 19955 <p>\n\n  1995"):
        assert theirs.encode(text).ids == tokenizer.encode(text)
    assert tokenry.load(tmp_path).fingerprint() == tokenizer.fingerprint()


def test_lists(tmp_path: Path) -> None:
    assert years()[0] == "1776"
    assert years()[-1] == "2049"
    assert len(numbers()) == 990
    assert {"(a)", "(zz)", "(xii)", "(12)"} <= set(enumerators())
    assert [roman(n) for n in (4, 9, 14, 40, 99)] == ["iv", "ix", "xiv", "xl", "xcix"]
    assert "\n" * 8 in white_space()
    assert "</div>" in markup()
    assert len(set(default_list())) == len(default_list())
    assert spaced(["art", "(a)", "19", "art"]) == ("art", " art", "(a)", " (a)", "19")
    path = tmp_path / "list.txt"
    path.write_text(" v. \n\nF.2d\n", "utf-8")
    assert read_list(path) == (" v. ", "F.2d")
    with pytest.raises(CorpusError, match="nothere"):
        read_list(tmp_path / "nothere")


def test_a_list_in_a_file(corpus: list[str], tmp_path: Path) -> None:
    path = tmp_path / "terms.txt"
    path.write_text(" habeas corpus\n habeas corpus\n", "utf-8")
    tokenizer, conflicts = Curated(vocab_size=900, lists=str(path)).learn_checked(corpus)
    assert len(tokenizer.encode(" habeas corpus")) == 1
    assert [(each.token, each.kind) for each in conflicts] == [(" habeas corpus", "twice")]


def test_bad_options() -> None:
    with pytest.raises(LearnError, match="300 curated tokens"):
        learn(["a"], kind="curated", vocab_size=500, tokens=tuple(f"t{n}" for n in range(300)))
    with pytest.raises(LearnError, match="empty"):
        Curated(tokens=("",))
    with pytest.raises(LearnError, match="maybe"):
        Curated(on_conflict="maybe")  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match="matches all text"):
        Curated(pretokenizer="whole")
