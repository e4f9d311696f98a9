"""A learnt policy: one transformer layer over confidences, trained by how right and how fast it is.

Source: Jazbec et al. 2025, "Learning Unmasking Policies for Diffusion Language Models",
arXiv:2512.09106. Each masked place is unmasked with a chance that the network gives it. Several
texts are drawn for each prompt; the reward is the product of being right and being fast, and each
text's advantage over its group moves the chances of all that was chosen in it (GRPO, Shao et al.
2024, arXiv:2402.03300).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tokenry.decoding.diffusion.denoiser import Denoiser
from tokenry.decoding.diffusion.denoising import Denoised, Denoising, denoise
from tokenry.decoding.diffusion.policy import BlockView, Chosen
from tokenry.models.state import Array
from tokenry.neural.backbone import Backbone
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses
from tokenry.seeds import generator

Reward = Callable[[Array, Array], NDArray[np.float64]]
"""Prompts and what was written to how right each text is, 0 to 1, shape (batch,)."""


class PolicyNetwork(nn.Module):
    """What is seen of a block to a logit of unmasking each place.

    Args:
        width: of its one layer.
        bias: of the logits at the start; lower unmasks less at once.
    """

    def __init__(self, width: int = 32, bias: float = -1.0) -> None:
        super().__init__()
        self.enter = nn.Linear(3, width)
        self.layer = Backbone(width=width, layers=1, topology=Bidirectional()).build()
        self.leave = nn.Linear(width, 1)
        nn.init.zeros_(self.leave.weight)
        nn.init.constant_(self.leave.bias, bias)

    def forward(self, seen: Tensor) -> Tensor:
        """Logits, shape (batch, block), of `features`, which may be on another device."""
        here = seen.to(self.enter.weight.device)
        found: Tensor = self.leave(self.layer(self.enter(here)).hidden)[..., 0]
        return found


def features(view: BlockView) -> NDArray[np.float32]:
    """Log odds of confidences, which places are masked, what share is: (batch, block, 3)."""
    sure = np.clip(view.confidence, 1e-4, 1 - 1e-4)
    share = np.broadcast_to(view.masked.mean(1, keepdims=True), view.masked.shape)
    seen = (np.log(sure / (1 - sure)) * view.masked, view.masked, share)
    found: NDArray[np.float32] = np.stack(seen, -1).astype(np.float32)
    return found


@dataclass(frozen=True, eq=False)
class LearntPolicy:
    """A network as a policy.

    Attributes:
        network: trained by `PolicyGradient`.
        source: of chance; None unmasks the places with a chance above one half.
        tape: what was seen and chosen is put there, for training.
    """

    network: PolicyNetwork
    source: np.random.Generator | None = None
    tape: list[tuple[NDArray[np.float32], Chosen, Chosen]] | None = field(default=None, repr=False)

    @torch.no_grad()
    def choose(self, view: BlockView) -> Chosen:
        """Places by their chances."""
        seen = features(view)
        chances = self.network(torch.from_numpy(seen)).sigmoid().cpu().numpy()
        level = 0.5 if self.source is None else self.source.random(chances.shape)
        chosen: Chosen = view.masked & (chances > level)
        if self.tape is not None:
            self.tape.append((seen, chosen, view.masked))
        return chosen


@dataclass(frozen=True, eq=False)
class PolicyGradient:
    """A training step of a `PolicyNetwork`: write texts, reward them, move chances.

    A batch has ``prompts``, shape (rows, length).

    Attributes:
        denoiser: writes; it does not learn.
        how: length and blocks; its policy is replaced.
        reward: how right each text is.
        group: texts a prompt.
        speed: the power of the share of calls that were saved.
        seed: of all chance, with the share of the training that is done.
    """

    denoiser: Denoiser
    how: Denoising
    reward: Reward
    group: int = 8
    speed: float = 1.0
    seed: int = 0

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """Minus the advantages times the log-chances of what was chosen, a mean over texts."""
        prompts = np.repeat(batch["prompts"].cpu().numpy(), self.group, axis=0)
        source = generator(self.seed, "policy gradient", str(batch.done))
        tape: list[tuple[NDArray[np.float32], Chosen, Chosen]] = []
        policy = LearntPolicy(model, source, tape)
        written = denoise(self.denoiser, prompts, replace(self.how, policy=policy))
        rewards = self.rewards(prompts, written)
        groups = rewards.reshape(-1, self.group)
        spread = groups.std(1, keepdims=True) + 1e-3
        advantages = torch.from_numpy(((groups - groups.mean(1, keepdims=True)) / spread).ravel())
        turns = [self._turn(model, *each, advantages) for each in tape]
        total = torch.stack(turns).sum()
        parts = {
            "reward": total.new_tensor(rewards.sum()),
            "calls": total.new_tensor(written.calls.sum()),
        }
        return Losses(total, float(len(prompts)), parts)

    def rewards(self, prompts: Array, written: Denoised) -> NDArray[np.float64]:
        """How right times how fast, shape (texts,)."""
        saved = 1 - (written.calls - 1) / self.how.length
        found: NDArray[np.float64] = self.reward(prompts, written.ids) * saved**self.speed
        return found

    def _turn(
        self,
        model: Any,
        seen: NDArray[np.float32],
        chosen: Chosen,
        masked: Chosen,
        advantages: Tensor,
    ) -> Tensor:
        logits = model(torch.from_numpy(seen))
        signs = torch.from_numpy(np.where(chosen, 1.0, -1.0)).to(logits)
        chances = nn.functional.logsigmoid(signs * logits) * torch.from_numpy(masked).to(logits)
        return -(advantages.to(logits) * chances.sum(1)).sum()
