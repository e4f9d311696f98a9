"""A task that small models learn and whose answers wait for each other: running sums.

A prompt has a digit for each place, some of them marked as beginnings, and ``=``. The answer has
for each place the sum of the digits since the last beginning, itself included, by its last digit.
So beginnings are known at once, and the further a place is behind one, the more it has to be
computed, or the more has to be written before it. There is something to gain by writing places
together, something to lose, and prompts differ in how many calls they need.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Setting
from experiments.harness.kept import Kept, source_of
from tokenry.decoding.diffusion.denoiser import Denoiser
from tokenry.models.state import Array
from tokenry.neural.model import Model
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.step import TrainingStep
from tokenry.neural.training.steps.masked_ids import MaskedIds
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.neural.transformer import Transformer
from tokenry.seeds import generator

PLACES: Final = 16
BASE: Final = 4
BEGINNINGS: Final = 0.2
"""Share of the places behind the first, which always is one."""
EQUALS, IDS = 2 * BASE, 2 * BASE + 1
PROMPT: Final = PLACES + 1
SHAPE: Final = Shape(width=64, layers=3, heads=4, context=PROMPT + PLACES, spread=0.12)
"""Weights begin at about the square root of 1 / width: from 0.02 on a model finds in 1,000 steps
which places are copied, and no more (seed 100)."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Running sums as ids: digits below `BASE`, the same as beginnings above them, then `EQUALS`.

    Attributes:
        prompts: shape (count, PROMPT).
        answers: shape (count, PLACES).
    """

    prompts: Array
    answers: Array

    @classmethod
    def drawn(cls, count: int, seed: int, purpose: str) -> Sums:
        """Digits and beginnings by chance."""
        source = generator(seed, "running sums", purpose)
        digits = source.integers(0, BASE, (count, PLACES))
        begins = source.random((count, PLACES)) < BEGINNINGS
        begins[:, 0] = True
        ends = np.full((count, 1), EQUALS)
        prompts = np.concatenate([digits + BASE * begins, ends], axis=1)
        return cls(prompts, answers_of(prompts))

    def rows(self) -> list[Array]:
        """Prompts with their answers."""
        return list(np.concatenate([self.prompts, self.answers], axis=1))

    def right(self, ids: Array) -> NDArray[np.float64]:
        """1 where a whole answer is right."""
        found: NDArray[np.float64] = (ids == self.answers).all(1).astype(np.float64)
        return found


def answers_of(prompts: Array) -> Array:
    """The answers of prompts, read off their digits."""
    total = np.zeros(len(prompts), np.int64)
    written: list[Array] = []
    for ids in prompts[:, :-1].T:
        total = np.where(ids >= BASE, ids - BASE, (total + ids) % BASE)
        written.append(total)
    return np.stack(written, axis=1)


def kept(setting: Setting) -> Kept:
    """Where denoisers are, which several experiments use."""
    return Kept(setting, "running_sums", source_of(__file__))


def denoiser(setting: Setting, seed: int) -> Denoiser:
    """A masked diffusion model of sums; its mask is the id behind all others."""
    config = setting.pick(SHAPE, Shape(width=16, layers=1, heads=2)).causal(IDS + 1)
    both = replace(config.backbone, topology=Bidirectional())
    passes = Passes(batch=64)
    return Denoiser(
        _learnt(
            setting, "denoiser", replace(config, backbone=both), MaskedIds(), passes, 1000, seed
        )
    )


def guide(setting: Setting, seed: int) -> Model:
    """A smaller causal model of the same sums."""
    shape = replace(SHAPE, width=32, layers=2, spread=0.17)
    config = setting.pick(shape, Shape(width=16, layers=1, heads=2)).causal(IDS)
    return _learnt(setting, "guide", config, NextToken(), Passes(batch=64), 1000, seed)


def _learnt(
    setting: Setting,
    name: str,
    config: Transformer,
    step: TrainingStep,
    passes: Passes,
    steps: int,
    seed: int,
) -> Model:
    """A model that read sums of its seed, each once."""
    setting.tell(f"{name} {seed}")
    sums = Sums.drawn(passes.batch * setting.pick(steps, 1), seed, name)
    facts = {"prompts": np.full(len(sums.prompts), PROMPT)}
    batches = examples(sums.rows(), facts, size=passes.batch, seed=seed)
    model: Model = config.build(seed=seed)
    folder = kept(setting).training(f"{name}{seed}")
    passes.trainer(batches.batches or 1, seed).fit(model, step, batches, folder=folder)
    return model
