"""From masks to text: the one loop of masked diffusion.

Blocks are written from left to right; within one, every call proposes an id for each masked place,
and a policy chooses which of them are settled. Blocks as in Nie et al. 2025, arXiv:2502.09992.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tokenry.decoding.diffusion.coverage import BlockReading, Coverage, ReadAll
from tokenry.decoding.diffusion.denoiser import HIDDEN, Denoiser
from tokenry.decoding.diffusion.policies.counted import Confident
from tokenry.decoding.diffusion.policy import BlockView, Chosen, UnmaskPolicy, highest
from tokenry.errors import ModelError
from tokenry.models.causal import log_softmax
from tokenry.models.state import Array
from tokenry.seeds import generator


@dataclass(frozen=True)
class Denoising:
    """How text is written.

    Attributes:
        length: new ids.
        block: places that are unmasked before the next ones are.
        policy: which places.
        coverage: what each call computes.
        temperature: of the noise by which ids are proposed (Gumbel); 0 proposes the likeliest.
        seed: of all chance.
    """

    length: int = 32
    block: int = 32
    policy: UnmaskPolicy = field(default_factory=lambda: Confident(32))
    coverage: Coverage = field(default_factory=ReadAll)
    temperature: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.block <= self.length or self.temperature < 0:
            raise ModelError(
                f"length={self.length}, block={self.block}, temperature={self.temperature}; "
                "expected a block of 1 up to the length, and a temperature of 0 or more"
            )


@dataclass(frozen=True, eq=False)
class Denoised:
    """What came of a batch.

    Attributes:
        ids: new ones, shape (batch, length).
        settled: the number of the call that settled each, likewise.
        calls: in which each text had masked places, shape (batch,).
    """

    ids: Array
    settled: Array
    calls: Array


def denoise(
    denoiser: Denoiser, prompts: Sequence[Sequence[int]] | Array, how: Denoising
) -> Denoised:
    """Write behind prompts of one length.

    Args:
        denoiser: the model.
        prompts: ids, shape (batch, length).
        how: see `Denoising`.

    Raises:
        ModelError: prompts of several lengths, or ids that the model does not write.
    """
    table = _table(denoiser, prompts, how.length)
    prompt = table.shape[1] - how.length
    settled, calls = np.zeros_like(table), np.zeros(len(table), np.int64)
    source, reading = generator(how.seed, "denoise"), how.coverage.open(denoiser)
    number = 0
    for start in range(prompt, table.shape[1], how.block):
        block = slice(start, min(start + how.block, table.shape[1]))
        reading.begin(table, block.start, block.stop)
        step = 0
        while (masked := table[:, block] == HIDDEN).any():
            view = _view(reading, table, block, step, how, source)
            chosen = _chosen(how.policy, view)
            table[:, block] = np.where(chosen, view.proposed, table[:, block])
            settled[:, block][chosen] = number
            calls += masked.any(1)
            number, step = number + 1, step + 1
    return Denoised(table[:, prompt:], settled[:, prompt:], calls)


def _table(denoiser: Denoiser, prompts: Sequence[Sequence[int]] | Array, length: int) -> Array:
    lengths = {len(each) for each in prompts}
    if len(lengths) != 1:
        raise ModelError(f"prompts of {sorted(lengths)} ids in one batch; give those of one length")
    ids = np.asarray(prompts, np.int64).reshape(len(prompts), -1)
    if ids.size and not 0 <= ids.min() <= ids.max() < denoiser.vocab_size:
        raise ModelError(f"the denoiser knows ids below {denoiser.vocab_size}; got {ids.max()}")
    return np.concatenate([ids, np.full((len(ids), length), HIDDEN)], axis=1)


def _view(
    reading: BlockReading,
    table: Array,
    block: slice,
    step: int,
    how: Denoising,
    source: np.random.Generator,
) -> BlockView:
    """Propose an id for each masked place."""
    logprobs = log_softmax(reading.logits(table))
    noisy = logprobs
    if how.temperature > 0:
        noisy = logprobs + how.temperature * source.gumbel(size=logprobs.shape)
    masked = table[:, block] == HIDDEN
    proposed = np.where(masked, noisy.argmax(-1), table[:, block])
    confidence = np.exp(np.take_along_axis(logprobs, proposed[..., None], -1)[..., 0])
    return BlockView(
        masked, proposed, np.where(masked, confidence, 1.0), table[:, : block.start].copy(), step
    )


def _chosen(policy: UnmaskPolicy, view: BlockView) -> Chosen:
    """What the policy chose; one place where it chose none of a text that has masked ones."""
    chosen = view.masked & policy.choose(view)
    idle = view.masked.any(1) & ~chosen.any(1)
    return chosen | highest(view.confidence, view.masked, np.where(idle, 1, 0))
