"""Where pieces may not cross."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tokenry.errors import CorpusError
from tokenry.sentencepiece.training.options import TrainingOptions
from tokenry.sentencepiece.training.words import Cutter, count, sentences
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer


def parts(word: str, alphabet: str | None = None, **options: Any) -> list[str]:
    return [*Cutter(alphabet or word, TrainingOptions(**options)).parts(word)]


@pytest.mark.parametrize(
    ("word", "options", "expected"),
    [
        (" word", {}, [" word"]),
        (" ab12,", {}, [" ab", "12,"]),
        (" ab12,", {"split_by_number": False}, [" ab12,"]),
        ("a1\u044f", {"split_by_number": False}, ["a1\u044f"]),
        (" 123", {"split_digits": True}, [" ", "1", "2", "3"]),
        ("\u6771\u4eac\u30bf\u30ef\u30fc\u306e", {}, ["\u6771\u4eac\u30bf\u30ef\u30fc\u306e"]),
        ("a\u0301b\u044f", {}, ["a\u0301b", "\u044f"]),
        (",\u0301b", {}, [",\u0301", "b"]),
        ("ab,\u044f1", {"split_by_unicode_script": False}, ["ab,\u044f1"]),
    ],
)
def test_parts(word: str, options: dict[str, Any], expected: list[str]) -> None:
    assert parts(word, **options) == expected


def test_characters_outside_the_alphabet_are_left_out() -> None:
    assert parts("abxcdxx", "abcd") == ["ab", "cd"]


def counted(given: Iterable[str | bytes], **options: Any) -> dict[str, int]:
    chosen = TrainingOptions(**options)
    normalizer = SentencePieceNormalizer(remove_extra_spaces=False)
    return dict(count(sentences(given, chosen), normalizer, chosen).whole)


def test_words_begin_with_spaces_or_end_with_them() -> None:
    assert counted(["a b", b"b  a\n"]) == {" a": 2, " b": 2, " ": 1}
    assert counted(["a b"], treat_whitespace_as_suffix=True) == {" ": 1, "a ": 1, "b": 1}


def test_symbols_are_no_words() -> None:
    assert counted(["ab<x>c <x>"], user_defined_symbols=["<x>", "\u2581c"]) == {
        " ab": 1, "c": 1, " ": 1,
    }  # fmt: skip


def test_which_sentences_are_taken() -> None:
    lines = [f"{at:03}" for at in range(200)]
    first = counted(lines, input_sentence_size=3, shuffle_input_sentence=False)
    assert first == {" 000": 1, " 001": 1, " 002": 1}
    drawn = counted(lines, input_sentence_size=50, random_seed=1)
    assert len(drawn) == 50
    assert drawn != counted(lines, input_sentence_size=50, random_seed=2)
    assert counted(["ab", "long"], max_sentence_length=3) == {" ab": 1}
    assert counted(["a\t3", "b\t2"], input_format="tsv") == {" a": 3, " b": 2}
    with pytest.raises(CorpusError, match="no sentences"):
        counted([""])


def test_the_alphabet_covers_the_text_and_what_is_required() -> None:
    chosen = TrainingOptions(character_coverage=0.8, required_chars="z")
    given = sentences(["aaaaaaaabbyz"], chosen)
    found = count(given, SentencePieceNormalizer(dummy="none"), chosen)
    assert found.alphabet == ["a", "b", "z"]
    assert found.parts == {"aaaaaaaabb": 1, "z": 1}
