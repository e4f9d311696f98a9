"""A model of transformers on disk: its config and where each tensor lies; nothing is loaded."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tokenry.errors import FormatError, ModelError, UnsupportedError
from tokenry.transfer.tensor_files import StoredTensor, read_header

CONFIG, GENERATION = "config.json", "generation_config.json"
ONE, INDEX = "model.safetensors", "model.safetensors.index.json"
PLANS: Final = "plans"  # a folder, since some servers take all safetensors beside a model for it
OLDER: Final = (
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
    "tf_model.h5",
    "flax_model.msgpack",
)


def plan_file(folder: str | os.PathLike[str], role: str) -> Path:
    """Where the plan of a matrix is kept beside the model that was made by it."""
    return Path(folder) / PLANS / f"{role}.safetensors"


@dataclass(frozen=True, eq=False)
class ModelFolder:
    """A checkpoint in one file or in shards.

    Attributes:
        path: the folder.
        config: what config.json says.
        tensors: by name.
        words: of each file, by its name; that of the index under its own.
    """

    path: Path
    config: Mapping[str, Any]
    tensors: Mapping[str, StoredTensor]
    words: Mapping[str, Mapping[str, Any]]

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> ModelFolder:
        """Read headers.

        Raises:
            ModelError: there is no model, or a shard of it is missing.
            UnsupportedError: its weights are in another format, or quantised.
            FormatError: a file is damaged.
        """
        folder = Path(path)
        config = read_json(folder / CONFIG)
        if config is None:
            raise ModelError(f"{folder} holds no model: there is no {CONFIG} in it")
        _refuse_quantised(folder, config)
        tensors: dict[str, StoredTensor] = {}
        words: dict[str, Mapping[str, Any]] = {}
        for name in _files(folder, words):
            found, words[name] = read_header(folder / name)
            tensors |= found
        folder_ = cls(folder, config, tensors, words)
        folder_._check_index()
        return folder_

    @property
    def files(self) -> list[str]:
        """Names of the files that hold tensors."""
        return sorted(
            {each.path.name for each in self.tensors.values()} | set(self.words) - {INDEX}
        )

    def in_file(self, name: str) -> dict[str, StoredTensor]:
        """The tensors of one file, in their order."""
        found = [each for each in self.tensors.values() if each.path.name == name]
        return {each.name: each for each in sorted(found, key=lambda each: each.begin)}

    def find(self, parameter: str, shape: tuple[int, ...] | None = None) -> StoredTensor | None:
        """The tensor of a parameter, whose name may have another beginning in the file.

        Older files leave out, or put in, the name of the base model (``bert.``, ``transformer.``).
        """
        alike = [
            each
            for name, each in self.tensors.items()
            if name == parameter or name.endswith(f".{parameter}") or parameter.endswith(f".{name}")
        ]
        exact = [each for each in alike if each.name == parameter]
        fitting = exact or [each for each in alike if shape is None or each.shape == shape]
        return fitting[0] if len(fitting) == 1 else None

    def size(self) -> int:
        """Bytes of all tensors."""
        return sum(each.end - each.begin for each in self.tensors.values())

    def _check_index(self) -> None:
        listed = self.words.get(INDEX, {}).get("weight_map", {})
        missing = [name for name in listed if name not in self.tensors]
        if missing:
            raise FormatError(
                f"{self.path / INDEX} names {missing[0]!r}, which is not in {listed[missing[0]]}"
            )


def read_json(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """A JSON object of a file; None where there is no file.

    Raises:
        FormatError: it is no JSON object.
    """
    path = Path(path)
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise FormatError(f"{path} is not JSON ({error})") from None
    if not isinstance(content, dict):
        raise FormatError(f"{path}: expected an object, found {type(content).__name__}")
    return content


def _refuse_quantised(folder: Path, config: Mapping[str, Any]) -> None:
    found = config.get("quantization_config")
    if found:
        kind = found.get("quant_method", "some method") if isinstance(found, dict) else found
        raise UnsupportedError(
            f"{folder} is quantised ({kind}); its rows cannot be combined. Transplant the "
            "checkpoint that it was made from, and quantise the result"
        )


def _files(folder: Path, words: dict[str, Mapping[str, Any]]) -> list[str]:
    """Names of the files with weights; the index, if there is one, goes to ``words``."""
    index = read_json(folder / INDEX)
    if index is not None:
        words[INDEX] = index
        names = sorted(set(index.get("weight_map", {}).values()))
        gone = [name for name in names if not (folder / name).is_file()]
        if gone:
            raise ModelError(f"{folder} lacks the shard {gone[0]}, which its index names")
        return names
    if (folder / ONE).is_file():
        return [ONE]
    others = [name for name in OLDER if (folder / name).exists()]
    if others or any(folder.glob("*.gguf")):
        found = others[0] if others else "GGUF"
        raise UnsupportedError(
            f"{folder} has its weights as {found}; load the model with transformers and save it, "
            f"which writes {ONE}"
        )
    raise ModelError(f"{folder} holds no weights: there is neither {ONE} nor {INDEX} in it")
