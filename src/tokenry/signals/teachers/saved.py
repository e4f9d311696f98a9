"""A network that was trained before: the classifier that `measures.local.train_local` saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.signals.measures.local import LocalClassifier
from tokenry.signals.measures.local_network import LocalNetwork

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class SavedTeacher:
    """Taps ``stage-0`` to ``stage-2`` and ``whole``, as of `TurnTeacher`.

    Attributes:
        folder: that `LocalClassifier.save` wrote.
        width: of its network.
        size: values of a picture in its network.
        classes: that it tells apart.
    """

    folder: str
    width: int = 32
    size: int = 64
    classes: int = 4

    share = 0.0

    @property
    def _network(self) -> LocalNetwork:
        return LocalNetwork(classes=self.classes, width=self.width, features=self.size)

    def sizes(self, shape: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
        """Three stages and the whole."""
        return self._network.tap_sizes

    def build(self, shape: tuple[int, ...]) -> Assembled:
        """The network with its weights.

        Raises:
            SignalError: the folder has none.
            PartError: it is of other sizes.
        """
        module = LocalClassifier.load(self.folder).module
        if module.part != self._network:
            raise PartError(f"{self.folder} has {module.part}; expected {self._network}")
        return module

    def lesson(self, module: Assembled, values: Tensor) -> Tensor:
        """Not to be asked for."""
        raise PartError("a saved teacher is not trained again")

    def features(self, module: Assembled, values: Tensor) -> dict[str, Tensor]:
        """One pass."""
        return self._network.taps(module, values)
