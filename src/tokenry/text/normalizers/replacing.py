"""Text that is replaced, put before a text, or taken from its ends (Replace, Prepend and Strip)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.components import Components, component, replacing
from tokenry.text.normalizers.alignment import Edit, align_pieces
from tokenry.text.oniguruma import TextPattern, translated
from tokenry.text.parts import Normalizer
from tokenry.text.pretokenizers.cascade import PatternCut, finder_of
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.raw_words import WordNormalization, WordRules
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import pattern
from tokenry.vocabulary import METASPACE

if TYPE_CHECKING:
    pass


# Characters from which on the core replaces: a call costs it 4 us, and `re` is quick on its own.
LONG_TEXT: Final = 64
LONG_PLAIN: Final = 2048


@saved_as("normalizers.Replace")
@dataclass(frozen=True, slots=True)
class Replace(Normalizer):
    """Replace every match of a pattern by ``content``."""

    pattern: TextPattern
    content: str
    lossless: bool = False

    @property
    def writes_spaces(self) -> bool:
        """Whether there is one in what is put in."""
        return " " in self.content

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        least = LONG_PLAIN if self.pattern.is_plain else LONG_TEXT
        finder = None if len(text) < least else _finder(self.pattern)
        if finder is None:
            return self.pattern.replace(text, self.content)
        data = text.encode("utf-8", "surrogateescape")
        content = self.content.encode()
        return _native.replace_found(finder, data, content).decode("utf-8", "surrogateescape")

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by match."""
        return align_pieces(self._pieces(text))

    def word_normalization(self) -> WordNormalization | None:
        """None, where spaces and marks are exchanged: text without marks then stays as it is."""
        return (
            WordNormalization(_native.WordChanges())
            if self in (TO_METASPACE, FROM_METASPACE)
            else None
        )

    def word_rules(self) -> WordRules | None:
        """None, where several spaces become one."""
        fewer = self.content == " " and self.pattern in _SEVERAL_SPACES
        return WordRules() if fewer else None

    def _pieces(self, text: str) -> Iterator[Edit]:
        place = 0
        for start, end in self.pattern.occurrences(text):
            if start > place:
                yield text[place:start], text[place:start]
            yield text[start:end], self.content
            place = end
        yield text[place:], text[place:]

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return replacing(self.pattern.to_tokenizer_json(), self.content)


@cache
def _finder(sought: TextPattern) -> _native.Finder | None:
    """What finds a pattern in the core; None for one that Python finds as quickly, or it cannot."""
    if sought.is_literal:
        return None
    pattern = translated(sought.source)
    cut = PatternCut(pattern, Behavior.REMOVED, True, multiline=True, unassigned="UNASSIGNED")
    return finder_of((cut,))


TO_METASPACE = Replace(TextPattern(" ", is_literal=True), METASPACE)

FROM_METASPACE = Replace(TextPattern(METASPACE, is_literal=True), " ")

_SEVERAL_SPACES = (TextPattern(" {2,}"), TextPattern("  ", is_literal=True))


@saved_as("normalizers.Prepend")
@dataclass(frozen=True, slots=True)
class Prepend(Normalizer):
    """Put ``content`` before a text that is not empty."""

    content: str
    lossless: bool = False

    @property
    def writes_spaces(self) -> bool:
        """Whether there is one in what is put before."""
        return " " in self.content

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return self.content + text if text else text

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise; what was put before stands for nothing."""
        return align_pieces([("", self.content), (text, text)] if text else [])

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("Prepend", prepend=self.content)


@saved_as("normalizers.Strip")
@dataclass(frozen=True, slots=True)
class Strip(Normalizer):
    """Remove white space from the ends."""

    left: bool
    right: bool
    lossless: bool = False

    @property
    def writes_spaces(self) -> bool:
        """No."""
        return False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        start, end = self._kept(text)
        return text[start:end]

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align what is kept with itself."""
        start, end = self._kept(text)
        kept = text[start:end]
        return align_pieces([(text[:start], ""), (kept, kept), (text[end:], "")])

    def word_rules(self) -> WordRules:
        """None: words stay as they are."""
        return WordRules()

    def _kept(self, text: str) -> tuple[int, int]:
        spaces = _spaces()
        start = len(text) - len(text.lstrip(spaces)) if self.left else 0
        end = len(text.rstrip(spaces)) if self.right else len(text)
        return start, max(start, end)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("Strip", strip_left=self.left, strip_right=self.right)


@cache
def _spaces() -> str:
    return "".join(pattern("WHITE_SPACE").findall("".join(map(chr, range(0x3001)))))
