"""What sentencepiece calls protos: a text in pieces, with offsets, as objects and as bytes."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from tokenry.formats.protobuf import encode_bytes, encode_varint


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece with what it stands for: ``text[begin:end]``, in bytes.

    ``surface`` is None where sentencepiece leaves the field out (controls, and all but the last
    byte of a character).
    """

    piece: bytes
    id: int
    surface: bytes | None
    begin: int
    end: int

    def serialized(self) -> bytes:
        """The message SentencePiece."""
        surface = b"" if self.surface is None else encode_bytes(3, self.surface)
        return (
            encode_bytes(1, self.piece)
            + encode_varint(2, self.id)
            + surface
            + encode_varint(4, self.begin)
            + encode_varint(5, self.end)
        )


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A text and its pieces; offsets in bytes."""

    text: bytes
    pieces: tuple[Piece, ...]
    score: float | None = None

    def serialized(self) -> bytes:
        """The message SentencePieceText."""
        pieces = b"".join(encode_bytes(2, piece.serialized()) for piece in self.pieces)
        score = b"" if self.score is None else b"\x1d" + struct.pack("<f", self.score)
        return encode_bytes(1, self.text) + pieces + score


def serialized_all(segmentations: Sequence[Segmentation]) -> bytes:
    """The message NBestSentencePieceText."""
    return b"".join(encode_bytes(1, each.serialized()) for each in segmentations)


@dataclass(frozen=True, slots=True)
class ImmutableSentencePiece:
    """A piece; offsets in characters of the text."""

    piece: str
    id: int
    surface: str
    begin: int
    end: int

    @property
    def piece_as_bytes(self) -> bytes:
        """The piece in UTF-8."""
        return self.piece.encode()

    @property
    def surface_as_bytes(self) -> bytes:
        """The surface in UTF-8."""
        return self.surface.encode()

    def __str__(self) -> str:
        return (
            f'piece: "{self.piece}"\nid: {self.id}\nsurface: "{self.surface}"\n'
            f"begin: {self.begin}\nend: {self.end}\n"
        )

    __repr__ = __str__


class ImmutableSentencePieceText:
    """A text and its pieces; offsets in characters."""

    def __init__(self, segmentation: Segmentation) -> None:
        self._segmentation = in_characters(segmentation)

    @property
    def text(self) -> str:
        """The text."""
        return _decoded(self._segmentation.text)

    @property
    def text_as_bytes(self) -> bytes:
        """The text in UTF-8."""
        return self._segmentation.text

    @property
    def score(self) -> float:
        """The score, where there is one."""
        return self._segmentation.score or 0.0

    @property
    def pieces(self) -> list[ImmutableSentencePiece]:
        """The pieces."""
        return [
            ImmutableSentencePiece(
                _decoded(each.piece), each.id, _decoded(each.surface or b""), each.begin, each.end
            )
            for each in self._segmentation.pieces
        ]

    def SerializeAsString(self) -> bytes:  # noqa: N802
        """The message SentencePieceText, offsets in characters."""
        return self._segmentation.serialized()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ImmutableSentencePieceText):
            return NotImplemented
        return self._segmentation == other._segmentation

    def __hash__(self) -> int:
        return hash(self._segmentation)

    def __str__(self) -> str:
        pieces = "\n".join(f"pieces {{\n{each}}}" for each in self.pieces)
        return f'text: "{self.text}"\nscore: {self.score}\n{pieces}'

    __repr__ = __str__


class ImmutableNBestSentencePieceText:
    """Several segmentations of a text."""

    def __init__(self, segmentations: Sequence[Segmentation]) -> None:
        self.nbests = list(map(ImmutableSentencePieceText, segmentations))

    def SerializeAsString(self) -> bytes:  # noqa: N802
        """The message NBestSentencePieceText, offsets in characters."""
        return b"".join(encode_bytes(1, each.SerializeAsString()) for each in self.nbests)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ImmutableNBestSentencePieceText):
            return NotImplemented
        return self.nbests == other.nbests

    def __hash__(self) -> int:
        return hash(tuple(self.nbests))

    def __str__(self) -> str:
        return "\n".join(f"nbests {{\n{each}}}" for each in self.nbests)

    __repr__ = __str__


def in_characters(segmentation: Segmentation) -> Segmentation:
    """The same with offsets in characters; one inside a character is that of the next."""
    places = character_places(segmentation.text)
    pieces = tuple(
        Piece(each.piece, each.id, each.surface, places[each.begin], places[each.end])
        for each in segmentation.pieces
    )
    return Segmentation(segmentation.text, pieces, segmentation.score)


def character_places(text: bytes) -> list[int]:
    """For each byte of a text, and its end, how many characters begin before it."""
    places, number = [], 0
    for character in text.decode("utf-8", "surrogateescape"):
        width = len(character.encode("utf-8", "surrogateescape"))
        places += [number] + [number + 1] * (width - 1)
        number += 1
    return [*places, number]


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")
