"""How learners say how far they are."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then, from the thread that learns.

    What it raises ends the learning; a checkpoint is written first where one was asked for, so
    raising KeyboardInterrupt is the way to stop early.
    """

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """``done`` of ``total`` (None: not known) in ``stage``.

        Stages are ``count`` (bytes), ``merge`` (pieces made) and ``prune`` (pieces dropped).
        """


def silent(stage: str, done: int, total: int | None) -> None:
    """Say nothing."""
