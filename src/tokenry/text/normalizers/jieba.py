"""Words of Chinese by Jieba (its dictionary, no model for unknown words), through rjieba.

Dictionaries differ between releases; that which is installed decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tokenry.extras import require
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.program_words import ProgramWords
from tokenry.text.normalizers.recovered import UNSEEN
from tokenry.text.saved_parts import saved_as


@saved_as("jieba.JiebaWords")
@dataclass(frozen=True)
class JiebaWords(ProgramWords):
    """Words of Jieba; white space is words too.

    Attributes:
        separator: between every two.

    Raises:
        MissingExtraError: rjieba is not installed.
    """

    separator: str = UNSEEN

    def __post_init__(self) -> None:
        _jieba()

    def words(self, text: str) -> list[str]:
        """The words of ``text``."""
        found: list[str] = _jieba().cut(text, False)
        return found


@saved_as("jieba.KnownJiebaWords")
@dataclass(frozen=True)
class KnownJiebaWords(JiebaWords):
    """Words of Jieba without white space; those that are not known are cut at ideographs.

    Attributes:
        known: words that stay whole.
    """

    known: frozenset[str] = frozenset()
    separator: str = " "

    def words(self, text: str) -> list[str]:
        """The words of ``text``."""
        return [part for word in super().words(text) for part in self._parts(word)]

    def _parts(self, word: str) -> Iterator[str]:
        whole = word in self.known and not word.isspace()
        yield from [word] if whole else _set_off(word).split()


_set_off = BertNormalizer(
    clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False
)


@cache
def _jieba() -> Any:
    return require("rjieba", "words", "words of Chinese")
