"""A critic that tells decoded patches from real ones, and is to be deceived.

Patches: Isola et al. 2016, arXiv:1611.07004; hinge: Lim & Ye 2017, arXiv:1705.02894; held to moving
means of what it says, so that little data does not spoil it (LeCam): Tseng et al. 2021,
arXiv:2104.03310.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed

_MEMORY = 0.99


@dataclass(frozen=True, kw_only=True)
class Adversarial:
    """Of images; the critic learns in a phase of its own.

    Attributes:
        weight: among the other objectives.
        start: share of the stage after which the codec is told; the critic learns before.
        lecam: weight of the squared distance from the moving means of the other side.
        channels: of the critic's first convolution.
        halvings: how often it halves the image; a patch is what a last place sees.
    """

    weight: float = 0.1
    start: float = 0.5
    lecam: float = 0.001
    channels: int = 32
    halvings: int = 3

    name: ClassVar[str] = "adversarial"

    def __post_init__(self) -> None:
        at_least(self, 0, "weight", "lecam", "start")
        at_least(self, 1, "channels", "halvings")

    def build(self, sizes: CodecSizes) -> Assembled:
        """The ``critic``, and the means ``means`` of what it says of real and of decoded ones."""
        torch = torch_for(self)
        nn = torch.nn
        if len(sizes.shape) != 3 or min(sizes.shape[1:]) < 2**self.halvings:
            raise PartError(
                f"a critic of {self.halvings} halvings cannot read items of shape {sizes.shape}"
            )
        widths = [sizes.shape[0], *(self.channels * min(4, 2**n) for n in range(self.halvings))]
        layers = []
        for given, made in pairwise(widths):
            layers += [nn.Conv2d(given, made, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        layers.append(nn.Conv2d(widths[-1], 1, 3, padding=1))
        return assemble(self, critic=nn.Sequential(*layers), means=torch.zeros(2))

    def critic_loss(self, module: Assembled, passed: Passed) -> Tensor:
        """Hinges of both, and what LeCam adds."""
        import torch

        real = module.critic(passed.values)
        fake = module.critic(passed.decoded.values.detach())
        hinge = (1 - real).relu().mean() + (1 + fake).relu().mean()
        means = torch.stack([real.mean(), fake.mean()]).detach()
        module.means.mul_(_MEMORY).add_((1 - _MEMORY) * means.to(module.means))
        held = (real - module.means[1]).relu().square().mean()
        held = held + (module.means[0] - fake).relu().square().mean()
        loss: Tensor = hinge + self.lecam * held
        return loss

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """How sure the critic is; nothing before ``start``."""
        if passed.done < self.start:
            return passed.decoded.values.new_zeros(())
        loss: Tensor = -module.critic(passed.decoded.values).mean()
        return loss
