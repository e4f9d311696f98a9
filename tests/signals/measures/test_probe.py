"""A linear probe of codes."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_codecs import CODECS, base, images

from tokenry.errors import SignalError
from tokenry.signals.codec import Codec
from tokenry.signals.measures.probe import LinearProbe, code_vectors


def test_finds_what_is_linear_and_nothing_in_noise() -> None:
    draw = np.random.default_rng(0)
    noise, labels = draw.normal(size=(600, 20)), draw.integers(0, 3, 600)
    told = noise + 3 * np.eye(3)[labels] @ draw.normal(size=(3, 20))
    learnt, others = slice(0, 400), slice(400, 600)

    def right(features: np.ndarray) -> float:
        probe = LinearProbe.fit(features[learnt], labels[learnt], 3)
        return float((probe(features[others]) == labels[others]).mean())

    assert right(told) > 0.95
    assert right(noise) < 0.5
    assert right(np.ones((600, 2))) < 0.5  # nothing varies


def test_is_the_least_squares_with_its_penalty() -> None:
    draw = np.random.default_rng(1)
    x, labels = draw.normal(size=(50, 4)), draw.integers(0, 2, 50)
    probe = LinearProbe.fit(x, labels, 2)
    centred, wanted = x - x.mean(0), np.eye(2)[labels]
    unit = np.linalg.eigvalsh(centred.T @ centred / 50).mean()
    each = [
        np.linalg.solve(
            centred.T @ centred / 50 + penalty * unit * np.eye(4),
            centred.T @ (wanted - wanted.mean(0)) / 50,
        )
        for penalty in (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
    ]
    assert any(np.allclose(probe.weights, weights) for weights in each)
    with pytest.raises(SignalError, match="a label for each"):
        LinearProbe.fit(x, labels[:4], 2)


def test_codes_say_vectors_at_places() -> None:
    pytest.importorskip("torch")
    codec = Codec(base().build(seed=1))
    whole = code_vectors(codec, codec.encode(images(5)))
    first = code_vectors(codec, codec.encode(images(5), tokens=1))
    assert whole.shape == first.shape == (5, 12)
    assert np.array_equal(first[:, :4], whole[:, :4])
    assert not first[:, 4:].any()
    scales = Codec(CODECS["bottlenecks/scales"].build(seed=1))
    assert code_vectors(scales, scales.encode(images(5))).shape == (5, 16)
