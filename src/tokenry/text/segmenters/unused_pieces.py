"""SentencePiece's BPE with unused pieces (Kudo and Richardson 2018, arXiv:1808.06226).

Text is merged as if they were used, and what became one falls apart again: a merge that makes an
unused piece notes its two parts, the last such pair of the text; at the end the piece is these
parts, which may be unused as well. One that no merge makes is unknown.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import EncodeError
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.text.segmenters.unigram import characters
from tokenry.vocabulary import METASPACE, Vocabulary

_PIECES = frozenset(("user_defined", "unused"))
_SPACE, _MARK = ord(" "), METASPACE.encode()


@saved_as("unused_pieces.UnusedPieceSegmenter")
@dataclass(frozen=True, eq=False)
class UnusedPieceSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that merges to unused pieces and undoes it.

    Args:
        vocabulary: canonical pieces; unused and user-defined ones by their roles.
        ranks: of each piece, shape (len(vocabulary),); the lowest is merged first.
        unknown: neighbouring characters without a piece become this id.
        byte_fallback: or their bytes.
    """

    vocabulary: Vocabulary
    ranks: NDArray[np.int64]
    unknown: int | None
    byte_fallback: bool = False

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of a text."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of a text, each with the number of bytes that it stands for."""
        found: list[SizedId] = []
        for piece in _Merging(self, pretoken).pieces():
            id_ = self.ids.get(piece)
            if id_ is not None and piece not in self.unused:
                found.append((id_, len(piece)))
            elif self.byte_fallback:
                found += self._fallen_back(piece)
            elif self.unknown is None:
                raise EncodeError(f"{piece!r} has no piece, and this vocabulary has no unknown id")
            else:
                joined = found.pop()[1] if found and found[-1][0] == self.unknown else 0
                found.append((self.unknown, joined + len(piece)))
        return found

    def _fallen_back(self, piece: bytes) -> list[SizedId]:
        """Bytes of what has no piece; a space has those of the mark that it is to the model."""
        sized = (
            (byte, int(place == 0))
            for given in piece
            for place, byte in enumerate(_MARK if given == _SPACE else bytes([given]))
        )
        return [(self._bytes[byte], size) for byte, size in sized]

    def native(self) -> _native.Segmenter:
        """The same behind the core's cache; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.PythonSegmenter:
        most = len(_MARK) if self.byte_fallback else 1
        return interpreted(self.segment_with_sizes, self.vocabulary, ids_per_byte=most)

    @cached_property
    def ids(self) -> dict[bytes, int]:
        """Ids of the pieces that are looked for in text."""
        roles = self.vocabulary.roles
        return {
            piece: id_
            for id_, piece in enumerate(self.vocabulary.pieces)
            if piece and roles.get(id_, "unused") in _PIECES
        }

    @cached_property
    def unused(self) -> frozenset[bytes]:
        """Pieces that fall apart."""
        pieces = self.vocabulary.pieces
        return frozenset(pieces[id_] or b"" for id_ in self.vocabulary.ids_with("unused"))

    @cached_property
    def defined(self) -> tuple[bytes, ...]:
        """User-defined pieces, which nothing is merged with, the longest first."""
        pieces = self.vocabulary.pieces
        found = (pieces[id_] or b"" for id_ in self.vocabulary.ids_with("user_defined"))
        return tuple(sorted(found, key=len, reverse=True))

    @cached_property
    def _bytes(self) -> dict[int, int]:
        ids = self.vocabulary.ids_with("byte")
        return {(self.vocabulary.pieces[id_] or b"\0")[0]: id_ for id_ in ids}


@dataclass
class _Merging:
    """One text: its symbols as a list with gaps, and the pairs that may merge."""

    segmenter: UnusedPieceSegmenter
    text: bytes
    symbols: list[bytes] = field(default_factory=list)
    frozen: list[bool] = field(default_factory=list)
    agenda: list[tuple[int, int, int, bytes]] = field(default_factory=list)
    parts: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)

    def pieces(self) -> list[bytes]:
        """What the text becomes."""
        self._cut()
        following = [*range(1, len(self.symbols)), -1]
        preceding = [*range(-1, len(self.symbols) - 1)]
        for left, right in enumerate(following):
            self._propose(left, right)
        while self.agenda:
            _, left, right, whole = heapq.heappop(self.agenda)
            if not self.symbols[right] or self.symbols[left] + self.symbols[right] != whole:
                continue
            self.symbols[left], self.symbols[right] = whole, b""
            following[left] = following[right]
            if following[right] >= 0:
                preceding[following[right]] = left
            self._propose(preceding[left], left)
            self._propose(left, following[left])
        return [part for symbol in self.symbols if symbol for part in self._apart(symbol)]

    def _cut(self) -> None:
        at = 0
        widths = dict(characters(self.text))
        while at < len(self.text):
            defined = (p for p in self.segmenter.defined if self.text.startswith(p, at))
            found = next(defined, None)
            self.symbols.append(found or self.text[at : at + widths[at]])
            self.frozen.append(found is not None)
            at += len(self.symbols[-1])

    def _propose(self, left: int, right: int) -> None:
        if left < 0 or right < 0 or self.frozen[left] or self.frozen[right]:
            return
        whole = self.symbols[left] + self.symbols[right]
        id_ = self.segmenter.ids.get(whole)
        if id_ is None:
            return
        heapq.heappush(self.agenda, (int(self.segmenter.ranks[id_]), left, right, whole))
        if whole in self.segmenter.unused:
            self.parts[whole] = self.symbols[left], self.symbols[right]

    def _apart(self, piece: bytes) -> list[bytes]:
        if piece not in self.segmenter.unused or piece not in self.parts:
            return [piece]
        return [part for half in self.parts[piece] for part in self._apart(half)]
