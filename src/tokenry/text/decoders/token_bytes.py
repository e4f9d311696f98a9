"""The bytes that tokens of files spell: one byte by name, or many in the byte-level alphabet."""

from __future__ import annotations

from functools import cache
from itertools import product
from string import hexdigits

from tokenry.vocabulary import BYTE_ALPHABET


@cache
def byte_tokens() -> dict[str, int]:
    """The tokens that name one byte, such as ``<0x0A>``; the first digit may be a ``+``."""
    digits = product("+" + hexdigits, hexdigits)
    return {f"<0x{high}{low}>": int(high + low, 16) for high, low in digits}


def byte_level_bytes(token: str) -> bytes:
    """Bytes of a token in the byte-level alphabet, or of the token itself where it is not in it."""
    if token.isascii() and token.isprintable() and " " not in token:
        return token.encode()  # as most are
    try:
        return bytes([_bytes_of()[character] for character in token])
    except KeyError:
        return token.encode()


@cache
def _bytes_of() -> dict[str, int]:
    return {character: byte for byte, character in enumerate(BYTE_ALPHABET)}
