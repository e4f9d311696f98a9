"""SSIMULACRA2: a perceptual score with weights that were fitted to what people see.

Sneyers, Ben Baruch, Vaxman 2022, of the JPEG XL reference software; computed by the package
``ssimulacra2``. 30 is low quality, 50 medium, 70 high, 90 and more hardly to be told apart.
"""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.extras import require
from tokenry.signals.measures.fidelity import Scores, paired
from tokenry.signals.pictures.png import png_bytes

LEAST: Final = 225
"""Pixels of a side: its six scales need 8 at the last, which halves five times. On fewer scales the
weights would be those of others.
"""


def ssimulacra2(original: NDArray[Any], decoded: NDArray[Any]) -> Scores:
    """Of each picture, 100 where both are the same; it has no lower end.

    Raises:
        SignalError: as for `fidelity.paired`, or a side has fewer than `LEAST` pixels.
    """
    paired(original[:1], decoded[:1])
    if original.shape != decoded.shape:
        raise SignalError(f"decoded pictures are {decoded.shape}, the originals {original.shape}")
    if min(original.shape[1:3]) < LEAST:
        raise SignalError(
            f"pictures of {original.shape[1:3]} pixels; SSIMULACRA2 needs {LEAST} or more"
        )
    score = require("ssimulacra2", "signals", "SSIMULACRA2").compute_ssimulacra2
    pairs = zip(original, decoded, strict=True)
    return np.array([
        float(score(*(io.BytesIO(png_bytes(each)) for each in pair))) for pair in pairs
    ])  # fmt: skip
