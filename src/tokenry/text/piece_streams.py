"""Pieces to bytes as they come: what no later id can change is given out at once.

All that a stream gives, one after the other, is what the decoder makes of all ids together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class PieceStream(Protocol):
    """A decoder at work on ids that come one by one."""

    def push(self, piece: bytes, id_: int) -> bytes:
        """What is settled by one more id, whose canonical piece is ``piece``."""

    def finish(self) -> bytes:
        """The rest, now that no more ids come."""


class PlainPieces:
    """Pieces one after another."""

    def push(self, piece: bytes, id_: int) -> bytes:
        """The piece."""
        return piece

    def finish(self) -> bytes:
        """Nothing is left."""
        return b""


class HeldPieces:
    """For a decoder of which nothing is known: all is given out at the end.

    Args:
        decode: the decoder.
    """

    def __init__(self, decode: Callable[[list[bytes], list[int]], bytes]) -> None:
        self._decode = decode
        self._pieces: list[bytes] = []
        self._ids: list[int] = []

    def push(self, piece: bytes, id_: int) -> bytes:
        """Nothing yet."""
        self._pieces.append(piece)
        self._ids.append(id_)
        return b""

    def finish(self) -> bytes:
        """All of it."""
        return self._decode(self._pieces, self._ids)
