"""Ensembles are what is made of their members' enumerations, whatever their vocabularies."""

from __future__ import annotations

import numpy as np
import pytest

from enumerated_texts import EnumeratedTexts, byte_pairs, listed
from tokenry.decoding.bytewise import ByteModel, Ensemble, GeometricMean, Mean, ProxyTuned
from tokenry.errors import ModelError
from tokenry.models import Enumerable

ALPHABET = (b"a", b"b", b" ")
MERGES = (
    ((b"a", b"b"), (b" ", b"a")),
    ((b"b", b"a"), (b"b", b"b"), (b"a", b"a")),
    ((b" ", b" "),),
)
TEXTS = (b"", b"a", b"ab", b"ba ", b"b")


def members() -> tuple[list[ByteModel], list[EnumeratedTexts]]:
    models, oracles = [], []
    for seed, merges in enumerate(MERGES):
        tokenizer = byte_pairs("gpt2", merges, ALPHABET)
        table = Enumerable.drawn(len(tokenizer.vocabulary) + 2, order=1, seed=seed, spread=1.2)
        models.append(ByteModel(table, tokenizer, begin=[table.begin], ends=[table.end]))
        oracles.append(EnumeratedTexts(table, tokenizer, listed(tokenizer, 7, ALPHABET)))
    return models, oracles


def normal(values: np.ndarray) -> np.ndarray:
    found: np.ndarray = values / values.sum()
    return found


def moved(tuned: np.ndarray, plain: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.divide(tuned, plain, np.ones(len(plain)), where=plain > 0)
    return found


@pytest.mark.parametrize(
    ("combination", "made"),
    [
        (Mean(), lambda p: p.mean(0)),
        (Mean((1.0, 3.0, 0.0)), lambda p: (p[0] + 3 * p[1]) / 4),
        (GeometricMean(), lambda p: normal(p.prod(0) ** (1 / 3))),
        (ProxyTuned(), lambda p: normal(p[0] * moved(p[1], p[2]))),
    ],
)  # fmt: skip
def test_ensembles_are_made_of_enumerations(combination: Mean, made: object) -> None:
    models, oracles = members()
    ensemble = Ensemble(models, combination)
    for text in TEXTS:
        expected = made(np.stack([oracle.next_bytes(text) for oracle in oracles]))  # type: ignore[operator]
        found = np.exp(ensemble.next_byte_logprobs(text))
        np.testing.assert_allclose(found, expected, atol=1e-9)
        assert abs(found.sum() - 1) < 1e-12


def test_a_model_with_itself_is_itself() -> None:
    (model, *_), _ = members()
    for combination in (Mean(), GeometricMean(), ProxyTuned()):
        ensemble = Ensemble([model] * 3, combination)
        for text in TEXTS:
            alone = np.exp(model.next_byte_logprobs(text))
            np.testing.assert_allclose(np.exp(ensemble.next_byte_logprobs(text)), alone, atol=1e-12)
        assert ensemble.sample(b"a", seed=4, max_bytes=9) == model.sample(b"a", seed=4, max_bytes=9)


def test_lanes_can_be_chosen_again() -> None:
    models, _ = members()
    lanes = Ensemble(models).lanes([b"a", b"b"]).advance([b"b", b""])
    logprobs = lanes.logprobs()
    again = lanes.select([1, 0, 1]).advance([b"a", b" ", b"b"]).logprobs()
    fresh = Ensemble(models).lanes([b"ba", b"ab ", b"bb"]).logprobs()
    np.testing.assert_allclose(np.exp(again), np.exp(fresh), atol=1e-9)
    np.testing.assert_array_equal(lanes.logprobs(), logprobs)


def test_errors_name_what_is_missing() -> None:
    models, _ = members()
    with pytest.raises(ModelError, match="no members"):
        Ensemble([])
    with pytest.raises(ModelError, match="needs three members"):
        Ensemble(models[:2], ProxyTuned()).next_byte_logprobs(b"a")
    with pytest.raises(ModelError, match="give one for each"):
        Ensemble(models[:2], Mean((1.0,))).next_byte_logprobs(b"a")
