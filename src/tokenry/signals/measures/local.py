"""Measures by a small classifier that was trained here: FD-local, LP-local, accuracy.

They stand in for FID (Heusel et al. 2017, arXiv:1706.08500), LPIPS (Zhang et al. 2018,
arXiv:1801.03924) and accuracy of large classifiers, and are never called by these names: their
values depend on the classifier, whose fingerprint stands beside them, and compare only within it.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import FormatError, SignalError
from tokenry.json_data import plain, typed
from tokenry.neural.saving import CONFIG, WEIGHTS, read_tensors, write_tensors
from tokenry.progress import Progress, silent
from tokenry.results import read_result, write_result
from tokenry.signals.measures.fidelity import Scores
from tokenry.signals.measures.frechet import FeatureMoments, frechet_distance
from tokenry.signals.measures.labels import TURNS, inferred, predicted, train_on_labels
from tokenry.signals.measures.local_network import LocalNetwork
from tokenry.signals.pictures.album import Album
from tokenry.signals.pictures.picture import Pixels

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled

_FORMAT: Final = "tokenry local classifier"


@dataclass(frozen=True, eq=False)
class LocalClassifier:
    """A trained classifier as a measure.

    Attributes:
        module: of a `LocalNetwork`, in eval mode.
    """

    module: Assembled

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of its weights."""
        digest = hashlib.sha256()
        for name, each in sorted(self.module.state_dict().items()):
            digest.update(name.encode() + each.detach().cpu().numpy().tobytes())
        return digest.hexdigest()

    @property
    def name(self) -> str:
        """What stands behind ``FD-local:`` in tables."""
        return self.fingerprint[:8]

    def features(self, pixels: Pixels) -> NDArray[np.float64]:
        """Shape (n, features)."""
        part: LocalNetwork = self.module.part
        return inferred(lambda each: part.describe(self.module, each), pixels).astype(np.float64)

    def predictions(self, pixels: Pixels) -> NDArray[np.int64]:
        """The likeliest class of each picture, shape (n,)."""
        return predicted(self.module, pixels)

    def accuracy(self, pixels: Pixels, labels: NDArray[np.int64]) -> Scores:
        """1 where the label is found, else 0, shape (n,)."""
        return np.asarray(self.predictions(pixels) == labels, np.float64)

    def fd_local(self, original: Pixels, decoded: Pixels) -> float:
        """Fréchet distance of the features of two sets of pictures."""
        sets = (FeatureMoments.of(self.features(each)) for each in (original, decoded))
        return frechet_distance(*sets)

    def lp_local(self, original: Pixels, decoded: Pixels) -> Scores:
        """Mean squared difference of unit vectors of channels, over places, added over layers."""
        return inferred(self._apart, original, decoded).astype(np.float64)

    def _apart(self, a: Tensor, b: Tensor) -> Tensor:
        from torch.nn.functional import normalize

        part: LocalNetwork = self.module.part
        layers = zip(part.maps(self.module, a), part.maps(self.module, b), strict=True)
        apart = [normalize(one, dim=1) - normalize(two, dim=1) for one, two in layers]
        import torch

        return torch.stack([(each**2).sum(1).mean((1, 2)) for each in apart]).sum(0)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write ``config.json`` and ``model.safetensors`` into a folder."""
        folder = Path(folder)
        write_tensors(folder / WEIGHTS, self.module.state_dict())
        write_result(folder / CONFIG, plain(self.module.part), format=_FORMAT, version=1)
        return folder

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> LocalClassifier:
        """Read what `save` wrote.

        Raises:
            SignalError: a file is broken or of another version, or weights are of another network.
        """
        content = read_result(Path(folder, CONFIG), format=_FORMAT, version=1, error=SignalError)
        sizes = {name: each for name, each in content.items() if name not in ("format", "version")}
        module = typed(LocalNetwork, sizes).build()
        try:
            module.load_state_dict(read_tensors(Path(folder, WEIGHTS)))
        except (RuntimeError, FormatError) as error:
            raise SignalError(f"{folder} holds other weights: {str(error)[:200]}") from None
        return cls(module.eval())


def train_local(
    album: Album,
    *,
    steps: int = 600,
    batch: int = 64,
    width: int = 32,
    rate: float = 3e-3,
    seed: int = 0,
    progress: Progress = silent,
) -> LocalClassifier:
    """Train a classifier of the classes of an album.

    Where its pictures have no labels, or all the same, it learns which of four quarter turns a
    picture was given (Gidaris, Singh, Komodakis 2018, arXiv:1803.07728).

    Args:
        album: pictures that are not measured on.
        steps: of the training.
        batch: pictures of a step.
        width: of `LocalNetwork`.
        rate: of AdamW, down a cosine.
        seed: of weights and order.
        progress: told how far it is.
    """
    turns = len(album.classes) < 2 or bool((album.labels < 0).any())
    network = LocalNetwork(classes=TURNS if turns else len(album.classes), width=width)
    module = train_on_labels(
        network, album, steps=steps, batch=batch, rate=rate, seed=seed, turns=turns,
        progress=progress,
    )  # fmt: skip
    return LocalClassifier(module)
