"""The tokenizers that a playground has: those it was started with, and uploads."""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from tokenry.errors import FormatError, UnsupportedError
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import display_name, free_name, load_tokenizer

NAME_LENGTH = 80


class Shelf:
    """Tokenizers by name; the given ones stay, of uploads the last few.

    Args:
        given: tokenizers to start with.
        uploads: how many uploads are kept.
    """

    def __init__(self, given: Mapping[str, Tokenizer], uploads: int) -> None:
        self._given = dict(given)
        self._uploads: OrderedDict[str, Tokenizer] = OrderedDict()
        self._most = uploads
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """All names, the given first."""
        with self._lock:
            return [*self._given, *self._uploads]

    def find(self, name: str) -> Tokenizer | None:
        """The tokenizer of that name, or None; finding an upload keeps it longer."""
        with self._lock:
            if name in self._uploads:
                self._uploads.move_to_end(name)
                return self._uploads[name]
            return self._given.get(name)

    def add(self, file_name: str, data: bytes, pattern: str | None = None) -> str:
        """Load an uploaded file, and give the name that it has now.

        Raises:
            FormatError, UnsupportedError: it is no tokenizer, or none that can be used.
        """
        tokenizer = _load(file_name, data, pattern)
        with self._lock:
            # Under the root: the name must say nothing about this machine's folders.
            wanted = display_name(Path("/", file_name))[:NAME_LENGTH] or "upload"
            name = free_name(wanted, {*self._given, *self._uploads})
            self._uploads[name] = tokenizer
            while len(self._uploads) > self._most:
                self._uploads.popitem(last=False)
        return name


def _load(file_name: str, data: bytes, pattern: str | None) -> Tokenizer:
    """Read a file by the loader of all files, from a folder that is gone afterwards."""
    safe = "".join(c for c in Path(file_name).name if c.isalnum() or c in "._-")[-NAME_LENGTH:]
    with tempfile.TemporaryDirectory(prefix="tokenry-") as folder:
        path = Path(folder) / (safe.lstrip(".") or "tokenizer")
        path.write_bytes(data)
        try:
            return load_tokenizer(str(path), pattern)
        except (FormatError, UnsupportedError) as error:
            # A visitor does not know the path, and need not.
            raise type(error)(str(error).replace(str(path), file_name)) from None
