"""A task that small models learn and that has right answers: addition, column by column.

A prompt has the two digits of each column, the last column first, and ``=``; the answer has the
carry out of each column before its digit, in the same order. So most places depend on few others,
and some wait for a chain of carries: there is something to gain by writing places together, and
something to lose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Setting
from tokenry.decoding.diffusion.denoiser import Denoiser
from tokenry.models.state import Array
from tokenry.neural.positions.learned import Learned
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.steps.masked_ids import MaskedIds
from tokenry.seeds import generator

DIGITS: Final = 6
EQUALS, IDS = 10, 11
PROMPT: Final = 2 * DIGITS + 1
ANSWER: Final = 2 * DIGITS
SHAPE: Final = Shape(width=64, layers=4, heads=4, context=PROMPT + ANSWER)


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
        digits = generator(seed, "sums", purpose).integers(0, 10, (count, 2 * DIGITS))
        prompts = np.concatenate([digits, np.full((count, 1), EQUALS)], axis=1)
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
    columns = prompts[:, :-1].reshape(len(prompts), DIGITS, 2).sum(2)
    carry = np.zeros(len(prompts), np.int64)
    written: list[Array] = []
    for column in range(DIGITS):
        total = columns[:, column] + carry
        carry = total // 10
        written += [carry, total % 10]
    return np.stack(written, axis=1)


def denoiser(setting: Setting, seed: int, count: int = 40_000) -> Denoiser:
    """A masked diffusion model of sums; its mask is the id behind all others."""
    setting.tell(f"denoiser {seed}")
    learnt = Sums.drawn(setting.pick(count, 64), seed, "learnt")
    config = setting.pick(SHAPE, Shape(width=16, layers=1, heads=2)).causal(IDS + 1)
    backbone = replace(
        config.backbone, topology=Bidirectional(), positions=Learned(context=PROMPT + ANSWER)
    )
    model = replace(config, backbone=backbone).build(seed=seed)
    passes = Passes(passes=setting.pick(2, 1), batch=64, rate=3e-3)
    facts = {"prompts": np.full(len(learnt.prompts), PROMPT)}
    batches = examples(learnt.rows(), facts, size=passes.batch, seed=seed, passes=passes.passes)
    passes.trainer(batches.batches or 1, seed).fit(model, MaskedIds(), batches)
    return Denoiser(model)
