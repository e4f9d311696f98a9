"""Made text is told from human text where their pairs of tokens differ, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.measuring.generated_text import told_apart


def chains(turns: list[list[float]], seed: int) -> list[np.ndarray]:
    source = np.random.default_rng(seed)
    rows = []
    for _ in range(120):
        row = [0]
        for _ in range(60):
            row.append(int(source.choice(3, p=turns[row[-1]])))
        rows.append(np.array(row, dtype=np.uint32))
    return rows


def test_only_what_differs_is_told_apart() -> None:
    even = [[1 / 3] * 3] * 3
    round_ = [[0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.8, 0.1, 0.1]]
    assert told_apart(chains(even, 0), chains(even, 1), 3) == pytest.approx(0.5, abs=0.15)
    assert told_apart(chains(even, 0), chains(round_, 1), 3) > 0.99
