"""The symbols that byte-pair merging starts from, bytes or characters, and their ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import EncodeError
from tokenry.text.parts import SizedId
from tokenry.vocabulary import UNMATCHED_ROLES, Packed, Vocabulary

Symbols = Literal["bytes", "characters"]


@dataclass(frozen=True, eq=False, slots=True)
class FirstSymbols:
    """Ids of the symbols of a pretoken, before anything is merged.

    Attributes:
        symbols: what they are.
        pieces: id of each piece that text can produce.
        byte_ids: the id of each byte, -1 where there is none, shape (256,).
        byte_fallback: a character without a piece becomes its bytes, where all of them have ids.
        unknown: what else has no piece becomes this id.
        fuse_unknown: neighbouring unknowns are one id.
    """

    symbols: Symbols
    pieces: Mapping[bytes, int]
    byte_ids: NDArray[np.int64]
    byte_fallback: bool
    unknown: int | None
    fuse_unknown: bool

    def of(self, pretoken: bytes) -> Iterator[SizedId]:
        """Ids, each with the number of bytes that it stands for.

        Raises:
            EncodeError: a part has no piece and there is no unknown id.
        """
        unknown = 0
        for symbol in split_symbols(pretoken, self.symbols):
            known = self._known(symbol)
            if unknown and (known or not self.fuse_unknown):
                yield self._unknown_id(symbol), unknown
                unknown = 0
            if known:
                yield from known
            else:
                self._unknown_id(symbol)
                unknown += len(symbol)
        if unknown:
            yield self._unknown_id(b""), unknown

    def _known(self, symbol: bytes) -> list[SizedId]:
        if self.symbols == "bytes":
            id_ = int(self.byte_ids[symbol[0]])
            return [(id_, 1)] if id_ >= 0 else []
        if symbol in self.pieces:
            return [(self.pieces[symbol], len(symbol))]
        ids = self.byte_ids[list(symbol)]
        return [(int(id_), 1) for id_ in ids] if self.byte_fallback and (ids >= 0).all() else []

    def _unknown_id(self, symbol: bytes) -> int:
        if self.unknown is None:
            raise EncodeError(
                f"the vocabulary has no piece for the bytes {symbol.hex()} (hexadecimal) and no "
                "unknown id"
            )
        return self.unknown


def split_symbols(pretoken: bytes, symbols: Symbols) -> list[bytes]:
    """The bytes or the characters of a pretoken; a byte that is not UTF-8 is one of these too."""
    if symbols == "bytes":
        return [bytes([byte]) for byte in pretoken]
    # A byte that is not part of UTF-8 becomes a lone surrogate here, one for each byte.
    text = pretoken.decode("utf-8", "surrogateescape")
    return [character.encode("utf-8", "surrogateescape") for character in text]


def matchable(vocabulary: Vocabulary) -> Packed:
    """Pieces, packed, with nothing where text cannot produce the id."""
    return vocabulary.packed(
        without=[id_ for id_, role in vocabulary.roles.items() if role in UNMATCHED_ROLES]
    )


def ids_of_pieces(vocabulary: Vocabulary, symbols: Symbols) -> dict[bytes, int]:
    """Id of each piece that text can produce, but for fallback bytes; of equal ones the first."""
    known: dict[bytes, int] = {}
    for id_, piece in enumerate(vocabulary.pieces):
        role = vocabulary.roles.get(id_)
        fallback = symbols == "characters" and role == "byte"
        if piece and role not in UNMATCHED_ROLES and not fallback:
            known.setdefault(piece, id_)
    return known


def ids_of_bytes(vocabulary: Vocabulary, symbols: Symbols) -> NDArray[np.int64]:
    """The id of each byte, -1 where there is none, shape (256,): for characters the fallbacks."""
    ids = np.full(256, -1, dtype=np.int64)
    run, offsets = matchable(vocabulary)
    fallback = symbols == "characters"
    # Of 200,000 pieces only those of one byte are looked at: this runs at every load.
    for id_ in np.flatnonzero(np.diff(offsets) == 1).tolist():
        byte = run[int(offsets[id_])]
        if fallback <= (vocabulary.roles.get(id_) == "byte") and ids[byte] < 0:
            ids[byte] = id_
    return ids
