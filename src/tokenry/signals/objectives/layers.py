"""Layers of a trunk held to those of a teacher, the more the further they went from them.

Yue et al. 2025 (UniFlow), arXiv:2510.10575: layer l of L weighs as l/L exp(b a), where a is how far
it stands apart, so that what has drifted is drawn back, and shallow layers are free for details.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.objectives.distillation import matched, tapped

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed


@dataclass(frozen=True, kw_only=True)
class LayerDistillation:
    """One minus the cosine, layer by layer.

    Attributes:
        layers: taps of the trunk, shallow ones first.
        to: taps of the teacher, as many.
        weight: among the other objectives.
        sharpness: b of the weights.
    """

    layers: tuple[str, ...] = ("block-0", "block-1", "block-2")
    to: tuple[str, ...] = ("stage-0", "stage-1", "stage-2")
    weight: float = 1.0
    sharpness: float = 2.0

    name: ClassVar[str] = "layers"

    def __post_init__(self) -> None:
        at_least(self, 0, "weight", "sharpness")
        if not self.layers or len(self.layers) != len(self.to):
            raise PartError(f"{len(self.layers)} layers to {len(self.to)}; expected as many")

    def build(self, sizes: CodecSizes) -> Assembled:
        """A linear layer ``head`` for each pair."""
        nn = torch_for(self, "torch.nn")
        heads = [nn.Linear(sizes.width, sizes.teacher_width(tap)) for tap in self.to]
        return assemble(self, head=nn.ModuleList(heads))

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """The weighed mean."""
        import torch
        from torch.nn.functional import cosine_similarity

        apart = []
        for head, layer, tap in zip(module.head, self.layers, self.to, strict=True):
            found, wanted = matched(head(tapped(passed, layer)), passed.seen.taps[tap])
            apart.append(1 - cosine_similarity(found, wanted, dim=-1).mean())
        each = torch.stack(apart)
        depth = torch.arange(1, len(apart) + 1, device=each.device) / len(apart)
        weights = depth * (self.sharpness * each.detach()).exp()
        return (weights * each).sum() / weights.sum()
