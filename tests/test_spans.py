"""Offsets of characters, and tokens aligned with words."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tokenry.errors import EncodeError
from tokenry.learning import learn
from tokenry.spans import align_labels

TEXT = "Zoë Müller visited 東京 in May 2024. " * 30


def by_hand(spans: list[list[int]], words: list[list[int]]) -> list[int]:
    """The first word that a token shares a place with."""
    found = []
    for begin, end in spans:
        shared = (at for at, (b, e) in enumerate(words) if max(b, begin) < min(e, end))
        found.append(next(shared, -1))
    return found


def test_labels_are_those_of_the_words_that_tokens_share_something_with() -> None:
    draw = random.Random(5)
    for _ in range(300):
        places = sorted(draw.sample(range(40), 2 * draw.randint(0, 6)))
        words = [list(each) for each in zip(places[::2], places[1::2], strict=True)]
        spans = [sorted((draw.randrange(41), draw.randrange(41))) for _ in range(8)]
        assert align_labels(np.array(spans), np.array(words)).tolist() == by_hand(spans, words)


def test_words_in_no_order_are_refused() -> None:
    with pytest.raises(EncodeError, match="ascending"):
        align_labels(np.array([[0, 1]]), np.array([[3, 5], [0, 2]]))


def test_offsets_of_characters_and_batches() -> None:
    tokenizer = learn([TEXT], vocab_size=280, special_tokens=("<s>",)).configured(
        bos="<s>", add_bos=True
    )
    text = TEXT[:38]
    (ids, spans), (_, alone) = tokenizer.encode_batch_with_spans(
        [text, ""], offsets="char", add_special_tokens=True
    )
    assert spans[0].tolist() == [0, 0]
    assert alone.tolist() == [[0, 0]]
    assert len(ids) == len(spans)
    words = [(text.index(word), text.index(word) + len(word)) for word in ("Zoë", "東京", "May")]
    labels = align_labels(spans, np.array(words))
    for word, (begin, end) in enumerate(words):
        mine = spans[labels == word]
        assert mine[:, 0].min() <= begin < end <= mine[:, 1].max()
    assert tokenizer.decode(ids[labels == 1].tolist()).strip() == "東京"
    with pytest.raises(EncodeError, match="of a str"):
        tokenizer.encode_with_spans(b"x", offsets="char")
    with pytest.raises(TypeError, match="texts "):
        tokenizer.encode_batch_with_spans("x")
