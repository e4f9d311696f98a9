"""Cosine: half a wave from the full rate down.

Loshchilov & Hutter 2017, arXiv:1608.03983.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tokenry.errors import PartError


@dataclass(frozen=True, kw_only=True)
class Cosine:
    """Down to a share of the rate.

    Attributes:
        end: share of the rate at the end.
    """

    end: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.end <= 1:
            raise PartError(f"end of Cosine is {self.end}, expected 0 to 1")

    def factor(self, share: float) -> float:
        """The wave.

        >>> [round(Cosine(end=0.1).factor(share), 3) for share in (0, 0.5, 1)]
        [1.0, 0.55, 0.1]
        """
        return self.end + (1 - self.end) * (1 + math.cos(math.pi * min(share, 1.0))) / 2
