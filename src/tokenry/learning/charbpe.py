"""BPE of small pieces, counted in characters, for models that correct text.

Source: Bommarito, Katz, Bommarito 2025, "KL3M tokenizers: a family of domain-specific and
character-level tokenizers for legal, financial, and preprocessing applications", arXiv:2503.17247
(their character-level tokenizers of 4,096 to 16,384 pieces).

Byte-level BPE in which no piece has more than ``max_characters`` characters. A wrong letter then
moves few boundaries, so that a text and its garbled copy are nearly the same tokens:
`tokenry.measuring.robustness` measures how many stay.

The limit is of characters, not of bytes, so a piece of Cyrillic may be as long as one of Latin;
half a character is never joined to another. It costs more tokens: about one for two characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tokenry.learning.merging import MergeLearner, Rule
from tokenry.options import Positive


@dataclass(frozen=True, kw_only=True)
class CharBpe(MergeLearner):
    """A learner of BPE with pieces of few characters; other options are those of `MergingOptions`.

    Attributes:
        vocab_size: the published sizes are 4,096, 8,192 and 16,384.
        max_characters: of the longest piece.
    """

    kind: ClassVar[str] = "charbpe"
    vocab_size: Positive = 8_192
    max_characters: Positive = 3

    def allows(self, piece: bytes) -> bool:
        """Whether a piece is few enough whole characters, or a part of one.

        >>> learner = CharBpe(max_characters=3)
        >>> tuple(learner.allows(each.encode()) for each in ("the", "\u044d\u0442\u043e", "them"))
        (True, True, False)
        """
        try:
            return len(piece.decode()) <= self.max_characters
        except UnicodeDecodeError:
            return len(piece) < 4 and all(0x80 <= byte < 0xC0 for byte in piece[1:])

    def rule(self) -> Rule:
        """Which pieces may be made."""
        return self.allows
