"""Models on disk: ``config.json`` and ``model.safetensors`` in a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenry.errors import FormatError, PartError
from tokenry.extras import require
from tokenry.files import writing
from tokenry.neural.parts import load_part, save_part

if TYPE_CHECKING:
    from tokenry.neural.model import Model

CONFIG, WEIGHTS = "config.json", "model.safetensors"


def save_model(model: Model, folder: str | os.PathLike[str]) -> Path:
    """Write the config and the weights of a model; gives the folder."""
    folder = Path(folder)
    write_tensors(folder / WEIGHTS, model.state_dict())
    save_part(model.config, folder / CONFIG)
    return folder


def load_model(folder: str | os.PathLike[str], *, device: str = "cpu") -> Model:
    """The model of a folder, in the dtype in which it was saved.

    Raises:
        PartError: the weights are not those of the config, or the config is none.
        MissingExtraError: torch or safetensors are not installed.
    """
    folder = Path(folder)
    config = load_part(folder / CONFIG)
    tensors = read_tensors(folder / WEIGHTS)
    model: Model = config.build()
    expected = {name: tuple(each.shape) for name, each in model.state_dict().items()}
    found = {name: tuple(each.shape) for name, each in tensors.items()}
    if expected != found:
        differing = sorted({name for name, _ in expected.items() ^ found.items()})
        raise PartError(f"{folder / WEIGHTS} does not fit {folder / CONFIG}: {differing[:5]}")
    model.load_state_dict(tensors, assign=True)
    return model.to(device)


def write_tensors(path: str | os.PathLike[str], tensors: dict[str, Any]) -> None:
    """Write tensors of torch by name, whole or not at all."""
    save = require("safetensors.torch", "neural", "saving a model").save
    with writing(path) as file:
        file.write(save(_apart(tensors)))


def _apart(tensors: dict[str, Any]) -> dict[str, Any]:
    """The same without memory that two of them share, such as tied rows under two names."""
    seen: set[int] = set()
    apart = {}
    for name, each in tensors.items():
        shared = each.numel() and each.data_ptr() in seen
        seen.add(each.data_ptr())
        apart[name] = each.detach().clone() if shared else each.detach().contiguous()
    return apart


def read_tensors(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The tensors of a file, by name.

    Raises:
        FormatError: it is no safetensors file, or broken.
    """
    load = require("safetensors.torch", "neural", "reading a model").load
    try:
        tensors: dict[str, Any] = load(Path(path).read_bytes())
    except require("safetensors", "neural", "reading a model").SafetensorError as error:
        raise FormatError(f"{os.fspath(path)} is no whole safetensors file: {error}") from None
    return tensors
