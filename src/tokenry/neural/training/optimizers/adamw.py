"""AdamW: Adam with weight decay apart from the gradients.

Loshchilov & Hutter 2019, arXiv:1711.05101; Kingma & Ba 2015, arXiv:1412.6980.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from tokenry.errors import PartError
from tokenry.neural.building import torch_for
from tokenry.neural.parts import at_least
from tokenry.neural.training.optimizers.group import Group

if TYPE_CHECKING:
    from torch import nn, optim


@dataclass(frozen=True, kw_only=True)
class AdamW:
    """torch's own. Vectors (biases, scales of norms) do not decay unless a group says so.

    Attributes:
        rate: the full rate, which the schedule multiplies.
        betas: how much of the averages of gradients and of their squares is kept.
        epsilon: added to the root of the squares.
        decay: of matrices and rows.
        groups: parameters that differ; for each the first that matches.
    """

    rate: float = 3e-3
    betas: tuple[float, ...] = (0.9, 0.95)
    epsilon: float = 1e-8
    decay: float = 0.05
    groups: tuple[Group, ...] = ()

    def __post_init__(self) -> None:
        at_least(self, 0, "rate", "epsilon", "decay")
        if len(self.betas) != 2 or not all(0 <= beta < 1 for beta in self.betas):
            raise PartError(f"betas of AdamW are {self.betas}, expected two from 0 to below 1")

    def build(self, parameters: Sequence[tuple[str, nn.Parameter]]) -> optim.Optimizer:
        """The optimizer, its groups in the order in which their first parameters come.

        Raises:
            PartError: a group matches no parameter.
        """
        matched: set[Group] = set()
        found: dict[tuple[float, float], list[Any]] = {}
        for name, parameter in parameters:
            group = next((g for g in self.groups if fnmatchcase(name, g.names)), None)
            decay = self.decay if parameter.dim() > 1 else 0.0
            if group is not None:
                matched.add(group)
                decay = decay if group.decay is None else group.decay
            rate = self.rate * (1 if group is None else group.rate)
            found.setdefault((rate, decay), []).append(parameter)
        for group in self.groups:
            if group not in matched:
                raise PartError(f"{group} matches no trained parameter")
        return self._optimizer(found)

    def _optimizer(self, found: dict[tuple[float, float], list[Any]]) -> optim.Optimizer:
        groups = [
            {"params": params, "lr": rate, "initial_lr": rate, "weight_decay": decay}
            for (rate, decay), params in found.items()
        ]
        made: optim.Optimizer = torch_for(self, "torch.optim").AdamW(
            groups, betas=self.betas, eps=self.epsilon
        )
        return made
