"""What a decoder that follows a flow predicts, against what it had to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed


@dataclass(frozen=True, kw_only=True)
class FlowError:
    """Mean square over all times alike (Lipman et al. 2022, arXiv:2210.02747).

    Attributes:
        weight: among the other objectives.
    """

    weight: float = 1.0

    name: ClassVar[str] = "flow"

    def __post_init__(self) -> None:
        at_least(self, 0, "weight")

    def build(self, sizes: CodecSizes) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Of velocities."""
        taps = passed.decoded.taps
        if "predicted" not in taps:
            raise PartError("the objective flow needs the decoder flow")
        return (taps["predicted"] - taps["wanted"]).square().mean()
