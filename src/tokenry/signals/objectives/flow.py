"""What a decoder that follows a flow predicts, against what it had to."""

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
class FlowError(Unlearnt):
    """Mean square over all times alike (Lipman et al. 2022, arXiv:2210.02747).

    Attributes:
        weight: among the other objectives.
    """

    weight: float = 1.0

    name: ClassVar[str] = "flow"

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Of velocities."""
        taps = passed.decoded.taps
        if "predicted" not in taps:
            raise PartError("the objective flow needs the decoder flow")
        return (taps["predicted"] - taps["wanted"]).square().mean()
