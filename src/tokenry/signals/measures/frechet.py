"""Fréchet distance of two sets of features, taken as normal distributions.

Dowson & Landau 1982; with the features of a published network it would be FID (Heusel et al. 2017,
arXiv:1706.08500). The trace of ``(A B)^½`` is that of the symmetric ``(A^½ B A^½)^½``, by
eigenvalues on the directions in which the first set has any spread: the square root of a product
that is not symmetric is complex, and fails where a feature never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.measures.fidelity import Scores

_NULL: Final = 1e-12  # of the largest eigenvalue; below it a direction has no spread


@dataclass(frozen=True, eq=False)
class FeatureMoments:
    """Mean, shape (width,), and covariance, shape (width, width), of the features of pictures.

    Attributes:
        mean: of the features.
        covariance: of the features, over n - 1.
        count: of the pictures.
    """

    mean: Scores
    covariance: Scores
    count: int

    @classmethod
    def of(cls, features: NDArray[Any]) -> FeatureMoments:
        """Of features of shape (n, width).

        Raises:
            SignalError: there are fewer than 2 rows, or one is not finite.
        """
        rows = np.asarray(features, np.float64)
        if rows.ndim != 2 or len(rows) < 2 or not np.isfinite(rows).all():
            raise SignalError(f"features of shape {rows.shape}; expected 2 or more finite rows")
        return cls(rows.mean(axis=0), np.atleast_2d(np.cov(rows, rowvar=False)), len(rows))


def frechet_distance(a: FeatureMoments, b: FeatureMoments) -> float:
    """``|m_a - m_b|² + tr(A + B - 2 (A B)^½)``, 0 for equal moments.

    It is biased upwards where pictures are few: compare with what other real pictures get, as many
    of them.

    Raises:
        SignalError: their widths differ.
    """
    if a.mean.shape != b.mean.shape:
        raise SignalError(
            f"features of {len(a.mean)} and of {len(b.mean)} values cannot be compared"
        )
    values, vectors = np.linalg.eigh(a.covariance)
    kept = values > _NULL * max(float(values.max()), 0.0)
    root = vectors[:, kept] * np.sqrt(values[kept])
    between = root.T @ b.covariance @ root
    crossed = np.sqrt(np.clip(np.linalg.eigvalsh(between), 0, None)).sum() if kept.any() else 0.0
    apart = float(((a.mean - b.mean) ** 2).sum())
    spread = float(np.trace(a.covariance) + np.trace(b.covariance) - 2 * crossed)
    return max(0.0, apart + spread)
