"""What pretokenizers behind ByteLevel see: a character of its alphabet for a byte (Falcon)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from tokenry.text.components import Components
from tokenry.text.pretokenizers.cascade import Cut
from tokenry.text.pretokenizers.pretokenized import PretokenizedText
from tokenry.text.pretokenizers.steps import PretokenizerStep
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import byte_offsets
from tokenry.vocabulary import BYTE_ALPHABET

_SPELLED = np.array([ord(character) for character in BYTE_ALPHABET], dtype=np.uint32)


@saved_as("byte_spelling.ByteSpelling")
@dataclass(frozen=True, slots=True)
class ByteSpelling(PretokenizerStep):
    """Spells text in the byte-level alphabet; each byte stands for the whole character it is of."""

    spells_out: ClassVar[bool] = True

    @property
    def lossless(self) -> bool:
        """All text is left."""
        return True

    def cuts(self) -> tuple[Cut, ...]:
        """Nothing; those behind it see the alphabet."""
        return ()

    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Spell the buffer; the stretches stay."""
        offsets = byte_offsets(stretches.text)
        widths = np.diff(offsets)
        data = np.frombuffer(stretches.text.encode("utf-8", "surrogateescape"), dtype=np.uint8)
        return replace(
            stretches,
            points=_SPELLED[data],
            origins=np.repeat(stretches.origins, widths),
            finishes=np.repeat(stretches.finishes, widths),
            starts=offsets[stretches.starts],
            ends=offsets[stretches.ends],
        )

    def to_tokenizer_json(self) -> Components:
        """Nothing: ByteLevel before it says so."""
        return Components()
