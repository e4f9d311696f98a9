"""What makes a study resumable: one file that says which study a folder holds and what is done.

A folder holds one study for ever. A second run over it refuses, or, with ``resume``, continues
after the last finished stage if data and options are the same; it never mixes two studies.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tokenry.errors import FormatError, StudyError
from tokenry.json_data import Json
from tokenry.results import read_result, write_result

NAME = "state.json"
_FORMAT = "tokenry-study-state"
_VERSION = 1


@dataclass(slots=True)
class StudyState:
    """The study of a folder: its identity and the results of its finished stages."""

    folder: Path
    identity: Json  # options, and fingerprints of data, references and parallel text
    done: dict[str, Json] = field(default_factory=dict)

    def finish(self, stage: str, result: Json) -> None:
        """Record a finished stage on the disk."""
        self.done[stage] = result
        content = {"identity": self.identity, "done": self.done}
        write_result(self.folder / NAME, content, format=_FORMAT, version=_VERSION)


def refuse_used_folder(folder: str | os.PathLike[str], *, resume: bool) -> None:
    """Refuse, before any work, a folder that this run must not touch."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise StudyError(f"{folder} is a file, expected a folder for the study; give another out=")
    used = folder.is_dir() and any(each.name != ".lock" for each in folder.iterdir())
    if used and not (folder / NAME).exists():
        raise StudyError(
            f"{folder} is not empty and holds no study; give a new or empty folder as out="
        )
    if used and not resume:
        raise StudyError(
            f"{folder} already holds a study; continue it with resume=True, or give another out="
        )


def open_state(folder: str | os.PathLike[str], identity: Json) -> StudyState:
    """The state of a new study, or of the same study begun earlier.

    Raises:
        StudyError: the folder holds another study; the message names what differs.
    """
    folder = Path(folder)
    identity = json.loads(json.dumps(identity))
    path = folder / NAME
    if not path.exists():
        state = StudyState(folder, identity)
        state.finish("begun", {})
        return state
    try:
        content = read_result(path, format=_FORMAT, version=_VERSION)
        known, done = content["identity"], content["done"]
    except (FormatError, KeyError) as error:
        raise StudyError(
            f"{path} is not the state of a study by this version ({error}); give another out="
        ) from None
    different = [key for key in {**known, **identity} if known.get(key) != identity.get(key)]
    if different:
        changes = "; ".join(
            f"{key}: {_short(known.get(key))} then, {_short(identity.get(key))} now"
            for key in different
        )
        raise StudyError(
            f"{folder} holds another study ({changes}); give the same data and options to "
            "continue it, or another out="
        )
    return StudyState(folder, known, done)


@contextmanager
def lock(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Keep a second process out of ``folder`` while this one works in it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StudyError(
                f"another process is at work in {folder}; wait for it, or give another out="
            ) from None
        yield


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
