"""The symbols that learning starts from."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.vocabulary import to_byte_level

BYTE_ORDER: Final = bytes(sorted(range(256), key=lambda byte: to_byte_level(bytes([byte]))))
"""The 256 bytes in the order of the characters that the byte-level alphabet (GPT-2) spells them by.

Ids in this order are the ids that Hugging Face's trainers give, and since equal counts are decided
by ids, so are the merges.
"""


def byte_ids(alphabet: bytes, first: int) -> NDArray[np.int64]:
    """The id of each byte, shape (256,): ``first`` and on for those of the alphabet, else -1."""
    ids = np.full(256, -1, dtype=np.int64)
    ids[list(alphabet)] = np.arange(first, first + len(alphabet))
    return ids


def ordered(alphabet: bytes) -> bytes:
    """The distinct bytes of ``alphabet`` in `BYTE_ORDER`."""
    wanted = set(alphabet)
    return bytes(byte for byte in BYTE_ORDER if byte in wanted)
