"""ALM: the likelihood of each chunk of text is to be the teacher's, whatever it is cut into.

Minixhofer, Vulić, Ponti 2025, "Universal Cross-Tokenizer Distillation via Approximate Likelihood
Matching", arXiv:2503.20083. A chunk is a stretch of text between two boundaries that both
tokenizations have; the loss is the binary cross entropy between its likelihoods to the power of
1/temperature. A likelihood is biased where ids may go on differently: " cat" may be followed by "s"
or by a space, which one tokenizer decides before the other. With `spaces` the log-probability that
a new word, or the end, follows is added to both, as there, and a chunk behind which the teacher
finds that unlikely is joined with the next one, since its end says less of the text than of how it
is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import ModelError
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.distil.sides import Side, joined

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
        least: chunks are joined with the next one of their text where the teacher gives a new word
            behind them this probability or less; 0 keeps the smallest chunks. It needs ``spaces``.
    """

    temperature: float = 100.0
    spaces: tuple[Tensor, Tensor] | None = None
    least: float = 0.0

    def __post_init__(self) -> None:
        if self.temperature <= 0 or not 0 <= self.least < 1:
            raise ModelError(
                f"temperature {self.temperature} and least {self.least}; expected a number above "
                "0, and one from 0 to 1"
            )
        if self.least and self.spaces is None:
            raise ModelError("least joins chunks by what begins a word; give spaces= too")

    def __call__(self, student: Side, teacher: Side) -> Tensor:
        """Binary cross entropies."""
        starts = self.spaces or (None, None)
        if self.least:
            ends = self._ends(teacher)
            student, teacher = joined(student, ends), joined(teacher, ends)
        own = self._raised(student, starts[0])
        goal = self._raised(teacher, starts[1]).detach()
        share = goal.exp()
        return -(share * own + (1 - share) * (-own.expm1()).log())

    def _ends(self, teacher: Side) -> Tensor:
        """Which chunks stay closed: the last of a text, and those with a word behind them."""
        assert self.spaces is not None
        begins = teacher.scores[:, self.spaces[1]].exp().sum(1)
        ends: Tensor = (teacher.after < 0) | (begins[teacher.after.clamp(min=0)] > self.least)
        return ends

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
