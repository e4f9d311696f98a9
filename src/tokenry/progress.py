"""How long work says how far it is: a bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Progress(Protocol):
    """Called now and then, from the thread that works.

    What it raises ends the work; a checkpoint is written first where one was asked for, so raising
    KeyboardInterrupt is the way to stop early.
    """

    def __call__(self, stage: str, done: float, total: float | None) -> None:
        """``done`` of ``total`` (None: not known) in ``stage``."""


def silent(stage: str, done: float, total: float | None) -> None:
    """Say nothing."""


def prefixed(progress: Progress, prefix: str, **totals: float) -> Progress:
    """Tell ``progress`` of stages under a longer name.

    Args:
        totals: by stage, what is put for a total that is not known.
    """

    def tell(stage: str, done: float, total: float | None) -> None:
        progress(f"{prefix}: {stage}", done, totals.get(stage) if total is None else total)

    return tell


class Lines:
    """One line a stage on stderr, and one every ten seconds within a long stage."""

    def __init__(self) -> None:
        self._start = self._last = time.monotonic()
        self._stage: str | None = None

    def __call__(self, stage: str, done: float, total: float | None) -> None:
        """Print a new stage at once, how far it is not often."""
        if stage != self._stage:
            self._stage = stage
            self._print(stage)
        elif total and time.monotonic() - self._last > 10:
            self._print(f"{stage}: {done / total:.0%}")

    def _print(self, text: str) -> None:
        self._last = time.monotonic()
        sys.stderr.write(f"[{self._last - self._start:6.1f}s] {text}\n")
        sys.stderr.flush()


class Bar:
    """A bar of rich."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)
        self._stage: str | None = None

    def __call__(self, stage: str, done: float, total: float | None) -> None:
        """Move the bar; a new stage starts it from nothing."""
        if stage != self._stage:
            self._stage = stage
            self._bar.reset(self._task, description=stage, total=total)
        self._bar.update(self._task, completed=done, total=total)


@contextmanager
def progress_on_stderr() -> Iterator[Progress]:
    """A bar where stderr is a terminal and rich is there, lines otherwise."""
    try:
        from rich import progress
        from rich.console import Console
    except ImportError:
        yield Lines()
        return
    if not sys.stderr.isatty():
        yield Lines()
        return
    columns = (
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar)
