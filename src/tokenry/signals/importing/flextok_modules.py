"""Modules of a FlexTok checkpoint by what they are: its configuration beside its tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tokenry.errors import SignalError
from tokenry.signals.importing.contract import ReleasedWeights

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Modules:
    """One part of a checkpoint: encoder, decoder, regularizer or vae.

    Attributes:
        part: its name.
        top: its own entry of the configuration.
        checkpoint: the tensors.
    """

    part: str
    top: Mapping[str, Any]
    checkpoint: ReleasedWeights

    def arguments(self, kind: str, axes: int | None = None) -> Mapping[str, Any]:
        """Of the one module of a class.

        Raises:
            SignalError: there is none, or more than one.
        """
        return self._the(kind, axes)[1]

    def taken(self, kind: str, tensor: str) -> Tensor:
        """A tensor of the one module of a class, in float32.

        Raises:
            SignalError: there is no such module or tensor.
        """
        return self.checkpoint.taken(self.name(kind, tensor))[0]

    def name(self, kind: str, tensor: str) -> str:
        """Of a tensor of the one module of a class."""
        return f"{self.part}.module_dict.{self._the(kind)[0]}.{tensor}"

    def stands_before(self, kind: str, later: str) -> None:
        """Raise where a module of one class comes behind one of another.

        Raises:
            SignalError: naming both.
        """
        kinds = [_kind(each) for each in self._inner.values()]
        if kind in kinds and later in kinds and kinds.index(kind) > kinds.index(later):
            raise SignalError(
                f"{self.checkpoint.where}: {kind} of the {self.part} stands behind {later}; "
                "expected it before"
            )

    def positions(self, axes: int) -> Tensor | None:
        """Rows that are added to places on so many axes, (places, width); None: nothing is.

        Raises:
            SignalError: they are of no kind that is known.
        """
        found = self._all("PositionalEmbeddingAdder", axes)
        if not found:
            return None
        name, arguments = self._the("PositionalEmbeddingAdder", axes)
        table = self.checkpoint.taken(f"{self.part}.module_dict.{name}.posembs")[0]
        kind = arguments.get("posemb_type", "sincos")
        if kind == "sincos" and axes == 2:
            return table[0].flatten(1).T
        if kind == "learnable_sum" and axes == 2:
            return (table[0, 0][:, :, None] + table[1, 0][:, None]).flatten(1).T
        if kind.startswith("learnable") and axes == 1:
            return table[0, 0].T
        raise SignalError(
            f"{self.checkpoint.where}: positions of the {self.part} are {kind!r}; expected sincos "
            "or learnable_sum"
        )

    @property
    def _inner(self) -> Mapping[str, Any]:
        inner = self.top.get("module_dict")
        return inner if isinstance(inner, dict) else {}

    def _all(self, kind: str, axes: int | None) -> list[tuple[str, Mapping[str, Any]]]:
        return [
            (name, each)
            for name, each in self._inner.items()
            if _kind(each) == kind and axes in (None, len(each.get("max_sizes", ())))
        ]

    def _the(self, kind: str, axes: int | None = None) -> tuple[str, Mapping[str, Any]]:
        found = self._all(kind, axes)
        if len(found) != 1:
            raise SignalError(
                f"{self.checkpoint.where}: its configuration names {len(found)} {kind} in the "
                f"{self.part}; expected one"
            )
        return found[0]


def modules_of(checkpoint: ReleasedWeights, part: str) -> Modules:
    """A part of a checkpoint.

    Raises:
        SignalError: nothing says what it is made of.
    """
    config = checkpoint.config.get("config", checkpoint.config)
    top = config.get(part)
    if not isinstance(top, dict):
        raise SignalError(
            f"{checkpoint.where} has no configuration of its {part}; put the config.json that was "
            "released with a FlexTok beside it"
        )
    return Modules(part, top, checkpoint)


def _kind(entry: Any) -> str:
    """The class that an entry of the configuration names."""
    return str(entry.get("_target_", "")).rpartition(".")[2] if isinstance(entry, dict) else ""
