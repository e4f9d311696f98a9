"""The log of a training: a line of JSON for a step."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tokenry.files import write_text

LOG = "log.jsonl"


class Log:
    """Lines at the end of a file, each written at once; without a folder, none.

    Args:
        folder: of the training.
        after: the step that training goes on from; later lines, which a killed run left, are
            written again and taken out first.
    """

    def __init__(self, folder: str | os.PathLike[str] | None, after: int) -> None:
        self._path = None if folder is None else Path(folder, LOG)
        if self._path is not None and self._path.exists():
            kept = [line for line in read_log(self._path) if line["step"] <= after]
            write_text(self._path, "".join(_line(each) for each in kept))

    def write(self, facts: dict[str, Any]) -> None:
        """Add a line."""
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(facts))


def read_log(path: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """The lines of a log; a last line that was cut off by a kill is left out."""
    lines = []
    for text in Path(path).read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            break
    return lines


def _line(facts: dict[str, Any]) -> str:
    return json.dumps(facts) + "\n"
