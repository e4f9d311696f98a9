"""Real models that `make models` wrote."""

from __future__ import annotations

import os
from pathlib import Path

from tokenry.errors import ModelError


def models_folder() -> Path | None:
    """The folder that has smollm2-135m and others; None where `make models` did not run."""
    folder = Path(os.environ.get("TOKENRY_MODELS") or "build/models")
    return folder if (folder / "smollm2-135m").is_dir() else None


def model_folder(name: str) -> Path:
    """The folder of one model.

    Raises:
        ModelError: it is not there.
    """
    folder = models_folder()
    if folder is None or not (folder / name).is_dir():
        raise ModelError(f"no {name} is there; run `make models`, or set TOKENRY_MODELS")
    return folder / name
