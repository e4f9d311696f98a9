"""SSIMULACRA2 of pictures that are large enough for it."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.errors import SignalError
from tokenry.signals.baselines.jpeg import Jpeg
from tokenry.signals.measures.ssimulacra import LEAST, ssimulacra2
from tokenry.signals.pictures.sources import open_album

pytest.importorskip("ssimulacra2")
pytest.importorskip("sklearn")


def test_lower_qualities_score_lower() -> None:
    original = open_album("scikit-learn", size=LEAST, limit=1).pixels
    scores = [float(ssimulacra2(original, original)[0])]
    for quality in (90, 20):
        coder = Jpeg(quality=quality)
        scores.append(
            float(ssimulacra2(original, coder.decode(coder.encode(original[0]))[None])[0])
        )
    assert scores[0] == 100.0
    assert scores == sorted(scores, reverse=True)
    assert scores[1] > 70 > 50 > scores[2]  # high, and below medium quality, as its authors say


def test_small_pictures_are_refused() -> None:
    small = np.zeros((1, 64, 300, 3), np.uint8)
    with pytest.raises(SignalError, match=r"\(64, 300\) pixels; SSIMULACRA2 needs 225"):
        ssimulacra2(small, small)
