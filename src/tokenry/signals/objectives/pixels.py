"""Differences of values, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tokenry.neural.parts import at_least
from tokenry.signals.objectives.unlearnt import Unlearnt

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Passed


@dataclass(frozen=True, kw_only=True)
class SquaredError(Unlearnt):
    """Mean square; the best guess is a mean, which is blurred and has the best PSNR.

    Attributes:
        weight: among the other objectives.
    """

    weight: float = 1.0

    name: ClassVar[str] = "squared"

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Of values from -1 to 1."""
        return (passed.decoded.values - passed.values).square().mean()


@dataclass(frozen=True, kw_only=True)
class AbsoluteError(Unlearnt):
    """Mean difference; the best guess is a median.

    Attributes:
        weight: among the other objectives.
        smooth: below it the square is taken, divided by it (Huber); 0: nowhere.
    """

    weight: float = 1.0
    smooth: float = 0.0

    name: ClassVar[str] = "absolute"

    def __post_init__(self) -> None:
        at_least(self, 0, "weight", "smooth")

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Of values from -1 to 1."""
        from torch.nn import functional

        return functional.smooth_l1_loss(passed.decoded.values, passed.values, beta=self.smooth)
