"""pFD-local: pictures of codes of which some were replaced."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_codecs import CODECS, base, images

from tokenry.signals.codec import Codec
from tokenry.signals.comparing.codec_report import measure_codec
from tokenry.signals.measures.local import train_local
from tokenry.signals.measures.perturbed import perturbed_codes, usual_swap
from tokenry.signals.perturbers.neighbours import NeighbourSwap
from tokenry.signals.pictures.album import Album

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def codec() -> Codec:
    return Codec(base().build(seed=1))


def test_a_share_of_tokens_is_replaced_by_seed(codec: Codec) -> None:
    codes = codec.encode(images(60), tokens=2)
    swap = NeighbourSwap(alpha=0.5, beta=1.0, delta=3)
    found = perturbed_codes(codec, codes, swap)
    assert np.array_equal(found.values, perturbed_codes(codec, codes, swap).values)
    other = perturbed_codes(codec, codes, swap, seed=1)
    assert not np.array_equal(found.values, other.values)
    assert np.array_equal(found.offsets, codes.offsets)
    assert (found.values < 16).all()
    changed = (found.values != codes.values).mean()
    assert 0.35 < changed < 0.65
    none = perturbed_codes(codec, codes, NeighbourSwap(alpha=0.0, beta=1.0))
    assert np.array_equal(none.values, codes.values)


def test_the_usual_swap_is_for_tokens_that_are_places() -> None:
    usual = usual_swap(base())
    assert usual is not None
    assert (usual.alpha, usual.beta, usual.delta) == (0.5, 1.0, 1)
    assert usual_swap(CODECS["bottlenecks/scales"]) is None
    assert usual_swap(CODECS["bottlenecks/continuous"]) is None


def test_a_codec_is_measured_by_it_where_there_is_a_classifier(codec: Codec) -> None:
    def album(seed: int) -> Album:
        labels = np.arange(16, dtype=np.int64) % 2
        return Album(images(16, seed), tuple(map(str, range(16))), labels, ("a", "b"))

    classifier = train_local(album(1), steps=1, batch=4, width=4)
    found = measure_codec(codec, album(2), classifier=classifier, baselines=False)
    assert found.scores[0].figures["pfd_local"] > 0
    assert "pfd_local" not in measure_codec(codec, album(2)).scores[0].figures
