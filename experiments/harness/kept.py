"""Parts of a run that are kept: a run that was stopped goes on, and runs share trained models."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.harness.experiment import Setting
from tokenry.files import write_text


def source_of(file: str) -> str:
    """The text of an experiment: where it has changed, parts are made again."""
    return Path(file).read_text("utf-8")


def work_folder() -> Path:
    """Where parts of full runs are kept: ``TOKENRY_WORK``, or ``build/experiments``."""
    return Path(os.environ.get("TOKENRY_WORK") or "build/experiments")


class Kept:
    """A folder of parts of runs: that of ``TOKENRY_WORK``, or ``build/experiments``.

    A small run keeps nothing.

    Args:
        setting: of the run.
        name: of the folder.
        given: what all parts depend on beside the data, such as `source_of` the experiment; others
            are kept apart.
    """

    def __init__(self, setting: Setting, name: str, given: object = "") -> None:
        root = work_folder() if setting.size == "full" else setting.scratch
        drawn = (setting.data.place, setting.draw)
        whole = (given, *drawn) if any(drawn) else given  # all of the data is the usual draw
        digest = hashlib.sha256(repr(whole).encode()).hexdigest()[:12]
        self._folder, self._setting = root / name / digest, setting
        self.spent = 0.0

    def training(self, key: str) -> Path:
        """A folder for `Trainer.fit`, which goes on in it, or loads what was finished."""
        return self._folder / key

    def once(self, key: str, make: Callable[..., Any], *given: Any) -> Any:
        """What ``make(*given)`` gave when it ran to its end, as JSON; its CPU seconds are spent."""
        path = self._folder / f"{key}.json"
        if not path.exists():
            self._setting.earlier[str(path)] = 0.0
            self._setting.tell(key)
            begin = time.process_time()
            content = make(*given)
            found = {"content": content, "cpu": round(time.process_time() - begin, 2)}
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, json.dumps(found))
        found = json.loads(path.read_text("utf-8"))
        self.spent += found["cpu"]
        self._setting.earlier.setdefault(str(path), found["cpu"])
        return found["content"]

    def note(self) -> str:
        """What the parts cost, those of earlier runs too."""
        return (
            f"Parts are kept, so that a stopped run goes on; those of this record took "
            f"{self.spent:,.0f} CPU seconds, whenever they ran."
        )
