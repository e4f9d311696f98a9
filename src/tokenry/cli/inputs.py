"""Inputs of a command: files, or stdin."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def open_inputs(names: Sequence[str] | None) -> Iterator[tuple[str, BinaryIO]]:
    """(name, stream) of each input; ``-`` and no names mean stdin."""
    for name in names or ["-"]:
        with _open(name) as stream:
            yield name, stream


@contextmanager
def _open(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as stream:
        yield stream
