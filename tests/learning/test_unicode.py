"""A vocabulary of all characters: what is covered, with which ids, and what becomes of the rest."""

from __future__ import annotations

import unicodedata
import warnings

import pytest

from tokenry.errors import LearnError
from tokenry.learning import learn
from tokenry.learning.unicode import SmallerCoverWarning, UnicodeCentric
from tokenry.learning.unicode_cover import covered
from tokenry.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def tokenizer(prose_text: str, multilingual_text: str) -> Tokenizer:
    return learn([prose_text, multilingual_text], kind="unicode")


def test_every_assigned_character_is_one_id(tokenizer: Tokenizer) -> None:
    assert tokenizer.n_vocab <= 65_536
    for code in range(0x10000):
        character = chr(code)
        # Python may know an older Unicode than the core, never a newer one.
        if unicodedata.category(character) not in ("Cn", "Co", "Cs"):
            assert character.encode() in tokenizer.vocabulary, hex(code)
    sample = [chr(code) for code in range(0x80, 0x10000, 97) if unicodedata.name(chr(code), "")]
    assert [tokenizer.count(each) for each in sample] == [1] * len(sample)


def test_ids_of_characters_do_not_depend_on_the_data(tokenizer: Tokenizer) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = learn(["only this"], kind="unicode")
    size = 256 + len(covered("bmp"))
    assert other.vocabulary.pieces[:size] == tokenizer.vocabulary.pieces[:size]
    assert len(covered("all")) > 2 * len(covered("bmp"))


def test_strings_come_after_and_are_whole_characters(tokenizer: Tokenizer) -> None:
    strings = tokenizer.vocabulary.pieces[256 + len(covered("bmp")) :]
    assert b" the" in strings
    for piece in strings:
        assert piece is not None
        assert len(piece.decode()) > 1


def test_what_is_not_covered_is_bytes(tokenizer: Tokenizer) -> None:
    for text in ("\U0001f600", "\ue000", "\U0010ffff", "a\U00020000b"):
        assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.count("\U0001f600") == 4
    assert tokenizer.decode_bytes(tokenizer.encode(b"\xff\x80a")) == b"\xff\x80a"


def test_a_vocabulary_without_room_covers_the_data(multilingual_text: str) -> None:
    with pytest.warns(SmallerCoverWarning, match="65,536"):
        tokenizer = learn([multilingual_text], kind="unicode", vocab_size=2_000)
    assert tokenizer.n_vocab == 2_000
    assert tokenizer.metadata["cover"] == "corpus"
    assert tokenizer.decode(tokenizer.encode(multilingual_text)) == multilingual_text
    quiet = learn([multilingual_text], kind="unicode", vocab_size=2_000, cover="corpus")
    assert quiet.vocabulary == tokenizer.vocabulary


def test_covers_that_do_not_fit() -> None:
    with pytest.raises(LearnError, match="no room for the 55"):
        learn(["a"], kind="unicode", vocab_size=50_000, cover="bmp")
    with pytest.raises(LearnError, match="most"):
        UnicodeCentric(cover="most")  # type: ignore[arg-type]
