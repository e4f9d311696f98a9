"""Which documents are held out for measuring; learners never see them."""

from __future__ import annotations

import hashlib

from tokenry.errors import CorpusError


def held_out(data: bytes, *, fraction: float, seed: int = 0) -> bool:
    """Whether a document of these bytes is held out.

    Depends on nothing but the bytes and the seed (BLAKE2b keyed with it), so the answer is the
    same on every machine and in every order, and equal documents are always on the same side.

    Raises:
        CorpusError: ``fraction`` is not in [0, 1).
    """
    if not 0 <= fraction < 1:
        raise CorpusError(f"hold-out fraction {fraction}; expected 0 <= fraction < 1, such as 0.05")
    return digest(data, seed) < fraction * 2**64


def digest(data: bytes, seed: int) -> int:
    """A 64-bit hash of a document's bytes, keyed by the seed."""
    key = seed.to_bytes(16, "little", signed=True)
    return int.from_bytes(hashlib.blake2b(data, digest_size=8, key=key).digest(), "little")
