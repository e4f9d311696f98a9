"""S2D: one draft model whose first blocks are smaller drafts, asked in turn until one is sure.

Source: Kavehzadeh et al. 2024, "S2D: Sorted Speculative Decoding For More Efficient Deployment of
Nested Large Language Models", arXiv:2407.01955. The sub-models are trained jointly and share one
head (`tokenry.neural.training.steps.nested`). Each next id of a chain is drafted by
the smallest; where its confidence is below its threshold the next larger one is asked; where the
largest is unsure, too, the chain ends. So one draft serves targets of several sizes.

Each sub-model has a memory of its own, which reads what it missed when it is asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry.decoding.generation.draft_reader import DraftReader
from tokenry.decoding.generation.draft_tree import DraftTree
from tokenry.decoding.generation.drafter import OneEach, Setting
from tokenry.errors import ModelError
from tokenry.models.causal import log_softmax


@dataclass(frozen=True)
class NestedDraft:
    """Chains from the first blocks of one model.

    Attributes:
        depths: blocks of each sub-model, the smallest first.
        sure: for each the least probability of its likeliest id at which it is believed.
        length: ids of a chain at most.
    """

    depths: tuple[int, ...] = (1, 2)
    sure: tuple[float, ...] = (0.7, 0.5)
    length: int = 8

    def __post_init__(self) -> None:
        if len(self.depths) != len(self.sure) or list(self.depths) != sorted({*self.depths}):
            raise ModelError(
                f"depths={self.depths}, sure={self.sure}; expected rising depths and a threshold "
                "for each"
            )

    def session(self, setting: Setting) -> Escalating:
        """Begin a run."""
        whole = DraftReader.of(setting).model
        if self.depths[-1] > whole.layers:
            raise ModelError(f"depths={self.depths}, and the draft has {whole.layers} blocks")
        return Escalating(self, setting)


class Escalating(OneEach[list[DraftReader]]):
    """A session of `NestedDraft`: a reader for each text and sub-model."""

    def __init__(self, how: NestedDraft, setting: Setting) -> None:
        self.how, self.reach = how, how.length
        blocks = [range(depth) for depth in how.depths]
        super().__init__(
            [DraftReader.of(setting, each) for each in blocks] for _ in setting.sources
        )

    def tree(self, own: list[DraftReader], text: Sequence[int]) -> DraftTree:
        """A chain."""
        drafted: list[int] = []
        while len(drafted) < self.how.length:
            id_ = self._next(own, [*text, *drafted])
            if id_ is None:
                break
            drafted.append(id_)
        return DraftTree.chain(drafted)

    def _next(self, readers: list[DraftReader], text: list[int]) -> int | None:
        """The id of the first sub-model that is sure."""
        for reader, sure in zip(readers, self.how.sure, strict=True):
            logprobs = log_softmax(reader.read([text])[0])
            best = int(logprobs.argmax())
            if float(logprobs[best]) >= _log(sure):
                return best
        return None


def _log(probability: float) -> float:
    from math import inf, log

    return log(probability) if probability > 0 else -inf
