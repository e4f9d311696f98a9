"""Checkpoints: folders that are there whole or not at all, the last two of which are kept.

``checkpoints/<step>/`` has ``model.safetensors``, ``training.safetensors`` (what optimizers and
averages remember, random states) and ``state.json``.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenry.errors import FormatError, TrainingError
from tokenry.files import writing_folder
from tokenry.neural.saving import WEIGHTS, read_tensors, write_tensors
from tokenry.results import read_result, write_result

if TYPE_CHECKING:
    from torch import Tensor

CHECKPOINTS, KEPT = "checkpoints", 2
_FORMAT = "tokenry checkpoint"
_TRAINING, _STATE = "training.safetensors", "state.json"


@dataclass(frozen=True)
class Checkpoint:
    """What a training needs to go on.

    Attributes:
        step: how many steps were done.
        model: the tensors of the model.
        training: other tensors, by name.
        state: all else, as JSON has it.
    """

    step: int
    model: dict[str, Tensor]
    training: dict[str, Tensor]
    state: dict[str, Any]


def write_checkpoint(folder: str | os.PathLike[str], checkpoint: Checkpoint) -> None:
    """Write one and remove all but the last two; one that is there already stays."""
    folder = Path(folder)
    path = folder / CHECKPOINTS / f"{checkpoint.step:09d}"
    if not path.exists():
        with writing_folder(path) as new:
            write_tensors(new / WEIGHTS, checkpoint.model)
            write_tensors(new / _TRAINING, checkpoint.training)
            write_result(new / _STATE, checkpoint.state, format=_FORMAT, version=1)
    for old in _paths(folder)[:-KEPT]:
        shutil.rmtree(old)


def read_last(folder: str | os.PathLike[str]) -> Checkpoint | None:
    """The last checkpoint that is whole, or None where there is none.

    Raises:
        TrainingError: there are some, and all are broken.
    """
    folder = Path(folder)
    reasons = []
    for path in reversed(_paths(folder)):
        try:
            return _read(path)
        except (FormatError, OSError) as error:
            reasons.append(str(error))
    if reasons:
        raise TrainingError(
            f"no checkpoint in {folder / CHECKPOINTS} can be read: {'; '.join(reasons)}; remove "
            "them to train from the start"
        )
    return None


def clear_unfinished(folder: str | os.PathLike[str]) -> None:
    """Remove what a killed run left half written."""
    folder = Path(folder)
    for path in (folder / CHECKPOINTS).glob(".*.tmp"):
        shutil.rmtree(path, ignore_errors=True)


def _read(path: Path) -> Checkpoint:
    state = read_result(path / _STATE, format=_FORMAT, version=1)
    return Checkpoint(
        int(path.name), read_tensors(path / WEIGHTS), read_tensors(path / _TRAINING), state
    )


def _paths(folder: Path) -> list[Path]:
    """Checkpoints in the order of their steps."""
    folder = folder / CHECKPOINTS
    if not folder.is_dir():
        return []
    return sorted(Path(each) for each in os.scandir(folder) if each.name.isdigit())
