"""ALM: the likelihood of each chunk of text is to be the teacher's, whatever it is cut into.

Minixhofer, Vulić, Ponti 2025, "Universal Cross-Tokenizer Distillation via Approximate Likelihood
Matching", arXiv:2503.20083. A chunk is a stretch of text between two boundaries that both
tokenizations have; the loss is the binary cross entropy between its likelihoods to the power of
1/temperature. A likelihood is biased where ids may go on differently: " cat" may be followed by "s"
or by a space, which one tokenizer decides before the other. With `spaces` the log-probability that
a new word, or the end, follows is added to both, as there.

Chunks are the smallest there are; merging them until the bias is small is not done here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import ModelError
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.distil.sides import Side

if TYPE_CHECKING:
    from torch import Tensor

LEAST = 1e-6  # below the logarithm of 1, so that 1 - p has one


@dataclass(frozen=True, eq=False)
class LikelihoodMatching:
    """The loss.

    Attributes:
        temperature: of likelihoods; a large one compares logarithms.
        spaces: for student and teacher, which ids begin with a space or are special
            (`word_starts`); None: likelihoods as they are.
    """

    temperature: float = 100.0
    spaces: tuple[Tensor, Tensor] | None = None

    def __post_init__(self) -> None:
        if self.temperature <= 0:
            raise ModelError(f"temperature {self.temperature}; expected a number above 0")

    def __call__(self, student: Side, teacher: Side) -> Tensor:
        """Binary cross entropies."""
        starts = self.spaces or (None, None)
        own = self._raised(student, starts[0])
        goal = self._raised(teacher, starts[1]).detach()
        share = goal.exp()
        return -(share * own + (1 - share) * (-own.expm1()).log())

    def _raised(self, side: Side, starts: Tensor | None) -> Tensor:
        likelihood = side.summed(side.own)
        if starts is not None:
            begins = side.scores[:, starts].logsumexp(1)
            likelihood = likelihood + begins[side.after.clamp(min=0)] * (side.after >= 0)
        return (likelihood / self.temperature).clamp(max=-LEAST)


def word_starts(tokenizer: Tokenizer) -> Tensor:
    """Ids whose piece begins with white space, and specials."""
    import torch

    special = tokenizer.pipeline.special_ids()
    found = [
        id_
        for id_, piece in enumerate(tokenizer.vocabulary.pieces)
        if id_ in special or (piece is not None and piece[:1].isspace())
    ]
    return torch.tensor(found)
