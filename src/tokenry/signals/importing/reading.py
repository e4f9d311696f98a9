"""Read a checkpoint of others and make a codec of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tokenry.errors import FormatError, SignalError
from tokenry.extras import importing
from tokenry.neural.saving import read_tensors
from tokenry.signals.codec import Codec
from tokenry.signals.importing.contract import Imported, ReleasedWeights
from tokenry.signals.importing.registry import IMPORTERS

if TYPE_CHECKING:
    from torch import Tensor

CONFIG: Final = "config.json"
_WEIGHTS: Final = ("model.safetensors", "pytorch_model.bin")
_WRAPPED: Final = ("state_dict", "model")


def import_codec(path: str | os.PathLike[str], recipe: str) -> Codec:
    """A codec with released weights.

    Args:
        path: a file of safetensors or of torch, or a folder with one and its ``config.json``.
        recipe: whose importer reads it: one of `tokenry.signals.importing.registry.IMPORTERS`.

    Raises:
        SignalError: nothing imports for this recipe, the file is none of its system, or tensors
            are missing or of another shape.
        MissingExtraError: torch or safetensors are not installed.
    """
    checkpoint = read_checkpoint(path)
    made = IMPORTERS.load(recipe)(checkpoint)
    return codec_of(made, checkpoint, recipe)


def codec_of(made: Imported, checkpoint: ReleasedWeights, recipe: str) -> Codec:
    """The network with these tensors.

    Raises:
        SignalError: a tensor has another shape than the slots.
    """
    network = made.assembly.build()
    own = network.state_dict()
    for name, each in made.tensors.items():
        expected = tuple(own[name].shape) if name in own else None
        if expected != tuple(each.shape):
            raise SignalError(
                f"{checkpoint.where}: {name} would be of shape {tuple(each.shape)}, expected "
                f"{expected}; the checkpoint is of another size than it says"
            )
    network.load_state_dict({**own, **made.tensors})
    about = {"recipe": recipe, "from": Path(checkpoint.where).name, "unread": [*made.unread]}
    return Codec(network, about)


def read_checkpoint(path: str | os.PathLike[str]) -> ReleasedWeights:
    """Tensors and what is said beside them; no code in a file is ever run.

    Raises:
        SignalError: there is no such file, or it holds no tensors by name.
    """
    path = Path(path)
    beside = (path if path.is_dir() else path.parent) / CONFIG
    file = next((path / name for name in _WEIGHTS if (path / name).is_file()), path)
    if not file.is_file():
        raise SignalError(
            f"{path} is no checkpoint; expected a file of tensors or a folder with one of "
            f"{', '.join(_WEIGHTS)}"
        )
    return ReleasedWeights(_tensors(file), _config(beside), str(file))


def _config(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise SignalError(f"{path} is no JSON: {error}") from None
    return found if isinstance(found, dict) else {}


def _tensors(file: Path) -> dict[str, Tensor]:
    if file.suffix == ".safetensors":
        try:
            return read_tensors(file)
        except FormatError as error:
            raise SignalError(str(error)) from None
    with importing("neural", "reading a checkpoint"):
        import torch
    try:
        found = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a broken or a hostile file makes torch raise
        raise SignalError(
            f"{file} holds no tensors that can be read without running code: {error}".splitlines()[
                0
            ]
        ) from None
    for name in _WRAPPED:
        found = found.get(name, found) if isinstance(found, dict) else found
    if not isinstance(found, dict) or not all(isinstance(e, torch.Tensor) for e in found.values()):
        raise SignalError(f"{file} holds no tensors by name; expected a state dict")
    return found
