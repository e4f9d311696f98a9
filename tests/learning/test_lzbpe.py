"""Compression-aware BPE, held to scoring everything anew with a readable LZ78."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tokenry.errors import LearnError
from tokenry.learning import Bpe, MergeList
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.bpe_twin import count_pairs, merge, pretokens, replay
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.lzbpe import LzBpe


def phrases(symbols: list[int]) -> int:
    known, current, found = {()}, (), 0
    for symbol in symbols:
        current = (*current, symbol)
        if current not in known:
            known.add(current)
            current, found = (), found + 1
    return found + bool(current)


def coded(words: list[list[int]], made: int, pair: tuple[int, int]) -> int:
    return phrases([symbol for word in words for symbol in merge(word, pair, made)])


def by_hand(text: str, size: int, candidates: int) -> MergeList:
    """One merge a step; the sample is the whole text."""
    learnt = MergeList((), BYTE_ORDER)
    words = [replay(word, learnt) for word in pretokens(text.encode(), pretokenizer_named("o200k"))]
    while len(learnt) < size:
        counts = count_pairs([(word, 1) for word in words])
        order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        known = set(learnt.pieces)
        allowed = [p for p, _ in order if learnt.pieces[p[0]] + learnt.pieces[p[1]] not in known]

        best = min(allowed[:candidates], key=partial(coded, words, len(learnt)))
        words = [merge(word, best, len(learnt)) for word in words]
        learnt.add(*best, counts[best])
    return learnt


def test_merges_are_those_of_scoring_anew(prose_text: str) -> None:
    text = prose_text[:2_000]
    ours = LzBpe(vocab_size=290, candidates=6, step=1, sample_bytes=10**6).learn_model([text])
    theirs = by_hand(text, 290, 6)
    assert ours.merges == theirs.merges
    assert ours.counts == theirs.counts


def test_one_candidate_is_bpe(prose_text: str) -> None:
    text = [prose_text[:100_000]]
    ours = LzBpe(vocab_size=800, candidates=1, step=1).learn_model(text)
    plain = Bpe(vocab_size=800).learn_model(text)
    assert (ours.merges, ours.counts) == (plain.merges, plain.counts)


def test_it_chooses_otherwise_than_bpe(prose_text: str) -> None:
    text = [prose_text[at : at + 3_000] for at in range(0, 90_000, 3_000)]
    ours = LzBpe(vocab_size=800).learn_model(text)
    assert len(set(ours.pieces)) == 800
    assert ours.pieces != Bpe(vocab_size=800).learn_model(text).pieces
    assert ours.pieces == LzBpe(vocab_size=800, threads=1).learn_model(text).pieces


def test_an_interrupted_run_goes_on(prose_text: str, tmp_path: Path) -> None:
    def interrupt(stage: str, done: int, total: int | None) -> None:
        if stage == "merge" and done > 500:
            raise KeyboardInterrupt

    learner, text, path = LzBpe(vocab_size=700), [prose_text[:60_000]], tmp_path / "c.json"
    with pytest.raises(KeyboardInterrupt):
        learner.learn_model(text, progress=interrupt, checkpoint=path)
    again = learner.learn_model(text, checkpoint=path)
    assert again.merges == learner.learn_model(text).merges


@pytest.mark.parametrize(
    "options", [{"step": 0}, {"step": 5, "candidates": 4}, {"sample_bytes": 0}]
)
def test_options_are_checked(options: dict[str, int]) -> None:
    with pytest.raises(LearnError):
        LzBpe(**options)
