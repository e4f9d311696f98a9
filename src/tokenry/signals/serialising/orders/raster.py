"""Row by row, which is also the order of a sequence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.signals.serialising.contract import Places


@dataclass(frozen=True)
class Raster:
    """Places as they are numbered; of any layout, and of any prefix of it."""

    def places(self, shape: tuple[int, ...]) -> Places:
        """0, 1, 2, ..."""
        return np.arange(int(np.prod(shape)), dtype=np.int64)
