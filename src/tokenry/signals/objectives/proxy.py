"""How likely the codes of a base were held to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tokenry.errors import PartError
from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed


@dataclass(frozen=True, kw_only=True)
class ProxyCodes:
    """Cross entropy, in nats a place (Yu et al. 2024, TiTok, arXiv:2406.07550).

    Attributes:
        weight: among the other objectives.
    """

    weight: float = 1.0

    name: ClassVar[str] = "proxy codes"

    def __post_init__(self) -> None:
        at_least(self, 0, "weight")

    def build(self, sizes: CodecSizes) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Of the base's codes."""
        from torch.nn import functional

        logits, codes = passed.decoded.taps.get("logits"), passed.based.codes
        if logits is None or codes is None:
            raise PartError("the objective proxy codes needs the decoder proxy and a base of codes")
        return functional.cross_entropy(logits.flatten(0, 1), codes.flatten())
