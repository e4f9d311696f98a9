"""Re-anchoring: rows move to the vector that is nearest to them, the more the less they are used.

Zheng & Vedaldi 2023 (CVQ-VAE), arXiv:2307.15139; in TA-TiTok (Kim et al. 2025,
arXiv:2501.07730).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.signals.bottlenecks.lookup import best_rows
from tokenry.signals.revivals.use import check_decay, count_use
from tokenry.signals.updates import RowUpdate
from tokenry.signals.updates.together import of_first

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Reanchor:
    """The share of the way is ``exp(-10 use codes / (1 - decay) - 0.001)``.

    Attributes:
        decay: of the use that is remembered.
    """

    decay: float = 0.99

    def __post_init__(self) -> None:
        check_decay(self)

    def build(self, codes: int) -> Assembled:
        """The moving share ``use`` of each row, saved but not learnt."""
        torch = torch_for(self)
        return assemble(self, use=torch.nn.Parameter(torch.zeros(codes), requires_grad=False))

    def revive(
        self, module: nn.Module, book: nn.Module, update: RowUpdate, vectors: Tensor, codes: Tensor
    ) -> None:
        """Count, find the nearest vector of each row, move."""
        import torch

        use: Tensor = module.use  # type: ignore[assignment]
        with torch.no_grad():
            count_use(use, codes, self.decay)
            shares = torch.exp(-use * len(use) * 10 / (1 - self.decay) - 1e-3)
            rows = update.rows(book).to(vectors.dtype)
            nearest = best_rows(rows, vectors, -0.5 * vectors.square().sum(-1))
            every = torch.arange(len(use), device=use.device)
            update.replace(book, every, of_first(vectors[nearest]), shares[:, None])
