"""Next token behind mixtures: some rows read what the model expects in place of their ids.

A model that was trained on ids alone has never read a mean of their vectors. Here a share of the
rows takes its first steps behind the prompt in such means: at each of them it reads the rows of all
ids, weighted by the probabilities that it has just given them itself, and still learns the ids that
stand there. Where several next ids are right, a mixture holds all of them, and what is learnt is
what can follow any. Inputs are those of soft thinking, Zhang et al. 2025, arXiv:2505.15778; that a
model has to learn to go on from what it gave out is the point of Bengio et al. 2015,
arXiv:1506.03099, and of Hao et al. 2024, arXiv:2412.06769, who feed hidden vectors.

Gradients go through the rows, not through the weights of the mixtures. It costs a forward pass more
for each step, over the rows that mix and up to that step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tokenry.neural.parts import at_least
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD
from tokenry.neural.training.step import Losses

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class MixedNextToken:
    """For a causal model; a batch has ``ids``, shape (rows, length + 1), `PAD` at the ends of rows,
    and ``prompts``, shape (rows,): ids at the start of each row that are read and not learnt.

    Attributes:
        steps: ids behind a prompt in whose place mixtures are read.
        share: of the rows, chosen by chance.
    """

    steps: int
    share: float = 0.5

    def __post_init__(self) -> None:
        at_least(self, 1, "steps")

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """The sum over ids behind prompts, in nats; parts of rows of ids and of mixtures."""
        import torch
        from torch.nn import functional

        ids, prompts = batch["ids"], batch["prompts"][:, None]
        read = ids[:, :-1].clamp(min=0)
        mixing = torch.rand(len(ids), device=ids.device) < self.share
        vectors = model.embed(read)
        if mixing.any():
            mixed = self._vectors(model, read[mixing], prompts[mixing])
            vectors = vectors.index_put((mixing.nonzero()[:, 0],), mixed)
        logits = model.read(model.backbone(vectors).hidden)
        losses = functional.cross_entropy(
            logits.flatten(0, 1).float(), ids[:, 1:].clamp(min=0).flatten(), reduction="none"
        ).view(len(ids), -1)
        places = torch.arange(1, ids.shape[1], device=ids.device)
        learnt = (places >= prompts) & (ids[:, 1:] != PAD)
        total = (losses * learnt).sum(1)
        parts = {"ids": total[~mixing].sum(), "mixtures": total[mixing].sum()}
        return Losses(total.sum(), learnt.sum().float(), parts)

    def _vectors(self, model: Any, read: Tensor, prompts: Tensor) -> Tensor:
        """What rows read that mix, shape (rows, length, width)."""
        import torch

        every: Tensor = model.embed(torch.arange(model.vocab_size, device=read.device)[None])[0]
        vectors: Tensor = model.embed(read)
        rows = torch.arange(len(read), device=read.device)
        for place in (prompts[:, 0] + step for step in range(self.steps)):
            inside = place < read.shape[1]
            before = place.clamp(max=read.shape[1]) - 1
            with torch.no_grad():
                hidden = model.backbone(vectors[:, : int(before.max()) + 1].detach()).hidden
                chances = model.read(hidden[rows, before][:, None])[:, 0].float().softmax(-1)
            mixed = chances.to(every) @ every
            vectors = vectors.index_put((rows[inside], place[inside]), mixed[inside])
        return vectors
