"""Objectives in which nothing learns: a weight, and a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes


class Unlearnt:
    """What such an objective, a frozen dataclass with a field ``weight``, has from it."""

    def __post_init__(self) -> None:
        at_least(self, 0, "weight")

    def build(self, sizes: CodecSizes) -> Assembled:
        """A module without weights."""
        return assemble(self)
