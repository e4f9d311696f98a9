"""What every generator promises: it learns a distribution by label, sampling is by seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tokenry.errors import PartError, SignalError
from tokenry.signals.generators.autoregressive import NextCodes
from tokenry.signals.generators.contract import ItemGenerator
from tokenry.signals.generators.masked import MaskedCodes
from tokenry.signals.generators.next_scales import NextScales
from tokenry.signals.generators.next_units import NextUnits
from tokenry.signals.generators.registry import GENERATORS
from tokenry.signals.generators.run import TrainedGenerator, train_generator
from tokenry.signals.generators.units import Units

torch = pytest.importorskip("torch")
SIZES = {"classes": 2, "width": 32, "layers": 2, "heads": 2}
LEVELS = (3, 2)
CODES: dict[str, ItemGenerator] = {
    "autoregressive": NextCodes.sized(LEVELS, 3, **SIZES),
    "masked": MaskedCodes.sized(LEVELS, 3, **SIZES),
}
VECTORS: dict[str, ItemGenerator] = {
    "next-units": NextUnits.sized(2, Units.cells(2, 2, 1), **SIZES),
    "next-scales": NextScales.sized(2, (1, 2), **SIZES),
}


def codes(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Of class 0 a row of one code, of class 1 codes 0, 1, 2; the second slot counts places."""
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 2
    first = np.where(labels[:, None], np.arange(3), rng.integers(0, 3, (count, 1)))
    second = (labels[:, None] + np.arange(3)) % 2
    return np.stack([first, second], -1), labels


def vectors(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Of class 0 all places near -1, of class 1 near 1, with a little noise."""
    labels = np.arange(count) % 2
    noise = np.random.default_rng(0).normal(0, 0.1, (count, 4, 2))
    return (2.0 * labels[:, None, None] - 1 + noise).astype(np.float32) + 5, labels


@pytest.fixture(scope="module")
def trained() -> dict[str, TrainedGenerator]:
    found = {}
    for name, generator in CODES.items():
        found[name] = train_generator(generator, *codes(64), steps=280, batch=32, rate=5e-3)
    for name, generator in VECTORS.items():
        found[name] = train_generator(generator, *vectors(64), steps=100, batch=32, rate=5e-3)
    return found


def test_all_that_are_registered_are_tried() -> None:
    others = {"any-to-any", "text-and-images"}  # which have tests of their own
    assert {*CODES, *VECTORS, *others} == set(GENERATORS)
    for name, generator in {**CODES, **VECTORS}.items():
        assert GENERATORS.load(name) is type(generator)


@pytest.mark.parametrize("name", CODES)
def test_codes_are_those_of_their_class(name: str, trained: dict[str, TrainedGenerator]) -> None:
    labels = np.arange(40) % 2
    made = trained[name].sample(40, labels=labels, seed=1)
    assert made.shape == (40, 3, 2)
    assert ((made >= 0) & (made < np.array(LEVELS))).all()
    steps = np.diff(made[..., 0], axis=1) % 3
    assert (steps == labels[:, None]).mean() > 0.8
    assert (made[..., 1] == (labels[:, None] + np.arange(3)) % 2).mean() > 0.8
    assert len(np.unique(made[:, 0, 0])) == 3  # not one for all


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_are_near_those_of_their_class(
    name: str, trained: dict[str, TrainedGenerator]
) -> None:
    labels = np.arange(40) % 2
    made = trained[name].sample(40, labels=labels, seed=1)
    assert made.shape == (40, 4, 2)
    means = [made[labels == label].mean() - 5 for label in (0, 1)]
    assert means[0] == pytest.approx(-1, abs=0.35)
    assert means[1] == pytest.approx(1, abs=0.35)


@pytest.mark.parametrize("name", [*CODES, *VECTORS])
def test_samples_are_a_function_of_the_seed(
    name: str, trained: dict[str, TrainedGenerator]
) -> None:
    sampler = trained[name]
    first = sampler.sample(6, seed=3)
    assert np.array_equal(first, sampler.sample(6, seed=3))
    assert not np.array_equal(first, sampler.sample(6, seed=4))


@pytest.mark.parametrize("name", CODES)
def test_without_heat_and_with_guidance(name: str, trained: dict[str, TrainedGenerator]) -> None:
    sampler = trained[name]
    cold = replace(sampler, generator=replace(sampler.generator, heat=0.0, guidance=2.0))
    steps = np.diff(cold.sample(8, labels=np.ones(8, int))[..., 0], axis=1) % 3
    assert (steps == 1).mean() > 0.9


def test_given_tokens_stay(trained: dict[str, TrainedGenerator]) -> None:
    sampler = trained["masked"]
    given = torch.full((3, 3, 2), -1)
    given[:, 0] = torch.tensor([2, 1])
    draw = torch.Generator().manual_seed(0)
    labels = torch.zeros(3, dtype=torch.int64)
    made = sampler.generator.completed(sampler.module, given, labels, draw)
    assert (made[:, 0] == torch.tensor([2, 1])).all()
    assert (made >= 0).all()


def test_no_place_sees_a_later_unit() -> None:
    generator = NextUnits.sized(2, Units.cells(2, 4, 2), **SIZES)
    module = generator.build().eval()
    x, time, labels = torch.randn(1, 8, 2), torch.rand(1, 8), torch.zeros(1, dtype=torch.int64)
    before = module(x, time, labels)
    x[:, 4:] += 1
    after = module(x, time, labels)
    assert torch.equal(before[:, :4], after[:, :4])
    assert not torch.equal(before[:, 4:], after[:, 4:])


def test_units_of_grids() -> None:
    assert Units.cells(2, 4, 2).order == (0, 1, 4, 5, 2, 3, 6, 7)
    assert Units.cells(2, 2, 1).counts == (1, 1, 1, 1)
    scattered = Units.subsamples(4, 4, 2)
    assert scattered.counts == (4, 12)
    assert scattered.order[:4] == (0, 2, 8, 10)
    assert (np.array(scattered.order)[scattered.back] == np.arange(16)).all()
    for make in (
        lambda: Units.cells(2, 3, 2), lambda: Units((0, 0), (2,)),
        lambda: Units.subsamples(1, 1, 3),
    ):  # fmt: skip
        with pytest.raises(PartError):
            make()


def test_what_cannot_be_trained_or_sampled(trained: dict[str, TrainedGenerator]) -> None:
    generator = CODES["masked"]
    with pytest.raises(SignalError, match="items of shape"):
        train_generator(generator, np.zeros((3, 4), np.int64))
    with pytest.raises(SignalError, match="labels of shape"):
        train_generator(generator, np.zeros((3, 4, 2), np.int64), np.zeros(2))
    with pytest.raises(SignalError, match="labels of shape"):
        trained["masked"].sample(3, labels=np.zeros(2))
    with pytest.raises(PartError, match="rising"):
        NextScales.sized(2, (2, 2))
