from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given

from fuzz_text import texts
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.sentences import MOST_WORDS, SentencePretokenizer

O200K = SentencePretokenizer(NativePretokenizer("o200k"))


def cut(data: bytes, pretokenizer: SentencePretokenizer = O200K) -> list[bytes]:
    found = pretokenizer(data)
    ranges = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    return [found.data[start:end] for start, end in ranges]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two!  Three?", ["One.", " Two!", "  Three?"]),
        ('"Go." He said (so!) "Why?"', ['"Go."', " He said (so!)", ' "Why?"']),
        ("pi is 3.14, e.g.that", ["pi is 3.14, e.g.that"]),
        ("line one\nline two\r\n\n  three", ["line one\n", "line two\r\n\n", "  three"]),
        ("今天很好。明天呢？好", ["今天很好", "。明天呢", "？好"]),
        ("今天很好。\n好", ["今天很好。\n", "好"]),
        ("यह है। वह", ["यह है।", " वह"]),
        ("", []),
        (".", ["."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert cut(text.encode()) == [sentence.encode() for sentence in sentences]


def test_a_mark_that_is_a_word_of_its_own() -> None:
    letters = SentencePretokenizer(RegexPretokenizer(r"[\s\S]"))
    assert cut(b'a." b', letters) == [b'a."', b" b"]


@given(text=texts())
def test_sentences_tile_the_text_and_stay_when_cut_alone(text: str) -> None:
    for pretokenizer in (O200K, SentencePretokenizer(NativePretokenizer("gpt2"), 2)):
        sentences = cut(text.encode(), pretokenizer)
        assert b"".join(sentences) == text.encode()
        for sentence in sentences:
            assert cut(sentence, pretokenizer) == [sentence]


def test_long_sentences_are_cut() -> None:
    words = [b" word"] * 1000
    sizes = [sentence.count(b"word") for sentence in cut(b"".join(words))]
    assert sizes == [MOST_WORDS] * 7 + [1000 - 7 * MOST_WORDS]


def test_alignment_of_the_words_is_passed_on() -> None:
    from tokenry.spans import Alignment
    from tokenry.text.parts import Pretokenizer, Pretokens

    @dataclass(frozen=True)
    class Doubling(Pretokenizer):
        def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
            ends = np.array([2 * len(data)], np.uint64)
            places = np.repeat(np.arange(len(data)), 2)
            return Pretokens(data * 2, ends * 0, ends, Alignment(places, places + 1))

    found = SentencePretokenizer(Doubling())(b"ab")
    assert found.alignment is not None
    assert found.ends.tolist() == [4]


def test_a_sentence_has_a_word() -> None:
    with pytest.raises(ValueError, match="most_words is 0"):
        SentencePretokenizer(NativePretokenizer("gpt2"), 0)
