from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenry.auditing.capacity import information_capacity
from tokenry.auditing.threads import follow_threads, make_thread
from tokenry.errors import ArgumentError, CorpusError
from tokenry.learning import learner
from tokenry.models import CausalModel, Enumerable, causal_model
from tokenry.tokenizer import Tokenizer

TEXTS = ["the cat sat", "on the mat the cat", "x"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return learner("bpe", vocab_size=266, special_tokens=("<a>", "<b>")).learn(
        ["the cat sat on "] * 40
    )


@pytest.fixture(scope="module")
def model(tokenizer: Tokenizer) -> CausalModel:
    return causal_model(Enumerable(drawn_table(len(tokenizer)), begin=0, end=1))


def drawn_table(size: int) -> NDArray[np.float32]:
    table = np.random.default_rng(2).normal(size=(size, size)).astype(np.float32)
    table[:, 0] = -np.inf
    return table


def test_figures_follow_from_their_parts(tokenizer: Tokenizer, model: CausalModel) -> None:
    class Counted:
        """The model, whose table counts as a thousand operations a position."""

        def __getattr__(self, name: str) -> object:
            return getattr(model, name)

    found = information_capacity(model, tokenizer, TEXTS, offset=0.0, longest=4)
    rows = [tokenizer.encode(text)[:4] for text in TEXTS[:2]]
    read = [b"".join(tokenizer.decode_bytes([id_]) for id_ in row[1:]) for row in rows]
    assert found.texts == 2
    assert found.tokens == sum(len(row) - 1 for row in rows)
    assert found.cut == sum(len(tokenizer.encode(text)) > 4 for text in TEXTS)
    assert found.bytes_per_token == pytest.approx(sum(map(len, read)) / found.tokens)
    assert found.bits_per_byte == pytest.approx(found.bits_per_character)
    saved = found.bytes_per_token * (8 - found.bits_per_byte)
    assert found.capacity == pytest.approx(saved / np.log2(found.flops_per_token))
    shifted = information_capacity(model, tokenizer, TEXTS, offset=-2.0, longest=4)
    assert shifted.capacity == pytest.approx((saved - 2) / np.log2(found.flops_per_token))
    assert found.context_tokens is None
    assert found.context_characters is None


def test_texts_too_short_are_refused(tokenizer: Tokenizer, model: CausalModel) -> None:
    with pytest.raises(CorpusError, match="no text has two tokens"):
        information_capacity(model, tokenizer, ["x"])
    with pytest.raises(ArgumentError, match="2 or more tokens"):
        information_capacity(model, tokenizer, TEXTS, longest=1)


def test_a_thread_leads_to_its_answer() -> None:
    for steps in (1, 3):
        thread = make_thread(12, steps, seed=5)
        lines = [line.split(" -> ") for line in thread.prompt.splitlines() if " -> " in line]
        arrows = dict(lines)
        assert len(arrows) == 12
        at = thread.prompt.splitlines()[-1].split()[3]
        for _ in range(steps):
            at = arrows[at]
        assert at == thread.answer
        assert thread.answer in thread.choices
        assert not set(thread.choices) & set(arrows)
        assert not any(f"ends in {choice}" in thread.prompt for choice in thread.choices)
    with pytest.raises(ArgumentError, match="make 2 threads"):
        make_thread(4, 2, seed=0)


def test_threads_have_the_names_that_are_given() -> None:
    names = [f"n{number}" for number in range(12)]
    thread = make_thread(6, 1, seed=2, names=names)
    assert {thread.answer, *thread.choices} <= set(names)
    with pytest.raises(ArgumentError, match="11 different ones, and these threads need 12"):
        make_thread(6, 1, seed=2, names=[*names[:11], "n0"])


def test_ends_may_be_single_tokens() -> None:
    letters = "abcdefgh"
    bpe = learner("bpe", vocab_size=266, special_tokens=("<a>", "<b>"))
    tokenizer = bpe.learn([f"0 {letter}" for letter in letters] * 9)
    assert all(len(tokenizer.encode(f" {letter}")) == 1 for letter in letters)
    model = causal_model(Enumerable(drawn_table(len(tokenizer)), begin=0, end=1))
    assert follow_threads(model, tokenizer, steps=1, pairs=4, count=2, names=letters).threads == 2


def test_who_knows_nothing_is_right_by_chance(tokenizer: Tokenizer, model: CausalModel) -> None:
    found = follow_threads(model, tokenizer, steps=1, pairs=4, count=6)
    assert found.chance == pytest.approx(1 / 3)  # one of four threads is the example
    assert found.correct == np.mean(found.hits)
    assert found.tokens < found.characters
