"""What an importer is given and gives: tensors by their names, slots and tensors by ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tokenry.errors import SignalError
from tokenry.signals.assembly import Assembly

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class ReleasedWeights:
    """What others saved.

    Attributes:
        tensors: by their names.
        config: what stood beside them in ``config.json``; {} where nothing did.
        where: the file, for messages.
    """

    tensors: Mapping[str, Tensor]
    config: Mapping[str, Any]
    where: str

    def taken(self, *names: str) -> list[Tensor]:
        """Tensors by name, in float32.

        Raises:
            SignalError: there is no such tensor.
        """
        missing = [name for name in names if name not in self.tensors]
        if missing:
            raise SignalError(
                f"{self.where} has no tensor {', '.join(missing)}; expected a checkpoint of the "
                "system that is named as the recipe"
            )
        return [self.tensors[name].float() for name in names]


@dataclass(frozen=True)
class Imported:
    """A codec to be.

    Attributes:
        assembly: its slots.
        tensors: of its network, by our names; what is not named starts as it is built.
        unread: names of theirs that nothing here stands for.
    """

    assembly: Assembly
    tensors: Mapping[str, Tensor]
    unread: tuple[str, ...] = ()


class Importer(Protocol):
    """A function of a checkpoint; it raises SignalError where one is not of its system."""

    def __call__(self, checkpoint: ReleasedWeights) -> Imported:
        """Slots by the shapes of tensors, and the tensors."""
