"""Words of Japanese, as transformers' BertJapaneseTokenizer has them cut, by whatever program."""

from __future__ import annotations

import unicodedata
from abc import abstractmethod
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.text.normalizers.program_words import ProgramWords
from tokenry.text.normalizers.recovered import UNSEEN
from tokenry.text.parts import Normalizer
from tokenry.text.saved_parts import saved_as

EXTRA: Final = "japanese"
"""What installs the programs, and most of their dictionaries."""


@dataclass(frozen=True)
class JapaneseWords(ProgramWords):
    """A `tokenry.text.parts.Normalizer` that cuts Japanese into words.

    Attributes:
        lowers: words come in lower case.
        composes: text comes in form NFKC.
        recomposes: words do at last, as the characters of them are looked up.
        separator: between every two words.
        kept: words that stay in their case, and whole.
    """

    lowers: bool = False
    composes: bool = True
    recomposes: bool = False
    separator: str = " "
    kept: tuple[str, ...] = ()

    def words(self, text: str) -> list[str]:
        """The words of ``text``."""
        if self.composes:
            text = unicodedata.normalize("NFKC", text)
        words = self.cut(text)
        return [unicodedata.normalize("NFKC", word) for word in words] if self.recomposes else words

    @abstractmethod
    def cut(self, text: str) -> list[str]:
        """The words of a text in its form."""

    def _lowered(self, words: list[str]) -> list[str]:
        if not self.lowers:
            return words
        return [word if word in self.kept else word.lower() for word in words]


@saved_as("japanese.UncutText")
@dataclass(frozen=True)
class UncutText(JapaneseWords):
    """A text as it is, which is one word."""

    composes: bool = False

    def cut(self, text: str) -> list[str]:
        """The text."""
        return [text]


@saved_as("japanese.PieceWords")
@dataclass(frozen=True)
class PieceWords(ProgramWords):
    """Words of another normalizer, each of which is a text of a SentencePiece model.

    Attributes:
        words_of: gives the words.
        model: what the model does to each.
    """

    words_of: ProgramWords
    model: Normalizer
    separator: str = UNSEEN

    def words(self, text: str) -> list[str]:
        """The words of ``text`` as the model segments them."""
        squeezed = (" ".join(word.split()) for word in self.words_of.words(text))
        return [self.model(word.replace("``", '"').replace("''", '"')) for word in squeezed]


def dictionary_package(name: str) -> Any:
    """A package with a dictionary, which the extra may not bring.

    Raises:
        UnsupportedError: it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise UnsupportedError(
            f"the dictionary {name!r} is not installed; install it with: pip install {name}"
        ) from None
