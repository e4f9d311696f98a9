"""Replays by changes against counting anew after every merge."""

from __future__ import annotations

import numpy as np
import pytest

from tests.shares import draw, share
from tokenry.learning import learner
from tokenry.measuring.mixture.merge_order import MergeOrder, merge_order
from tokenry.measuring.mixture.replay import Replay, known_parts, replay, replay_by_hand
from tokenry.text.pretokenizers.names import splitter_named
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

LETTERS = "aab\u00e9\u4e2d"


def tables(found: Replay, merges: int) -> list[dict[tuple[int, int], int]]:
    """Counts before each merge and after the last, from changes."""
    now: dict[tuple[int, int], int] = {}
    out = []
    for step in range(merges + 1):
        at = found.steps == step
        for pair, count in zip(found.pairs[at].tolist(), found.counts[at].tolist(), strict=True):
            now[pair >> 32, pair & 0xFFFFFFFF] = int(count)
        out.append({pair: count for pair, count in now.items() if count})
    return out


def words(purpose: object) -> dict[bytes, int]:
    source = draw(purpose)
    made = ("".join(source.choices(LETTERS, k=source.randint(1, 9))) for _ in range(12))
    return {word.encode(): source.randint(1, 5) for word in made}


def some_merges(purpose: object, base: tuple[bytes, ...], characters: bool) -> MergeOrder:
    source = draw((purpose, "merges"))
    pairs: list[tuple[int, int]] = []
    used = [n for n, piece in enumerate(base) if piece in LETTERS.encode() or characters]
    for number in range(8):
        pairs.append((source.choice(used), source.choice(used)))
        used.append(len(base) + number)
    return MergeOrder(base, np.array(pairs, np.uint32), characters, 0)


@pytest.mark.parametrize("characters", [False, True])
def test_changes_give_the_counts_of_the_twin(characters: bool) -> None:
    base = tuple(
        [letter.encode() for letter in sorted(set(LETTERS))]
        if characters
        else [bytes([byte]) for byte in range(256)]
    )
    for case in range(share(40)):
        counted, order = words(case), some_merges(case, base, characters)
        by_hand = list(replay_by_hand(counted, order))
        found = replay(counted, order)
        assert tables(found, len(order)) == [dict(each) for each in by_hand]
        own = [
            counts[left, right]
            for counts, (left, right) in zip(by_hand[:-1], order.pairs.tolist(), strict=True)
        ]
        assert found.own.tolist() == own


def test_rare_pairs_are_left_out_and_told_as_none() -> None:
    counted, order = (
        words("rare"),
        some_merges("rare", tuple(bytes([b]) for b in range(256)), False),
    )
    whole, some = tables(replay(counted, order), 8), tables(replay(counted, order, least=4), 8)
    for all_, few in zip(whole, some, strict=True):
        assert few == {pair: count for pair, count in all_.items() if count >= 4}


def test_words_are_cut_at_characters_that_merging_does_not_know() -> None:
    order = MergeOrder((b"a", b"b"), np.zeros((0, 2), np.uint32), True, 0)
    assert known_parts({"ab\u4e2dba".encode(): 3, b"b": 1}, order) == {b"ab": 3, b"ba": 3, b"b": 1}


def test_redundant_merges_are_left_out() -> None:
    pieces = [bytes([byte]) for byte in range(256)] + [b"ab", b"bc", b"abc"]
    vocabulary = Vocabulary(pieces)
    a, b, c = (ord(each) for each in "abc")
    merges = [(a, b, 256), (b, c, 257), (256, c, 258), (a, 257, 258)]
    segmenter = BytePairSegmenter.from_merges(vocabulary, np.array(merges, np.uint32))
    splitter = splitter_named("whole")
    assert splitter is not None
    tokenizer = Tokenizer(vocabulary=vocabulary, segmenter=segmenter, pretokenizer=splitter)
    order = merge_order(tokenizer)
    assert order.pieces()[256:] == [b"ab", b"bc", b"abc"]
    assert order.pairs.tolist() == [[a, b], [b, c], [256, c]]
    assert order.left_out == 1


def test_the_merges_of_a_learner_come_in_its_order() -> None:
    tokenizer = learner("bpe", vocab_size=266).learn(["abab abc bcd " * 20, "the cat that sat"])
    order = merge_order(tokenizer, 10)
    assert order.pieces()[256:] == list(tokenizer.vocabulary.pieces[256:266])
