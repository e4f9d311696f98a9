"""ZeTT: rows that a hypernetwork predicts from a piece in old ids.

Minixhofer, Ponti, Vulić 2024, "Zero-Shot Tokenizer Transfer", arXiv:2405.07883. The network is
trained once for a model (`tokenry.transfer.zett.training`) and serves every tokenizer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tokenry.errors import ModelError
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import dense_plan
from tokenry.transfer.row_plan import Role, RowPlan

BLOCK = 4096


@dataclass(frozen=True, eq=False)
class PredictedRows:
    """Dense rows of pieces that have old ids.

    Attributes:
        network: of `HyperNetwork`, trained for this model.
    """

    network: Any = field(repr=False)

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """The part of the predicted rows that belongs to the role.

        Raises:
            ModelError: the network is of a model of another width.
        """
        import torch

        config = self.network.config
        old = np.concatenate([context.rows(each) for each in self._roles()], axis=1)
        if old.shape[1] != config.width * config.matrices:
            raise ModelError(
                f"this hypernetwork is of {config.matrices} matrices of width {config.width}; the "
                f"model has rows of width {context.rows(role).shape[1]}"
            )
        every = context.decompositions
        ids = context.wanted[every.lengths()[context.wanted] > 0]
        surface = np.full((len(ids), config.pieces), -1, np.int64)
        for at, id_ in enumerate(ids.tolist()):
            row = every[id_][: config.pieces]
            surface[at, : len(row)] = row
        begin = config.width * (config.matrices - 1) * (role == "output")
        with torch.no_grad():
            rows = torch.from_numpy(np.ascontiguousarray(old))
            made = [
                self.network(torch.from_numpy(surface[at : at + BLOCK]), rows)
                for at in range(0, len(ids), BLOCK)
            ]
        whole = torch.cat(made).numpy() if made else np.zeros((0, old.shape[1]), np.float32)
        return dense_plan(context, role, "zett", ids, whole[:, begin : begin + config.width])

    def _roles(self) -> tuple[Role, ...]:
        return ("input",) if self.network.config.matrices == 1 else ("input", "output")
