"""Linear probe: how well one linear layer over the vectors of codes tells what pictures show.

Alain & Bengio 2016, arXiv:1610.01644. Least squares on the classes with a penalty on weights, which
is solved exactly; the penalty is chosen on every fifth picture to learn from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.measures.fidelity import Scores

if TYPE_CHECKING:
    from tokenry.signals.codec import Codec
    from tokenry.signals.codes import Codes

PENALTIES: Final = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LinearProbe:
    """A linear layer.

    Attributes:
        weights: shape (features, classes).
        middle: what is taken off features first, shape (features,).
        shares: what is added to the scores of classes, shape (classes,).
    """

    weights: Scores
    middle: Scores
    shares: Scores

    @classmethod
    def fit(cls, features: NDArray[Any], labels: Labels, classes: int) -> LinearProbe:
        """Of features of shape (n, width) and labels from 0 to below ``classes``.

        Raises:
            SignalError: there are fewer than 5 rows, or as many labels as rows are not there.
        """
        x = np.asarray(features, np.float64)
        if x.ndim != 2 or len(x) < 5 or labels.shape != (len(x),):
            raise SignalError(
                f"features of shape {x.shape}, labels of shape {labels.shape}; expected 5 rows or "
                "more, and a label for each"
            )
        held = np.arange(len(x)) % 5 == 4
        tried = _penalised(x[~held], labels[~held], classes)
        right = [(each(x[held]) == labels[held]).mean() for each in tried]
        return _penalised(x, labels, classes)[int(np.argmax(right))]

    def __call__(self, features: NDArray[Any]) -> Labels:
        """The likeliest class of each row, shape (n,)."""
        scores = (np.asarray(features, np.float64) - self.middle) @ self.weights + self.shares
        return np.asarray(scores.argmax(1), np.int64)


def _penalised(x: Scores, labels: Labels, classes: int) -> list[LinearProbe]:
    """One for each of `PENALTIES`, in units of the mean variance of a feature."""
    wanted = np.eye(classes)[labels]
    middle, shares = x.mean(0), wanted.mean(0)
    values, vectors = np.linalg.eigh((x - middle).T @ (x - middle) / len(x))
    along = vectors.T @ ((x - middle).T @ (wanted - shares)) / len(x)
    unit = max(float(values.mean()), 1e-12)
    return [
        LinearProbe(vectors @ (along / (values.clip(0) + each * unit)[:, None]), middle, shares)
        for each in PENALTIES
    ]


def code_vectors(codec: Codec, codes: Codes) -> NDArray[np.float32]:
    """What codes say: their vectors at all places, one behind the other, shape (items, width).

    Zero where an item keeps no token.
    """
    import torch

    module = codec.network.bottleneck
    table, kept = torch.from_numpy(codes.padded()), torch.from_numpy(codes.mask)
    with torch.no_grad():
        vectors = module.part.vectors(
            module, table.to(codec.network.device), kept.to(codec.network.device)
        ).cpu()
    if vectors.shape[1] == kept.shape[1]:
        vectors = vectors * kept[..., None]
    return np.asarray(vectors.flatten(1).float().numpy(), np.float32)
