"""Words of Japanese, as transformers' BertJapaneseTokenizer has them cut: by MeCab (Kudo, Yamamoto,
Matsumoto 2004) through fugashi, by Sudachi (Takaoka et al. 2018), at white space and punctuation as
BERT does, or not at all.

Dictionaries differ between releases; that which is installed decides.
"""

from __future__ import annotations

import unicodedata
from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.extras import require
from tokenry.text.normalizers.program_words import ProgramWords
from tokenry.text.normalizers.recovered import UNSEEN
from tokenry.text.parts import Normalizer
from tokenry.text.saved_parts import saved_as

EXTRA: Final = "japanese"
DICTIONARIES: Final = ("ipadic", "unidic_lite", "unidic")
"""Packages with a dictionary for MeCab."""
MODES: Final = ("A", "B", "C")
"""Short, middle and long words of Sudachi."""
# One text at a time: both programs keep a lattice of the text that they are at.
_ALONE: Final = Lock()


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


@saved_as("japanese.PunctuatedWords")
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
        split = unicodedata.normalize("NFD", word.lower())
        return "".join(each for each in split if unicodedata.category(each) != "Mn")


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


@saved_as("japanese.MecabWords")
@dataclass(frozen=True)
class MecabWords(JapaneseWords):
    """Words of MeCab.

    Attributes:
        dictionary: one of `DICTIONARIES`; None where ``option`` names one.
        option: more for MeCab, as on its command line.

    Raises:
        MissingExtraError: fugashi is not installed.
        UnsupportedError: the dictionary is not, or MeCab does not start with it.
    """

    dictionary: str | None = "unidic_lite"
    option: str = ""

    def __post_init__(self) -> None:
        _ = self._mecab

    def cut(self, text: str) -> list[str]:
        """The words of ``text``."""
        with _ALONE:
            words = [word.surface for word in self._mecab(text)]
        return self._lowered(words)

    @cached_property
    def _mecab(self) -> Any:
        fugashi = require("fugashi", EXTRA, "cutting Japanese as MeCab does")
        option = self.option
        if self.dictionary is not None:
            folder = _dictionary(self.dictionary)
            option = f'-d "{folder}" -r "{folder / "mecabrc"}" {option}'
        try:
            return fugashi.GenericTagger(option)
        except RuntimeError as error:
            raise UnsupportedError(f"MeCab does not start with {option!r}: {error}") from None


@saved_as("japanese.SudachiWords")
@dataclass(frozen=True)
class SudachiWords(JapaneseWords):
    """Words of Sudachi.

    Attributes:
        mode: one of `MODES`.
        dictionary: small, core or full.
        projection: what stands for a word: its surface for None, or its normalised form, ....
        trims: words have no white space at their ends, and what is only that is none.

    Raises:
        MissingExtraError: SudachiPy is not installed.
        UnsupportedError: the dictionary is not, or there is no such mode.
    """

    mode: str = "A"
    dictionary: str = "core"
    projection: str | None = None
    trims: bool = False

    def __post_init__(self) -> None:
        _ = self._sudachi

    def cut(self, text: str) -> list[str]:
        """The words of ``text``."""
        with _ALONE:
            words = [word.surface() for word in self._sudachi.tokenize(text)]
        words = self._lowered(words)
        return [word for word in map(str.strip, words) if word] if self.trims else words

    @cached_property
    def _sudachi(self) -> Any:
        sudachi = require("sudachipy", EXTRA, "cutting Japanese as Sudachi does")
        _package(f"sudachidict_{self.dictionary}")
        if self.mode not in MODES:
            raise UnsupportedError(f"Sudachi's mode {self.mode!r}; expected one of {MODES}")
        dictionary = sudachi.Dictionary(dict=self.dictionary)
        make = getattr(dictionary, "tokenizer", dictionary.create)  # its name since 0.7
        return make(getattr(sudachi.SplitMode, self.mode), projection=self.projection)


def _package(name: str) -> Any:
    """A package with a dictionary, which the extra may not bring."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise UnsupportedError(
            f"the dictionary {name!r} is not installed; install it with: pip install {name}"
        ) from None


def _dictionary(name: str) -> Path:
    """The folder of a dictionary of MeCab."""
    if name not in DICTIONARIES:
        raise UnsupportedError(f"MeCab's dictionary {name!r}; expected one of {DICTIONARIES}")
    folder = Path(_package(name).DICDIR)
    if not folder.is_dir():
        raise UnsupportedError(
            f"{name} is installed without its data; run python -m {name} download"
        )
    return folder


def _is_space(character: str) -> bool:
    return character in "\t\n\r" or unicodedata.category(character) == "Zs"


def _is_control(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character)[0] == "C"


def _set_off(character: str) -> str:
    """Between spaces, where it is punctuation."""
    symbol = character.isascii() and character.isprintable() and not character.isalnum()
    is_punctuation = (symbol and character != " ") or unicodedata.category(character)[0] == "P"
    return f" {character} " if is_punctuation else character
