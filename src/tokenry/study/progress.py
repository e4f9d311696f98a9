"""What a person sees while a study runs: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Something that is told what happens."""

    def stage(self, text: str) -> None:
        """A new stage begins."""

    def advance(self, done: float, total: float) -> None:
        """The stage has come this far."""


class Silent:
    """Tells nobody."""

    def stage(self, text: str) -> None:
        """Nothing."""

    def advance(self, done: float, total: float) -> None:
        """Nothing."""


class Lines:
    """One line a stage on stderr, and one every ten seconds within a long stage."""

    def __init__(self) -> None:
        self._start = self._last = time.monotonic()
        self._text = ""

    def stage(self, text: str) -> None:
        """Print the stage."""
        self._text = text
        self._print(text)

    def advance(self, done: float, total: float) -> None:
        """Print how far, but not often."""
        if total > 0 and time.monotonic() - self._last > 10:
            self._print(f"{self._text}: {done / total:.0%}")

    def _print(self, text: str) -> None:
        self._last = time.monotonic()
        sys.stderr.write(f"[{self._last - self._start:6.1f}s] {text}\n")
        sys.stderr.flush()


class Bar:
    """A rich bar on stderr."""

    def __init__(self, bar: object, task: object) -> None:
        self._bar = bar
        self._task = task

    def stage(self, text: str) -> None:
        """Name the stage and start it from nothing."""
        self._bar.reset(self._task, description=text, total=None)  # type: ignore[attr-defined]

    def advance(self, done: float, total: float) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, total=total)  # type: ignore[attr-defined]


@contextmanager
def progress_on_stderr() -> Iterator[Progress]:
    """A bar where stderr is a terminal and rich is there, lines otherwise."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    try:
        from rich import progress
        from rich.console import Console
    except ImportError:
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
        yield Bar(bar, bar.add_task("", total=None))
