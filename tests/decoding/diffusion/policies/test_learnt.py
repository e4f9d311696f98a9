"""A policy that learns by reward: it finds out how much it may unmask at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenry.models.state import Array

torch = pytest.importorskip("torch")

from tokenry.decoding.diffusion.denoiser import Denoiser  # noqa: E402
from tokenry.decoding.diffusion.denoising import Denoising, denoise  # noqa: E402
from tokenry.decoding.diffusion.policies.learnt import (  # noqa: E402
    LearntPolicy,
    PolicyGradient,
    PolicyNetwork,
)
from tokenry.neural import Transformer  # noqa: E402
from tokenry.neural.topologies.bidirectional import Bidirectional  # noqa: E402
from tokenry.neural.training.budgets.steps import Steps  # noqa: E402
from tokenry.neural.training.data.batch import Batch  # noqa: E402
from tokenry.neural.training.data.shuffled import Shuffled  # noqa: E402
from tokenry.neural.training.optimizers.adamw import AdamW  # noqa: E402
from tokenry.neural.training.trainer import Trainer  # noqa: E402

HOW = Denoising(length=6, block=6)


def always_right(prompts: Array, ids: Array) -> NDArray[np.float64]:
    return np.ones(len(ids))


@pytest.fixture(scope="module")
def denoiser() -> Denoiser:
    config = Transformer.small(9, width=16, layers=1, heads=2)
    backbone = replace(config.backbone, topology=Bidirectional())
    return Denoiser(replace(config, backbone=backbone).build(seed=1))


def test_where_all_is_right_it_learns_to_unmask_all_at_once(denoiser: Denoiser) -> None:
    torch.manual_seed(0)
    network = PolicyNetwork(width=16)
    prompts = np.array([[1, 2], [3, 4], [5, 6]])
    before = denoise(denoiser, prompts, replace(HOW, policy=LearntPolicy(network))).calls
    assert before.tolist() == [6, 6, 6]  # it starts by unmasking one place a call

    def make(numbers: NDArray[np.int64]) -> Batch:
        return Batch({"prompts": prompts[numbers]})

    batches = Shuffled(3, 3, make, passes=None)
    step = PolicyGradient(denoiser, HOW, always_right, group=4)
    Trainer(optimizer=AdamW(rate=0.03), budget=Steps(25)).fit(network, step, batches)
    after = denoise(denoiser, prompts, replace(HOW, policy=LearntPolicy(network))).calls
    assert after.tolist() == [1, 1, 1]


def test_rewards_are_how_right_times_how_fast(denoiser: Denoiser) -> None:
    step = PolicyGradient(denoiser, HOW, lambda prompts, ids: np.array([1.0, 0.0]), speed=2.0)
    found = denoise(denoiser, np.array([[1], [2]]), HOW)
    found = replace(found, calls=np.array([4, 1]))
    assert step.rewards(np.array([[1], [2]]), found) == pytest.approx([0.25, 0])
