"""Nothing is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.signals.conditioners import Site

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True)
class Unconditioned:
    """The item alone."""

    facts = ()

    def places(self, site: Site) -> int:
        """None."""
        return 0

    def build(self, encoder: int, decoder: int) -> Assembled:
        """A module without weights."""
        return assemble(self)

    def vectors(self, module: Assembled, facts: Mapping[str, Tensor], site: Site) -> Tensor | None:
        """None."""
        return None

    def taps(self, module: Assembled, facts: Mapping[str, Tensor], site: Site) -> dict[str, Tensor]:
        """None."""
        return {}
