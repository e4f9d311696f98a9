"""What more computation gives where there is no more data: ensembles, and students of them.

Source: Kim et al. 2025, "Pre-training under infinite compute", arXiv:2509.14786.

1. Models are trained for many epochs with strong weight decay (`Passes.decay`, thirty times the
   usual), each from its own seed.
2. Their logits are averaged: an `LogitEnsemble` is better than any one of them.
3. A student learns from the ensemble's distribution of each next id, and from the id itself.

Models of an ensemble have one tokenizer and one context.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tokenry.errors import PartError
from tokenry.extras import importing
from tokenry.neural.recipes.language import LanguageModel
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.blocks import Blocks
from tokenry.neural.training.data.padded import PAD, Ids
from tokenry.neural.training.step import Losses
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.progress import Progress, silent

if TYPE_CHECKING:
    from torch import Tensor

SOFT = 0.75


@dataclass(frozen=True, eq=False)
class LogitEnsemble:
    """Models whose logits are averaged."""

    members: tuple[LanguageModel, ...]

    def __post_init__(self) -> None:
        kinds = {(each.model.vocab_size, each.context) for each in self.members}
        if len(kinds) != 1:
            raise PartError(
                f"{len(self.members)} models of (ids, context) {sorted(kinds)}; an ensemble has "
                "one or more of the same"
            )

    def __call__(self, ids: Tensor) -> Tensor:
        """Mean logits, as a model gives them."""
        first, *others = (each.model(ids) for each in self.members)
        mean: Tensor = sum(others, first) / len(self.members)
        return mean

    def bits_per_byte(self, documents: Sequence[Ids], size: int) -> float:
        """Bits for a byte of held-out text, as `language.bits_per_byte` of one model.

        Args:
            documents: ids.
            size: bytes of the documents.
        """
        with importing("neural", "ensembles"):
            import torch
        lead = self.members[0]
        blocks = Blocks.of(documents, end=lead.end, length=lead.context)
        total = 0.0
        for each in self.members:
            each.model.eval()
        with torch.no_grad():
            for batch in blocks.in_order(32):
                total += float(NextToken()(self, batch.on(torch.device("cpu"), 1.0)).total)
        return total / math.log(2) / size

    def student(
        self,
        documents: Sequence[Ids],
        *,
        shape: Shape | None = None,
        passes: Passes | None = None,
        soft: float = SOFT,
        seed: int = 0,
        progress: Progress = silent,
    ) -> LanguageModel:
        """Train one model on documents to say what the ensemble says.

        Args:
            documents: ids below the last, which ends documents.
            shape: of the student.
            passes: of its training.
            soft: share of the loss that the ensemble's distributions have.
            seed: of its start and of the order of its data.
            progress: told how far it is.
        """
        lead, shape, passes = self.members[0], shape or Shape(), passes or Passes()
        if shape.context != lead.context:
            raise PartError(f"a student of context {shape.context}, members of {lead.context}")
        found = LanguageModel(shape.causal(lead.model.vocab_size).build(seed=seed), shape.context)
        blocks = Blocks.of(documents, end=found.end, length=found.context)
        batches = blocks.shuffled(passes.batch, seed=seed, passes=passes.passes)
        for each in self.members:
            each.model.eval()
        trainer = passes.trainer(batches.batches or 1, seed)
        trainer.fit(found.model, _Taught(self, soft), batches, progress=progress)
        return found


@dataclass(frozen=True, eq=False)
class _Taught:
    """Cross entropy with the teacher's distribution and with the next id, weighed."""

    teacher: LogitEnsemble
    soft: float

    def __call__(self, model: Any, batch: Batch) -> Losses:
        import torch
        from torch.nn import functional

        ids = batch["ids"]
        given, targets = ids[:, :-1].clamp(min=0), ids[:, 1:]
        with torch.no_grad():
            wanted = functional.softmax(self.teacher(given).float(), dim=-1)
        logs = functional.log_softmax(model(given).float(), dim=-1)
        hard = -logs.gather(-1, targets.clamp(min=0)[..., None])[..., 0]
        losses = self.soft * -(wanted * logs).sum(-1) + (1 - self.soft) * hard
        present = (targets != PAD).float()
        return Losses((losses * present).sum(), present.sum())
