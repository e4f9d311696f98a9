"""LoRA: what a stage of healing changes in the body's matrices is of low rank.

Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", arXiv:2106.09685. A matrix W
is read as W + B A, with B all zeros at first; A and B alone learn, and are added to W at the end.
Rows of ids and heads are left out, for those are healed as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tokenry.seeds import derived

if TYPE_CHECKING:
    from torch import Tensor

ADAPTERS: Final = "*.parametrizations.weight.*.factors.*"
"""The pattern of the names of what learns."""


def matrices(network: Any) -> list[tuple[str, Any]]:
    """Modules of the body with a weight matrix, by name; those of both ends left out."""
    ends = {id(network.get_input_embeddings()), id(network.get_output_embeddings())}
    kinds = ("Linear", "Conv1D")  # the second is how GPT-2 in transformers writes the first
    return [
        (name, module)
        for name, module in network.named_modules()
        if type(module).__name__ in kinds and id(module) not in ends
    ]


@contextmanager
def low_rank(network: Any, rank: int, seed: int = 0) -> Iterator[None]:
    """Inside, each matrix of the body has a change of so low a rank; on leaving it is added to it.

    Args:
        network: of transformers, changed in place.
        rank: of the changes; 0 for none.
        seed: of what A begins as.
    """
    if not rank:
        yield
        return
    from torch.nn.utils import parametrize

    kind, found = _change(), matrices(network)
    for name, module in found:
        change = kind(module.weight, rank, derived(seed, "low rank", name))
        parametrize.register_parametrization(module, "weight", change)
    try:
        yield
    finally:
        for _, module in found:
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=True)


def _change() -> Any:
    import torch
    from torch import nn

    class LowRank(nn.Module):
        def __init__(self, weight: Tensor, rank: int, seed: int) -> None:
            super().__init__()
            draw = torch.Generator().manual_seed(seed % 2**63)
            inner = torch.randn(rank, weight.shape[1], generator=draw) / weight.shape[1] ** 0.5
            outer = torch.zeros(weight.shape[0], rank)
            self.factors = nn.ParameterList([outer, inner])

        def forward(self, weight: Tensor) -> Tensor:
            changed: Tensor = weight + self.factors[0] @ self.factors[1]
            return changed

    return LowRank
