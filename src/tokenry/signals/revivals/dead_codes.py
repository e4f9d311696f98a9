"""Dead codes: a row that is hardly chosen any more is put on a vector of the batch.

Dhariwal et al. 2020 (Jukebox), arXiv:2005.00341; Zeghidour et al. 2021 (SoundStream),
arXiv:2107.03312.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.signals.revivals.use import check_decay, count_use
from tokenry.signals.updates import RowUpdate
from tokenry.signals.updates.together import of_first

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class DeadCodes:
    """A row is dead below a share of the even use of all rows.

    Attributes:
        share: of the even use.
        decay: of what is remembered of a batch.
    """

    share: float = 0.03
    decay: float = 0.95

    def __post_init__(self) -> None:
        check_decay(self)

    def build(self, codes: int) -> Assembled:
        """The moving share ``use`` of each row, saved but not learnt."""
        torch = torch_for(self)
        use = torch.full((codes,), 1.0 / codes)
        return assemble(self, use=torch.nn.Parameter(use, requires_grad=False))

    def revive(
        self, module: nn.Module, book: nn.Module, update: RowUpdate, vectors: Tensor, codes: Tensor
    ) -> None:
        """Count, and put the dead on vectors drawn from the batch."""
        import torch

        use: Tensor = module.use  # type: ignore[assignment]
        with torch.no_grad():
            count_use(use, codes, self.decay)
            dead = (use < self.share / len(use)).nonzero()[:, 0]
            if not len(dead):
                return
            drawn = torch.randint(len(vectors), (len(dead),), device=vectors.device)
            update.replace(book, dead, of_first(vectors[drawn]), use.new_ones(len(dead), 1))
            use[dead] = 1.0 / len(use)
