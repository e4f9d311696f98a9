"""How large an error is good enough.

Duggal et al. 2025 (KARL), arXiv:2507.07995: a tokenizer is told it, and halts where it is reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import above, at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class AskedError:
    """The fact ``error``, a mean absolute one, shape (items,), in bins; untold it is the least.

    Whoever encodes says it as ``error=``; in training a length policy that rehearses does.

    Attributes:
        least: bins up to here are one.
        most: bins from here on are one.
        bins: of equal ratios between both.
    """

    least: float = 0.005
    most: float = 0.38
    bins: int = 19

    facts = ()
    places = 1

    def __post_init__(self) -> None:
        above(self, 0, "least")
        above(self, self.least, "most")
        at_least(self, 2, "bins")

    def build(self, width: int) -> Assembled:
        """The table ``rows``."""
        return assemble(self, rows=torch_for(self, "torch.nn").Embedding(self.bins, width))

    def forward(self, module: Assembled, facts: Mapping[str, Tensor]) -> Tensor:
        """Rows of bins."""
        import torch

        untold = torch.full((1,), self.least, device=module.rows.weight.device)
        ratio = torch.log(facts.get("error", untold).float().clamp(min=self.least) / self.least)
        whole = log(self.most / self.least)
        place = (ratio / whole * (self.bins - 1)).round().long().clamp(0, self.bins - 1)
        rows: Tensor = module.rows(place)
        return rows[:, None]
