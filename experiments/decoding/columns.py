"""A task that small models learn and that has right answers: column addition, digit by digit.

A prompt is ``12345+678=``; the answer has the carry out of each column before its digit, from the
last column to the first. So most places depend on few others, and some wait for a chain of carries:
there is something to gain by writing places together, and something to lose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Setting
from tokenry.decoding.diffusion.denoiser import Denoiser
from tokenry.models.state import Array
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.steps.masked_ids import MaskedIds
from tokenry.seeds import generator

DIGITS: Final = 6
PLUS, EQUALS, IDS = 10, 11, 12
PROMPT: Final = 2 * DIGITS + 2
ANSWER: Final = 2 * DIGITS + 1
SHAPE: Final = Shape(width=96, layers=4, heads=4, context=PROMPT + ANSWER)


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums as ids.

    Attributes:
        prompts: shape (count, PROMPT).
        answers: shape (count, ANSWER).
    """

    prompts: Array
    answers: Array

    @classmethod
    def drawn(cls, count: int, seed: int, purpose: str) -> Sums:
        """Sums of two numbers of `DIGITS` digits each."""
        digits = generator(seed, "sums", purpose).integers(0, 10, (count, 2, DIGITS))
        signs = np.full((count, 1), PLUS), np.full((count, 1), EQUALS)
        prompts = np.concatenate([digits[:, 0], signs[0], digits[:, 1], signs[1]], axis=1)
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
    digits = np.stack([prompts[:, :DIGITS], prompts[:, DIGITS + 1 : 2 * DIGITS + 1]], axis=1)
    carry = np.zeros(len(prompts), np.int64)
    written: list[Array] = []
    for column in range(DIGITS - 1, -1, -1):
        total = digits[:, :, column].sum(1) + carry
        carry = total // 10
        written += [carry, total % 10]
    return np.stack([*written, carry], axis=1)


def denoiser(setting: Setting, seed: int, count: int = 40_000) -> Denoiser:
    """A masked diffusion model of sums; its mask is the id behind all others."""
    setting.tell(f"denoiser {seed}")
    learnt = Sums.drawn(setting.pick(count, 64), seed, "learnt")
    config = setting.pick(SHAPE, Shape(width=16, layers=1, heads=2)).causal(IDS + 1)
    backbone = replace(config.backbone, topology=Bidirectional())
    model = replace(config, backbone=backbone).build(seed=seed)
    passes = Passes(passes=setting.pick(2, 1), batch=64, rate=2e-3)
    facts = {"prompts": np.full(len(learnt.prompts), PROMPT)}
    batches = examples(learnt.rows(), facts, size=passes.batch, seed=seed, passes=passes.passes)
    passes.trainer(batches.batches or 1, seed).fit(model, MaskedIds(), batches)
    return Denoiser(model)
