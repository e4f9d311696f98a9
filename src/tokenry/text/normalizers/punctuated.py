"""Words of Japanese between white space and punctuation, as BERT's own program cuts them (Devlin et
al. 2018, arXiv:1810.04805), by this interpreter's Unicode."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from tokenry.text.normalizers.japanese import JapaneseWords
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.marks import without_marks

# As that program has them, without those that came to Unicode later.
_IDEOGRAPHS: Final = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002ceaf"
    "\U0002f800-\U0002fa1f]"
)


@saved_as("punctuated.PunctuatedWords")
@dataclass(frozen=True)
class PunctuatedWords(JapaneseWords):
    """Words between white space and punctuation, in form NFC.

    Attributes:
        strips: words lose their accents; None: where they come in lower case.
        ideographs: each of them is a word.
    """

    composes: bool = False
    strips: bool | None = None
    ideographs: bool = False

    def cut(self, text: str) -> list[str]:
        """The words of ``text``."""
        kept = (each for each in text if _is_space(each) or not _is_control(each))
        clean = "".join(" " if _is_space(each) else each for each in kept)
        if self.ideographs:
            clean = _IDEOGRAPHS.sub(r" \g<0> ", clean)
        words = map(self._bare, unicodedata.normalize("NFC", clean).split())
        return " ".join(w if w in self.kept else "".join(map(_set_off, w)) for w in words).split()

    def _bare(self, word: str) -> str:
        if word in self.kept:
            return word
        word = word.lower() if self.lowers else word
        strips = self.lowers if self.strips is None else self.strips
        return without_marks(word) if strips else word


_UNLISTED: Final = "\ufdd1"  # a code point that is no character, and in no vocabulary


@saved_as("punctuated.NeverSplitWords")
@dataclass(frozen=True)
class NeverSplitWords(PunctuatedWords):
    """The same where the words that stay whole are looked up whole, too.

    Attributes:
        unlisted: those that have no id, though their parts may.
    """

    unlisted: tuple[str, ...] = ()

    def words(self, text: str) -> list[str]:
        """The words of ``text``, with something unknown for those that are."""
        return [_UNLISTED if word in self.unlisted else word for word in super().words(text)]


def _is_space(character: str) -> bool:
    return character in "\t\n\r" or unicodedata.category(character) == "Zs"


def _is_control(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character)[0] == "C"


def _set_off(character: str) -> str:
    """Between spaces, where it is punctuation."""
    symbol = character.isascii() and character.isprintable() and not character.isalnum()
    is_punctuation = (symbol and character != " ") or unicodedata.category(character)[0] == "P"
    return f" {character} " if is_punctuation else character
