"""The normalizer Nmt, named after the rules of SentencePiece that it follows (nmt_nfkc)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.components import Components, component
from tokenry.text.normalizers.alignment import align_pieces, by_character
from tokenry.text.normalizers.character_changes import core_changes
from tokenry.text.parts import Normalizer
from tokenry.text.patterns.characters import CharacterSet
from tokenry.text.saved_parts import saved_as

_REMOVED = (*range(1, 9), 0xB, *range(0xE, 0x20), 0x7F, 0x8F, 0x9F)
_SPACES = (9, 0xA, 0xC, 0xD, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD)
_CHANGES = dict.fromkeys(_REMOVED, "") | dict.fromkeys(_SPACES, " ")


@saved_as("normalizers.Nmt")
@dataclass(frozen=True, slots=True)
class Nmt(Normalizer):
    """Remove control characters, and write a plain space for other kinds of white space."""

    lossless: bool = False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return text.translate(_CHANGES)

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by character."""
        return align_pieces(by_character(text, self))

    def native(self) -> _native.Normalizer:
        """The same in the core."""
        return core_changes((_set(_REMOVED), ""), (_set(_SPACES), " "))

    @property
    def stays_in_words(self) -> bool:
        """Yes."""
        return True

    @property
    def leaves_parts(self) -> bool:
        """Yes."""
        return True

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("Nmt")


@cache
def _set(points: tuple[int, ...]) -> CharacterSet:
    edges = np.array([(point, point + 1) for point in points])
    return CharacterSet.of(edges.reshape(-1))
