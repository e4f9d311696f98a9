"""Two layers with a GELU between them.

Hendrycks & Gimpel 2016, arXiv:1606.08415; as in GPT-2 (Radford et al. 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Gelu:
    """A wide layer, an exact GELU, a narrow layer.

    Attributes:
        hidden: width between the layers; None: four times that of the model.
        bias: whether the layers add one.
    """

    hidden: int | None = None
    bias: bool = True

    def __post_init__(self) -> None:
        at_least(self, 1, "hidden")

    def build(self, width: int) -> Assembled:
        """Layers ``wide`` and ``narrow``."""
        nn = torch_for(self, "torch.nn")
        hidden = self.hidden or 4 * width
        return assemble(
            self,
            wide=nn.Linear(width, hidden, bias=self.bias),
            narrow=nn.Linear(hidden, width, bias=self.bias),
        )

    def forward(self, module: Assembled, x: Tensor) -> Tensor:
        """``narrow(gelu(wide(x)))``."""
        from torch.nn import functional

        out: Tensor = module.narrow(functional.gelu(module.wide(x)))
        return out

    def flops(self, width: int) -> int:
        """Two products."""
        return 4 * width * (self.hidden or 4 * width)
