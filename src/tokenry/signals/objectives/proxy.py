"""How likely the codes of a base were held to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tokenry.errors import PartError
from tokenry.signals.objectives.unlearnt import Unlearnt

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Passed


@dataclass(frozen=True, kw_only=True)
class ProxyCodes(Unlearnt):
    """Cross entropy, in nats a place (Yu et al. 2024, TiTok, arXiv:2406.07550).

    Attributes:
        weight: among the other objectives.
    """

    weight: float = 1.0

    name: ClassVar[str] = "proxy codes"

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Of the base's codes."""
        from torch.nn import functional

        logits, codes = passed.decoded.taps.get("logits"), passed.based.codes
        if logits is None or codes is None:
            raise PartError("the objective proxy codes needs the decoder proxy and a base of codes")
        return functional.cross_entropy(logits.flatten(0, 1), codes.flatten())
