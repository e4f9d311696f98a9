"""Bytes spelled in the byte-level alphabet of GPT-2, as the normalizer ByteLevel does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.components import Components, component
from tokenry.text.normalizers.alignment import align_pieces
from tokenry.text.parts import Normalizer
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import BYTE_ALPHABET


@saved_as("normalizers.ByteLevelText")
@dataclass(frozen=True, slots=True)
class ByteLevelText(Normalizer):
    """Spell each byte in the byte-level alphabet (the normalizer, not the pretokenizer)."""

    lossless: bool = True

    spells_bytes: ClassVar[bool] = True

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return "".join([BYTE_ALPHABET[byte] for byte in text.encode("utf-8", "surrogateescape")])

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by character."""
        return align_pieces((character, self(character)) for character in text)

    def native(self) -> _native.ByteSpeller:
        """The same in the core."""
        return _native.ByteSpeller()

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("ByteLevel")
