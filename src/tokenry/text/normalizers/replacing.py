"""Text that is replaced, put before a text, or taken from its ends (Replace, Prepend and Strip)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import or_
from typing import NamedTuple

import numpy as np

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.ascii_changes import ASCII, AsciiChanges
from tokenry.text.components import Components, component, replacing
from tokenry.text.normalizers.alignment import Edit, align_pieces
from tokenry.text.normalizers.character_changes import core_changes
from tokenry.text.oniguruma import TextPattern, translated
from tokenry.text.parts import Normalizer
from tokenry.text.patterns.characters import CharacterSet
from tokenry.text.patterns.syntax import (
    Alternatives,
    Class,
    NotReadError,
    PatternNode,
    Repeat,
    Sequence,
)
from tokenry.text.pretokenizers.cascade import PatternCut, finder_of
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.raw_words import WordNormalization, WordRules
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import pattern
from tokenry.vocabulary import METASPACE


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
        return self.pattern.replace(text, self.content)

    def native(self) -> _native.Normalizer | None:
        """The same in the core; None for a pattern that it cannot match."""
        return _core(self.pattern, self.content)

    @property
    def stays_in_words(self) -> bool:
        """Whether it looks for a text without a space, or for single characters but for that."""
        if self.pattern.is_literal:
            return " " not in self.pattern.source
        characters = _characters(self.pattern)
        return characters is not None and not characters.set.contains(np.array([ord(" ")]))[0]

    @property
    def leaves_parts(self) -> bool:
        """Whether what it looks for is a text or a run of characters, whatever stands around it."""
        return self.pattern.is_literal or _characters(self.pattern) is not None

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by match."""
        return align_pieces(self._pieces(text))

    def word_normalization(self) -> WordNormalization | None:
        """None, where spaces and marks are exchanged: text without marks then stays as it is."""
        if self in (TO_METASPACE, FROM_METASPACE):
            return WordNormalization(_native.WordChanges())
        return Normalizer.word_normalization(self)

    def word_rules(self) -> WordRules | None:
        """None but for white space, where several spaces become one, or a mark."""
        if self.content in (" ", METASPACE) and self.pattern == _SEVERAL_SPACES:
            return WordRules(several=self.content)
        if self == _TWO_SPACES:
            return WordRules()
        return Normalizer.word_rules(self)

    def ascii_changes(self) -> AsciiChanges | None:
        """Those of characters of a set, or of runs of them."""
        runs = None if self.pattern.is_literal else _characters(self.pattern)
        if runs is None:
            return None
        return AsciiChanges.of_runs(runs.set.contains(ASCII), runs.least, self.content)

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


class CharacterRuns(NamedTuple):
    """Single characters that a pattern matches, or runs of ``least`` of them at least."""

    set: CharacterSet
    least: int


@lru_cache(maxsize=64)
def _core(sought: TextPattern, content: str) -> _native.Normalizer | None:
    if sought.is_literal:
        return _native.LiteralReplacer(sought.source.encode(), content.encode())
    characters = _characters(sought)
    if characters is not None:
        return core_changes((characters.set, content), least=characters.least)
    finder = finder_of((_cut(sought),))
    return None if finder is None else _native.PatternReplacer(finder, content.encode())


@lru_cache(maxsize=64)
def _characters(sought: TextPattern) -> CharacterRuns | None:
    try:
        return _one_set(_cut(sought).tree())
    except NotReadError:
        return None


def _one_set(node: PatternNode) -> CharacterRuns | None:
    match node:
        case Class(characters):
            return CharacterRuns(characters, 0)
        case Repeat(Class(characters), least, None, True) if least > 0:
            return CharacterRuns(characters, least)
        case Sequence((only,)):
            return _one_set(only)
        case Alternatives(nodes):
            found = [each for each in map(_one_set, nodes) if each is not None and each.least == 0]
            if len(found) == len(nodes):
                return CharacterRuns(reduce(or_, (each.set for each in found)), 0)
    return None


def _cut(sought: TextPattern) -> PatternCut:
    """Where a pattern matches."""
    pattern = translated(sought.source)
    return PatternCut(pattern, Behavior.REMOVED, True, multiline=True, unassigned="UNASSIGNED")


TO_METASPACE = Replace(TextPattern(" ", is_literal=True), METASPACE)

FROM_METASPACE = Replace(TextPattern(METASPACE, is_literal=True), " ")

_SEVERAL_SPACES = TextPattern(" {2,}")

_TWO_SPACES = Replace(TextPattern("  ", is_literal=True), " ")


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

    def native(self) -> _native.Prepender:
        """The same in the core."""
        return _native.Prepender(self.content.encode())


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

    def native(self) -> _native.Stripper:
        """The same in the core."""
        return _native.Stripper(self.left, self.right)

    def word_rules(self) -> WordRules:
        """None but for white space: words stay as they are."""
        return WordRules(strips=self.right, strips_more=self.left)

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
