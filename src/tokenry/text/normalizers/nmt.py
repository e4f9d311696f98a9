"""The cleaning of sentencepiece's rules "nmt" alone, as the normalizer Nmt of tokenizers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tokenry.spans import Alignment
from tokenry.text.components import Components, component
from tokenry.text.normalizers.alignment import align_pieces
from tokenry.text.parts import Normalizer
from tokenry.text.saved_parts import saved_as

_REMOVED: Final = (*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F)
_SPACES: Final = (
    *(0x09, 0x0A, 0x0C, 0x0D, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581),
    *(0xFEFF, 0xFFFD),
)
_CHANGES: Final[dict[int, str]] = {
    **dict.fromkeys(_REMOVED, ""),
    **dict.fromkeys(_SPACES, " "),
}


@saved_as("normalizers.Nmt")
@dataclass(frozen=True, slots=True)
class Nmt(Normalizer):
    """Removes control characters, and makes a space of what is like one."""

    lossless: bool = False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return text.translate(_CHANGES)

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by character."""
        return align_pieces((character, self(character)) for character in text)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("Nmt")
