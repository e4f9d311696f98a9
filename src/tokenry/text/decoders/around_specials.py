"""Specials by their names, and another decoder for what stands between them, as transformers
joins the pieces of SentencePiece models that have their ids from a second file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tokenry.text.parts import Decoder
from tokenry.text.saved_parts import saved_as


@saved_as("around_specials.AroundSpecialsDecoder")
@dataclass(frozen=True)
class AroundSpecialsDecoder(Decoder):
    """A `tokenry.text.parts.Decoder` whose text has no white space at its ends.

    Args:
        decoder: for each stretch without specials.
        specials: ids, and what is written for them.
        space: what stands behind each of these.
        raises: whether what is no special comes in upper case.
    """

    decoder: Decoder
    specials: tuple[tuple[int, str], ...]
    space: str = ""
    raises: bool = False

    def __call__(self, pieces: Sequence[bytes], ids: Sequence[int]) -> bytes:
        """Bytes that ``ids`` stand for."""
        parts, begin = [], 0
        for place, id_ in enumerate(ids):
            if id_ in self._names:
                parts += [self._between(pieces, ids, begin, place), self._names[id_], self.space]
                begin = place + 1
        parts.append(self._between(pieces, ids, begin, len(ids)))
        return "".join(parts).strip().encode()

    def _between(self, pieces: Sequence[bytes], ids: Sequence[int], begin: int, end: int) -> str:
        data = self.decoder(list(pieces[begin:end]), list(ids[begin:end]))
        text = data.decode("utf-8", self.decoder.replacing)
        return text.upper() if self.raises else text

    @cached_property
    def _names(self) -> dict[int, str]:
        return dict(self.specials)


@saved_as("around_specials.LedSpecialsDecoder")
@dataclass(frozen=True)
class LedSpecialsDecoder(AroundSpecialsDecoder):
    """The same with the space before what stands before a special, where no other one does."""

    def __call__(self, pieces: Sequence[bytes], ids: Sequence[int]) -> bytes:
        """Bytes that ``ids`` stand for."""
        parts, begin = [], 0
        for place, id_ in enumerate(ids):
            if id_ in self._names:
                led = begin < place or place == 0
                between = self._between(pieces, ids, begin, place)
                parts += [self.space * led, between, self._names[id_]]
                begin = place + 1
        parts.append(self._between(pieces, ids, begin, len(ids)))
        return "".join(parts).strip().encode()
