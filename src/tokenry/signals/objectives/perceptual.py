"""Differences of what a teacher sees, instead of those of pixels.

Zhang et al. 2018, arXiv:1801.03924, with a network that is trained here; never called LPIPS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tokenry.neural.building import assemble
from tokenry.signals.objectives.unlearnt import Unlearnt

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed


@dataclass(frozen=True, kw_only=True)
class Perceptual(Unlearnt):
    """Mean square of differences of unit vectors, over places, summed over channels and taps.

    Attributes:
        weight: among the other objectives.
        taps: of the teacher; (): all.
    """

    weight: float = 0.1
    taps: tuple[str, ...] = ()

    name: ClassVar[str] = "perceptual"

    def build(self, sizes: CodecSizes) -> Assembled:
        """A module without weights."""
        for tap in self.taps or ("",) * (not sizes.teacher):
            sizes.teacher_width(tap)
        return assemble(self)

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Of the decoded values."""
        from torch.nn.functional import normalize

        wanted, found = passed.seen.taps, passed.seen.of(passed.decoded.values)
        apart = [
            (normalize(found[tap], dim=-1) - normalize(wanted[tap], dim=-1)).square().sum(-1).mean()
            for tap in self.taps or tuple(wanted)
        ]
        total: Tensor = sum(apart[1:], apart[0])
        return total
