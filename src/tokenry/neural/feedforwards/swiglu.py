"""SwiGLU: a gated layer, as in Llama.

Shazeer 2020, arXiv:2002.05202.
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
class SwiGlu:
    """``down(silu(gate(x)) * up(x))``.

    Attributes:
        hidden: width of gate and up; None: as many parameters as a layer four times as wide
            without gate has, 8/3 of the model's width, up to a multiple of 8.
        bias: whether the layers add one.
    """

    hidden: int | None = None
    bias: bool = False

    def __post_init__(self) -> None:
        at_least(self, 1, "hidden")

    def build(self, width: int) -> Assembled:
        """Layers ``gate``, ``up`` and ``down``."""
        nn = torch_for(self, "torch.nn")
        hidden = self._hidden(width)
        return assemble(
            self,
            gate=nn.Linear(width, hidden, bias=self.bias),
            up=nn.Linear(width, hidden, bias=self.bias),
            down=nn.Linear(hidden, width, bias=self.bias),
        )

    def forward(self, module: Assembled, x: Tensor) -> Tensor:
        """The gated layer."""
        from torch.nn import functional

        out: Tensor = module.down(functional.silu(module.gate(x)) * module.up(x))
        return out

    def flops(self, width: int) -> int:
        """Three products."""
        return 6 * width * self._hidden(width)

    def _hidden(self, width: int) -> int:
        return self.hidden or -(-8 * width // 24) * 8
