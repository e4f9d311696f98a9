"""Bidirectional: a query sees all places.

Devlin et al. 2019, arXiv:1810.04805.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.neural.topologies import Mask


@dataclass(frozen=True)
class Bidirectional:
    """What an encoder has."""

    causal = False

    def mask(self, queries: int, keys: int) -> Mask:
        """All keys."""
        return np.ones((queries, keys), np.bool_)
