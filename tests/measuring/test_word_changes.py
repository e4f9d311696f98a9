"""Words that two tokenizers cut otherwise."""

from __future__ import annotations

import pytest

from tokenry.errors import CorpusError
from tokenry.learning import learn
from tokenry.measuring.encoded import Sample, encode_sample, encode_spans
from tokenry.measuring.word_changes import changed_words


def test_changed_words_are_those_whose_cuts_differ() -> None:
    text = b"low lower lowest low"
    whole = learn([text.decode() * 30], vocab_size=262, pretokenizer="gpt2")
    letters = learn([text.decode() * 30], vocab_size=256, pretokenizer="gpt2")
    sample = Sample.of([text])
    words = changed_words(encode_spans(whole, sample), encode_spans(letters, sample))
    assert words.types == 3
    assert words.occurrences == 4
    assert words.changed_types == 3
    assert words.changed_occurrences == 4
    shown = {each.word: each for each in words.examples}
    assert shown["low"].second == "l|o|w"
    assert shown["low"].count == 2
    same = changed_words(encode_spans(whole, sample), encode_spans(whole, sample))
    assert same.changed_occurrences == 0
    assert same.examples == ()


def test_needs_the_ends_of_tokens() -> None:
    tokenizer = learn(["low lower"], vocab_size=256, pretokenizer="gpt2")
    encoded = encode_sample(tokenizer, Sample.of([b"low"]))
    with pytest.raises(CorpusError, match="encode_spans"):
        changed_words(encoded, encoded)
