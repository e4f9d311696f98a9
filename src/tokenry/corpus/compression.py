"""Opening files that may be compressed."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path
from typing import IO, Final, cast

from tokenry.errors import MissingExtraError

COMPRESSED: Final = (".gz", ".zst")


def plain_suffix(path: str | os.PathLike[str]) -> str:
    """The extension in lower case, without a final ``.gz`` or ``.zst``: what the content is."""
    path = Path(path)
    if path.suffix.lower() in COMPRESSED:
        path = path.with_suffix("")
    return path.suffix.lower()


def stem(path: str | os.PathLike[str]) -> str:
    """The file name without the extensions that say what it is."""
    path = Path(path)
    return path.name.removesuffix(path.suffix if is_compressed(path) else "").removesuffix(
        plain_suffix(path)
    )


def is_compressed(path: str | os.PathLike[str]) -> bool:
    """Whether the file is read through a decompressor."""
    path = Path(path)
    return path.suffix.lower() in COMPRESSED


def open_bytes(path: str | os.PathLike[str]) -> IO[bytes]:
    """Open for reading, decompressed on the way.

    Raises:
        MissingExtraError: a ``.zst`` file without the package zstandard.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    if suffix == ".zst":
        return _open_zstandard(path)
    return path.open("rb")


def _open_zstandard(path: Path) -> IO[bytes]:
    try:
        import zstandard
    except ImportError:
        raise MissingExtraError("zstandard", "study", f"reading {path}") from None
    reader = zstandard.ZstdDecompressor().stream_reader(
        path.open("rb"), read_across_frames=True, closefd=True
    )
    return cast(IO[bytes], io.BufferedReader(reader, 1 << 20))
