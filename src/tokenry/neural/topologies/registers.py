"""Registers that are causal: behind places that see each other stand registers that see them.

Bachmann et al. 2025 (FlexTok), arXiv:2502.13967.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.parts import at_least
from tokenry.neural.topologies import Mask, places


@dataclass(frozen=True, kw_only=True)
class RegistersCausal:
    """A register sees all other places and the registers up to itself; others see no register.

    Attributes:
        others: places before the first register.
    """

    others: int

    causal = False

    def __post_init__(self) -> None:
        at_least(self, 0, "others")

    def mask(self, queries: int, keys: int) -> Mask:
        """The others, and registers no later than the query."""
        query, key = places(queries, keys)
        return (key < self.others) | (key <= query)
