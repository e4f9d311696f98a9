"""Text as SigLIP's program leaves it before a SentencePiece model sees it (Zhai et al. 2023,
arXiv:2303.15343)."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import Final

from tokenry.text.normalizers.program_words import ProgramWords
from tokenry.text.normalizers.sentencepiece import MARK
from tokenry.text.saved_parts import saved_as

_MARKS: Final = str.maketrans(MARK, " ")
_PUNCTUATION: Final = str.maketrans("", "", string.punctuation)


@saved_as("siglip.SiglipText")
@dataclass(frozen=True)
class SiglipText(ProgramWords):
    """A text without ASCII's punctuation, single spaces for its white space and none behind it.

    Attributes:
        lowers: text comes in lower case.
    """

    lowers: bool = True

    def words(self, text: str) -> list[str]:
        """The text, which is one word; a space before it stays."""
        text = text.translate(_MARKS)
        text = (text.lower() if self.lowers else text).translate(_PUNCTUATION)
        return [re.sub(r"\s+", " ", text).rstrip()]
