"""What a corpus is made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is learnt from, held out and measured as a whole.

    Attributes:
        data: its bytes; UTF-8 where the source is well-formed, never changed.
        source: where it came from: a path, with ``:n`` for the n-th record of a file (from 1).
        domain: what a study groups it by: a folder, a file or a kind of file.
    """

    data: bytes
    source: str = ""
    domain: str = "text"

    @property
    def id(self) -> str:
        """A stable id of the content: BLAKE2b of the bytes, 16 bytes in hexadecimal."""
        return hashlib.blake2b(self.data, digest_size=16).hexdigest()
