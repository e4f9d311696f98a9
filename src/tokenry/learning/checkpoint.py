"""Learning that was interrupted goes on where it stopped.

The file is JSON: ``format`` (``tokenry-checkpoint``), ``version`` (1), ``fingerprint`` (of the
learner's options and of the counted data), ``stages`` (numbers of merges at which a stage ended),
``data`` (fingerprint of the data of the second stage, or empty) and ``merges``, rows of left id,
right id and count. Data are counted anew when learning goes on, which takes seconds and proves
that they are the same.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tokenry.errors import LearnError
from tokenry.learning.lexicon import Lexicon

FORMAT: Final = "tokenry-checkpoint"
VERSION: Final = 1


def fingerprint(options: object, *data: bytes) -> str:
    """SHA-256 over what decides the result: the learner's ``repr`` and fingerprints of data."""
    digest = hashlib.sha256(repr(options).encode())
    for each in data:
        digest.update(len(each).to_bytes(8, "little") + each)
    return digest.hexdigest()


@dataclass
class Checkpoint:
    """Where the merges learnt so far are kept; with ``path`` None, nowhere."""

    path: Path | None
    fingerprint: str
    stages: list[int] = field(default_factory=list)
    data: str = ""

    def restore(self, lexicon: Lexicon) -> None:
        """Append the merges of an earlier run to ``lexicon``; nothing where there was none.

        Raises:
            LearnError: the file is damaged, or of other data or options.
        """
        if self.path is None or not self.path.exists():
            return
        saved = self._read(self.path)
        if saved.get("fingerprint") != self.fingerprint:
            raise self._other()
        try:
            self.stages = [int(stage) for stage in saved["stages"]]
            self.data = str(saved["data"])
            rows = [(int(left), int(right), int(count)) for left, right, count in saved["merges"]]
        except (KeyError, TypeError, ValueError) as error:
            raise LearnError(
                f"the checkpoint {self.path} is damaged ({error}); delete it"
            ) from error
        for left, right, count in rows[len(lexicon.merges) :]:
            lexicon.add(left, right, count)

    def same_data(self, data: str) -> None:
        """Note the fingerprint of the data of the second stage.

        Raises:
            LearnError: an earlier run had other data there.
        """
        if self.data and self.data != data:
            raise self._other()
        self.data = data

    def _other(self) -> LearnError:
        return LearnError(
            f"the checkpoint {self.path} is of other data or options; learn with those that "
            "wrote it, name another file, or delete it"
        )

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            saved = json.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise LearnError(f"cannot read the checkpoint {path}: {error}; delete it") from error
        if not isinstance(saved, dict) or (saved.get("format"), saved.get("version")) != (
            FORMAT,
            VERSION,
        ):
            raise LearnError(f"{path} is not a checkpoint of version {VERSION}; name another file")
        return saved

    def save(self, lexicon: Lexicon) -> None:
        """Write under a temporary name, then rename: a reader sees the old file or the new."""
        if self.path is None:
            return
        # Not strict: Ctrl-C may fall between the two appends of `Lexicon.add`.
        made = zip(lexicon.merges, lexicon.counts, strict=False)
        saved = {
            "format": FORMAT,
            "version": VERSION,
            "fingerprint": self.fingerprint,
            "stages": self.stages,
            "data": self.data,
            "merges": [[*pair, count] for pair, count in made],
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        temporary.write_text(json.dumps(saved, separators=(",", ":")))
        temporary.replace(self.path)
