"""What a base loses: the error of its own values, and what its bottleneck loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tokenry.errors import PartError
from tokenry.signals.objectives.unlearnt import Unlearnt

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Passed


@dataclass(frozen=True, kw_only=True)
class BaseError(Unlearnt):
    """Mean square; for a stage that trains ``base.*``.

    Attributes:
        weight: among the other objectives.
    """

    weight: float = 1.0

    name: ClassVar[str] = "base"

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Of values from -1 to 1."""
        based = passed.based
        if based.values is None:
            raise PartError("the objective base needs a base, in a stage that trains base.*")
        losses = [(based.values - passed.values).square().mean(), *based.losses.values()]
        total: Tensor = sum(losses[1:], losses[0])
        return total
