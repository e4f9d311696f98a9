"""Words as the scripts of the translation system Moses cut them (Koehn et al. 2007), in the form
that sacremoses has, with what XLM, FlauBERT, BioGPT and FSMT do before and behind it.

What sacremoses does to a text differs between its releases; that which is installed decides.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from tokenry.extras import require
from tokenry.text.normalizers.program_words import ProgramWords
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.marks import without_marks

EXTRA: Final = "words"
PURPOSE: Final = "cutting text into words as Moses does"
# Cedillas and commas below fall, as do breves and circumflexes (Sennrich's scripts of WMT 2016).
_ROMANIAN: Final = str.maketrans(
    "\u015e\u015f\u0162\u0163\u0218\u0219\u021a\u021b\u0102\u0103\u00c2\u00e2\u00ce\u00ee",
    "SsTtSsTtAaAaIi",
)


@saved_as("moses.MosesWords")
@dataclass(frozen=True)
class MosesWords(ProgramWords):
    """Words of Moses.

    Attributes:
        language: whose abbreviations and apostrophes are known, by its code of two letters.
        composes: text comes in form NFC, and two single quotes are a double one (FlauBERT).
        lowers: it comes in lower case.
        cleans: punctuation becomes that of ASCII, and control characters fall.
        fairseq: hyphens within words are words of their own, and what XML reserves is escaped.
        strips: words lose case and accents at last (XLM).

    Raises:
        MissingExtraError: sacremoses is not installed.
    """

    language: str = "en"
    composes: bool = False
    lowers: bool = False
    cleans: bool = False
    fairseq: bool = False
    strips: bool = False

    def __post_init__(self) -> None:
        require("sacremoses", EXTRA, PURPOSE)

    def words(self, text: str) -> list[str]:
        """The words of ``text``."""
        if self.composes:
            text = unicodedata.normalize("NFC", text.replace("``", '"').replace("''", '"'))
        if self.lowers:
            text = text.lower()
        if self.cleans:
            text = _printable(self._punctuation.normalize(text))
            if self.language == "ro":
                text = text.translate(_ROMANIAN)
        words: list[str] = self._moses.tokenize(
            text, aggressive_dash_splits=self.fairseq, return_str=False, escape=self.fairseq
        )
        return [word for word in map(_bare, words) if word] if self.strips else words

    @cached_property
    def _moses(self) -> Any:
        return require("sacremoses", EXTRA, PURPOSE).MosesTokenizer(lang=self.language)

    @cached_property
    def _punctuation(self) -> Any:
        module = require("sacremoses", EXTRA, PURPOSE)
        return module.MosesPunctNormalizer(lang=self.language, pre_replace_unicode_punct=True)


def _printable(text: str) -> str:
    """Without what is of the categories C in this interpreter's Unicode."""
    return "".join(each for each in text if unicodedata.category(each)[0] != "C")


def _bare(word: str) -> str:
    """In lower case, without marks."""
    return without_marks(word.lower()).lower()
