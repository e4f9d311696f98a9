"""Learning that was interrupted goes on where it stopped.

The file is JSON: ``format`` (``tokenry-checkpoint``), ``version`` (1), ``fingerprint`` (of the
learner's options and of the counted data) and what a `Resumable` gives, such as ``merges``, rows of
left id, right id and count. Data are counted anew when learning goes on, which takes seconds and
proves that they are the same.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tokenry.errors import LearnError
from tokenry.json_data import Json
from tokenry.progress import Progress
from tokenry.results import read_result, write_result

FORMAT: Final = "tokenry-checkpoint"
VERSION: Final = 1
SAVE_EVERY: Final = 60.0  # seconds between two writes
ProgressStep = tuple[str, float, float | None]  # what progress is told: stage, done, total


class Resumable(Protocol):
    """What is learnt so far."""

    def snapshot(self) -> Callable[[], Json]:
        """The state of this moment, as JSON when it is called; taking one costs next to nothing."""

    def restore(self, saved: Json) -> None:
        """Go back to a snapshot; KeyError, TypeError or ValueError where it is none."""


@dataclass
class LearningCheckpoint:
    """Where a state is kept; with ``path`` None, nowhere.

    Attributes:
        path: the file.
        fingerprint: of options and data.
        state: what is kept.
    """

    path: Path | None
    fingerprint: str
    state: Resumable

    @classmethod
    def opened(
        cls, path: str | os.PathLike[str] | None, state: Resumable, options: str, *data: bytes
    ) -> LearningCheckpoint:
        """With the state that an earlier run left behind, if any.

        Raises:
            LearnError: the file is damaged, or of other data or options.
        """
        path = None if path is None else Path(path)
        digest = hashlib.sha256(options.encode())
        for each in data:
            digest.update(len(each).to_bytes(8, "little") + each)
        checkpoint = cls(path, digest.hexdigest(), state)
        if path is not None and path.exists():
            checkpoint._restore(path)
        return checkpoint

    def drive(self, steps: Iterable[ProgressStep], progress: Progress) -> None:
        """Take every step of learning; tell of each, and keep the state now and then.

        What is kept is the state after a whole step. Whatever ends learning early (Ctrl-C, an
        error of ``progress``), it is written first.
        """
        saved = time.monotonic()
        whole = self.state.snapshot()
        try:
            for stage, done, total in steps:
                whole = self.state.snapshot()
                progress(stage, done, total)
                if time.monotonic() - saved > SAVE_EVERY:
                    self._save(whole)
                    saved = time.monotonic()
        finally:
            self._save(whole)

    def mismatch(self) -> LearnError:
        """The error for a checkpoint of something else."""
        return LearnError(
            f"the checkpoint {self.path} is of other data or options; learn with those that "
            "wrote it, name another file, or delete it"
        )

    def _restore(self, path: Path) -> None:
        remedy = "delete it, or name another file"
        try:
            saved = read_result(
                path, format=FORMAT, version=VERSION, remedy=remedy, error=LearnError
            )
        except OSError as error:
            raise LearnError(f"cannot read the checkpoint {path}: {error}; {remedy}") from error
        if saved.get("fingerprint") != self.fingerprint:
            raise self.mismatch()
        try:
            self.state.restore(saved)
        except (KeyError, TypeError, ValueError) as error:
            raise LearnError(f"the checkpoint {path} is damaged ({error}); {remedy}") from error

    def _save(self, snapshot: Callable[[], Json]) -> None:
        if self.path is not None:
            content = {"fingerprint": self.fingerprint, **snapshot()}
            write_result(self.path, content, format=FORMAT, version=VERSION, indent=None)
