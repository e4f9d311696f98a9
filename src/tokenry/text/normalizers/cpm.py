"""Text as CPM's program gives it to a SentencePiece model (Zhang et al. 2020, arXiv:2012.00413)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tokenry.text.normalizers.program_words import ProgramWords
from tokenry.text.parts import Normalizer
from tokenry.text.saved_parts import saved_as


@saved_as("cpm.CpmText")
@dataclass(frozen=True)
class CpmText(ProgramWords):
    """A whole text, by this interpreter's Unicode.

    Attributes:
        model: what the model does to it at last.
        squeezes: white space becomes single spaces, and none at the ends.
        keeps_accents: text does not lose its accents.
        lowers: text comes in lower case.
    """

    model: Normalizer
    squeezes: bool = True
    keeps_accents: bool = False
    lowers: bool = False

    def words(self, text: str) -> list[str]:
        """The text, which is one word."""
        text = " ".join(text.split()) if self.squeezes else text
        text = text.replace("``", '"').replace("''", '"')
        if not self.keeps_accents:
            split = unicodedata.normalize("NFKD", text)
            text = "".join(each for each in split if not unicodedata.combining(each))
        return [self.model(text.lower() if self.lowers else text)]
