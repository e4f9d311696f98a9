"""Vectors of a codec, brought to those of a teacher.

To the decoder's or the encoder's places (REPA: Yu et al. 2024, arXiv:2410.06940), to latents and
codes, to features that a decoder gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed

Apart = Literal["cosine", "squared", "contrast"]
"""One minus the cosine; the mean square; or how well an item's whole is told from those of others
(InfoNCE: van den Oord et al. 2018, arXiv:1807.03748)."""


@dataclass(frozen=True, kw_only=True)
class Distillation:
    """Through layers ``head`` to the width of the teacher; ``features`` of a decoder as they are.

    Attributes:
        weight: among the other objectives.
        tap: ``latents``, ``codes`` (vectors behind the bottleneck), ``first`` or ``last`` code
            alone, or a tap of the decoder or the trunk.
        to: tap of the teacher.
        apart: what is made smaller.
        width: of vectors of a tap of the trunk or the decoder; None: theirs.
        first: numbers of each vector that are read, from its front; None: all.
        fades: whether items that keep more tokens are held to it less (Fu et al. 2026, ReToK,
            arXiv:2601.01535).
    """

    weight: float = 0.5
    tap: str = "codes"
    to: str = "whole"
    apart: Apart = "cosine"
    width: int | None = None
    first: int | None = None
    fades: bool = False

    name: ClassVar[str] = "distillation"

    def __post_init__(self) -> None:
        at_least(self, 0, "weight")
        at_least(self, 1, "width", "first")

    def build(self, sizes: CodecSizes) -> Assembled:
        """The ``head``."""
        nn, made = torch_for(self, "torch.nn"), sizes.teacher_width(self.to)
        if self.tap == "features":
            return assemble(self, head=nn.Identity())
        own = {
            "latents": sizes.size, "codes": sizes.decoded_size, "first": sizes.decoded_size,
            "last": sizes.decoded_size, "patches": sizes.decoder_width,
        }  # fmt: skip
        given = self.first or self.width or own.get(self.tap, sizes.width)
        head = nn.Sequential(nn.Linear(given, 2 * made), nn.GELU(), nn.Linear(2 * made, made))
        return assemble(self, head=head)

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Means over places and items."""
        import torch
        from torch.nn import functional

        wanted = passed.seen.taps[self.to]
        found = module.head(tapped(passed, self.tap)[..., : self.first])
        if found.shape[-1] != wanted.shape[-1]:
            raise PartError(
                f"{self.tap} has vectors of {found.shape[-1]}, {self.to} of {wanted.shape[-1]}; "
                "expected as many: give the decoder the teacher's size="
            )
        found, wanted = matched(found, wanted)
        if self.apart == "contrast":
            ours, theirs = (functional.normalize(each.mean(1), dim=-1) for each in (found, wanted))
            right = torch.arange(len(ours), device=ours.device)
            return functional.cross_entropy(ours @ theirs.T / 0.1, right)
        if self.apart == "squared":
            each = (found - wanted).square().mean((1, 2))
        else:
            each = 1 - functional.cosine_similarity(found, wanted, dim=-1).mean(1)
        if self.fades:
            each = each * (1 - passed.kept.mask.float().mean(1))
        return each.mean()


def tapped(passed: Passed, tap: str) -> Tensor:
    """Vectors of a pass by name, shape (batch, places, width).

    Raises:
        PartError: nothing has this name.
    """
    codes = passed.quantized.vectors
    own = {
        "latents": passed.latents, "codes": codes, "first": codes[:, :1], "last": codes[:, -1:],
    }  # fmt: skip
    known = {**passed.features.taps, **passed.decoded.taps, **own}
    if tap not in known:
        raise PartError(f"no tap is named {tap!r}; there are {', '.join(sorted(known))}")
    return known[tap]


def matched(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Vectors at as many places: means over cells of the finer grid, else over all places."""
    from torch.nn.functional import adaptive_avg_pool2d

    if one.shape[1] == other.shape[1]:
        return one, other
    sides = [round(each.shape[1] ** 0.5) for each in (one, other)]
    square = all(side**2 == each.shape[1] for side, each in zip(sides, (one, other), strict=True))
    side = min(sides) if square else 1
    made = []
    for each in (one, other):
        rows = each.transpose(1, 2)
        if square:
            own = round(each.shape[1] ** 0.5)
            rows = rows.reshape(*rows.shape[:2], own, own)
            rows = adaptive_avg_pool2d(rows, side).flatten(2)
        else:
            rows = rows.mean(2, keepdim=True)
        made.append(rows.transpose(1, 2))
    return made[0], made[1]
