"""One call of a learner: its data, whom to tell how far it is, and where to go on from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tokenry.corpus import Corpus, CorpusLike, as_corpus
from tokenry.learning.checkpoint import LearningCheckpoint, ProgressStep, Resumable
from tokenry.learning.counting import told
from tokenry.progress import Progress, silent


@dataclass(frozen=True)
class Session:
    """What a learner is given beside its options.

    Attributes:
        corpus: documents; they can be read again.
        progress: told how far it is.
        path: of the checkpoint; None for none.
        others: further corpora by the name that the learner gives them.
    """

    corpus: Corpus
    progress: Progress = silent
    path: Path | None = None
    others: Mapping[str, Corpus] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        corpus: CorpusLike,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
        others: Mapping[str, CorpusLike] | None = None,
    ) -> Session:
        """From what a user gives."""
        path = Path(checkpoint) if checkpoint is not None else None
        known = {name: as_corpus(each) for name, each in (others or {}).items()}
        return cls(as_corpus(corpus), progress or silent, path, known)

    def documents(self) -> Iterator[bytes]:
        """The corpus, document by document."""
        return (document.data for document in self.corpus)

    def read(self) -> Iterator[bytes]:
        """The same, with progress.

        Raises:
            CorpusError: at the end, where there were none.
        """
        return told(self.documents(), self.progress)

    def drive(self, steps: Iterable[ProgressStep]) -> None:
        """Take every step of learning that no checkpoint keeps."""
        for stage, done, total in steps:
            self.progress(stage, done, total)

    def checkpoint(self, state: Resumable, options: str, *data: bytes) -> LearningCheckpoint:
        """What keeps ``state``, which it sets to what an earlier call left behind.

        Args:
            state: of the beginning.
            options: those that decide the result.
            data: fingerprints of all that the result depends on.

        Raises:
            LearnError: what was left behind is damaged, or of other data or options.
        """
        return LearningCheckpoint.opened(self.path, state, options, *data)
