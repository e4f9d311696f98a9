"""Words of Japanese between white space and punctuation, as BERT's own program cuts them (Devlin et
al. 2018, arXiv:1810.04805), by this interpreter's Unicode."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tokenry.text.normalizers.japanese import JapaneseWords
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.marks import without_marks


@saved_as("punctuated.PunctuatedWords")
@dataclass(frozen=True)
class PunctuatedWords(JapaneseWords):
    """Words between white space and punctuation, in form NFC; those in lower case lose accents."""

    composes: bool = False

    def cut(self, text: str) -> list[str]:
        """The words of ``text``."""
        kept = (each for each in text if _is_space(each) or not _is_control(each))
        clean = "".join(" " if _is_space(each) else each for each in kept)
        words = map(self._bare, unicodedata.normalize("NFC", clean).split())
        return " ".join(w if w in self.kept else "".join(map(_set_off, w)) for w in words).split()

    def _bare(self, word: str) -> str:
        if not self.lowers or word in self.kept:
            return word
        return without_marks(word.lower())


def _is_space(character: str) -> bool:
    return character in "\t\n\r" or unicodedata.category(character) == "Zs"


def _is_control(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character)[0] == "C"


def _set_off(character: str) -> str:
    """Between spaces, where it is punctuation."""
    symbol = character.isascii() and character.isprintable() and not character.isalnum()
    is_punctuation = (symbol and character != " ") or unicodedata.category(character)[0] == "P"
    return f" {character} " if is_punctuation else character
