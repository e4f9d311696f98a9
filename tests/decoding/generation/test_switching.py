"""Latent and explicit steps: when they switch, and what is read in each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.switching import Mood, SwiReasoning, _Switching
from tokenry.errors import ModelError, UnsupportedError
from tokenry.models import causal_model

pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import VOCAB, example


def switching(**how: Any) -> _Switching:
    return _Switching(SwiReasoning(**how), causal_model(example("small")), Request(100, ends=(1,)))


def moods(run: _Switching, entropies: list[float]) -> list[bool]:
    """Whether each step is latent."""
    mood = Mood()
    return [run._step(mood, each, 5)[0] for each in entropies]


def test_latent_until_the_model_is_surer_then_explicit_for_a_while() -> None:
    run = switching(dwell=3)
    assert moods(run, [1, 2, 1.5, 0.9, 2, 2, 2, 2, 0.8]) == [
        True, True, True, False, False, False, True, True, False
    ]  # fmt: skip


def test_exact_ids_are_read_as_they_are() -> None:
    run = switching(exact=(5,))
    assert moods(run, [1.0, 2.0]) == [False, False]


def test_an_explicit_step_reads_its_id_and_a_latent_one_a_mixture() -> None:
    run = switching()
    row = np.linspace(0, 1, VOCAB, dtype=np.float32)
    explicit = run._read(row, 4, latent=False, first=False, step=3)
    assert explicit[4] == explicit.sum() == 1
    latent = run._read(row, 4, latent=True, first=False, step=3)
    np.testing.assert_allclose(latent, np.exp(row) / np.exp(row).sum(), rtol=1e-6)


def test_marks_of_thinking_are_mixed_in_where_a_block_begins() -> None:
    run = switching(begin=2, end=3, blend=0.6, blend_end=0.7)
    row = np.zeros(VOCAB, np.float32)
    latent = run._read(row, 4, latent=True, first=True, step=0)
    assert latent[2] == pytest.approx(0.4 + 0.6 / VOCAB)
    assert latent.sum() == pytest.approx(1)
    assert run._read(row, 4, latent=True, first=True, step=100)[2] == pytest.approx(1 / VOCAB)
    explicit = run._read(row, 4, latent=False, first=True, step=9)
    assert (explicit[4], explicit[3]) == (pytest.approx(0.7), pytest.approx(0.3))


def test_too_many_switches_end_thinking_and_then_begin_the_answer() -> None:
    run = switching(dwell=1, most=1, end=3, answer_prompt=(7, 8), answer=2)
    mood, written = Mood(), []
    for each in [1, 0.5, 2, 0.5, 2, 2, 2, 2, 2, 2]:
        run._step(mood, each, 5)
        row = np.zeros(VOCAB, np.float32)
        run._force(mood, row)
        written.append(int(row.argmax()) if np.isinf(row).any() else None)
    assert written == [None, None, 3, None, 7, 8, None, None, 1, 1]
    assert not mood.latent


def test_without_latent_steps_it_is_plain_decoding() -> None:
    from tokenry.decoding.generation.registry import method

    model, request = causal_model(example("small")), Request(12)
    every = tuple(range(VOCAB))
    prompts = [[3, 1, 4], [5]]
    found = SwiReasoning(exact=every).generate(model, prompts, request)
    plain = method("plain").generate(model, prompts, request)
    assert [each.ids for each in found] == [each.ids for each in plain]


@pytest.mark.parametrize("name", ["transformers, llama", "transformers, gemma3", "small"])
def test_a_mixture_of_one_id_is_that_id(name: str) -> None:
    model = causal_model(example(name))
    state = model.start([[3, 1, 4], [5]]).state
    plain = model.extend(state, [7, 9]).last
    weights = np.eye(model.input_rows)[[7, 9]]
    np.testing.assert_allclose(model.extend(state, [7, 9], mixtures=weights).last, plain, atol=1e-6)
    with pytest.raises(ModelError, match="mixtures of shape"):
        model.extend(state, [7, 9], mixtures=weights[:1])


def test_what_cannot_be_read() -> None:
    with pytest.raises(UnsupportedError, match="cache"):
        SwiReasoning().generate(causal_model(example("enumerable")), [[3]], Request(3))
    with pytest.raises(ModelError, match="dwell"):
        SwiReasoning(dwell=0)
