"""Words of Japanese by MeCab (Kudo, Yamamoto, Matsumoto 2004), through fugashi.

Dictionaries differ between releases; that which is installed decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.extras import require
from tokenry.text.normalizers.japanese import EXTRA, JapaneseWords, dictionary_package
from tokenry.text.saved_parts import saved_as

DICTIONARIES: Final = ("ipadic", "unidic_lite", "unidic")
"""Packages with a dictionary."""
# One text at a time: MeCab keeps a lattice of the text that it is at.
_ALONE: Final = Lock()


@saved_as("mecab.MecabWords")
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


def _dictionary(name: str) -> Path:
    """The folder of a dictionary of MeCab."""
    if name not in DICTIONARIES:
        raise UnsupportedError(f"MeCab's dictionary {name!r}; expected one of {DICTIONARIES}")
    folder = Path(dictionary_package(name).DICDIR)
    if not folder.is_dir():
        raise UnsupportedError(
            f"{name} is installed without its data; run python -m {name} download"
        )
    return folder
