"""What a command writes: a whole file, or none that could be taken for one."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tokenry.files import writing


@contextmanager
def whole_output(out: Path | None) -> Iterator[IO[bytes]]:
    """Where the bytes of a command go: a file of its own, or stdout.

    A file takes its name when the command ends without an error. Where stdout is a file, as behind
    ``>``, an error or an interruption cuts it back to what it held before; a reader at the other
    end of a pipe has what it has read.
    """
    if out is not None:
        with writing(out) as file:
            yield file
        return
    stream = sys.stdout.buffer
    sys.stdout.flush()
    before = _size_of_file(stream)
    try:
        yield stream
        stream.flush()
    except BaseException:
        if before is not None:
            stream.flush()
            os.ftruncate(stream.fileno(), before)
            os.lseek(stream.fileno(), before, os.SEEK_SET)
        raise


def _size_of_file(stream: IO[bytes]) -> int | None:
    """How long the file behind a stream is; None where there is no file."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError, AttributeError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
