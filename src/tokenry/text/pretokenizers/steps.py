"""Pretokenizers of Hugging Face's tokenizer.json, equal to it code point by code point.

`tokenry.text.pretokenizers.sequence` runs them over a `PretokenizedText`. Patterns that the native
core knows do not come here: `tokenry.text.pretokenizers.split_patterns`.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.text import components
from tokenry.text.components import Components, cannot_say, component
from tokenry.text.oniguruma import TextPattern, translated
from tokenry.text.patterns.characters import EVERYTHING, literal, named
from tokenry.text.pretokenizers.cascade import ClassCut, Cut, PatternCut
from tokenry.text.pretokenizers.delimiters import Behavior, cut, pieces
from tokenry.text.pretokenizers.pretokenized import PretokenizedText
from tokenry.text.pretokenizers.split_patterns import find_splitter
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import table
from tokenry.vocabulary import METASPACE

SPACE = 0x20
# Radford et al. 2019, as the ByteLevel pretokenizer carries it.
GPT2_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


Scheme = Literal["always", "first", "never"]


class PretokenizerStep(Protocol):
    """One pretokenizer of a sequence."""

    __slots__ = ()

    spells_bytes: ClassVar[bool] = False  # in the byte-level alphabet, for a model of bytes
    spells_out: ClassVar[bool] = False  # what follows sees that alphabet

    @property
    def writes_marks(self) -> bool:
        """Whether it makes U+2581 of every space."""
        return False

    @property
    def prepends(self) -> Scheme:
        """When it puts a space, or its mark, before text that begins with none."""
        return "never"

    @property
    def splitter(self) -> str | None:
        """The splitter of the core that cuts as it does; None where none does, or nothing cuts."""
        return None

    @property
    def lossless(self) -> bool:
        """Whether all text is left in the stretches, and none is added."""
        return False

    def cuts(self) -> tuple[Cut, ...] | None:
        """What it does, as cuts of the core; None where it does anything else."""
        return None

    @property
    def cuts_at_spaces_only(self) -> bool:
        """Whether text in which there is no plain space stays whole."""
        return False

    @abstractmethod
    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Cut the stretches further."""

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        cannot_say(self)


@saved_as("pretokenizers.Cut")
@dataclass(frozen=True, slots=True)
class CharacterSplit(PretokenizerStep):
    """Cut at single characters of a class of `tokenry.text.unicode.classes`."""

    characters: str
    behavior: Behavior

    @property
    def lossless(self) -> bool:
        """Whether no character is removed."""
        return self.behavior is not Behavior.REMOVED

    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Cut the stretches further."""
        return _cut_at(stretches, table(self.characters)[stretches.points], self.behavior)

    def cuts(self) -> tuple[Cut, ...]:
        """At single characters; runs of them where that comes to the same."""
        characters = named(self.characters)
        if self.behavior is Behavior.CONTIGUOUS:
            return (ClassCut(characters, Behavior.ISOLATED),)
        alone = self.behavior is not Behavior.REMOVED
        return (ClassCut(characters, self.behavior, most=1 if alone else None),)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        if self.characters == "WHITE_SPACE" and self.behavior is Behavior.REMOVED:
            return component("WhitespaceSplit")
        if self.characters == "PUNCTUATION":
            return component("Punctuation", behavior=self.behavior.value)
        if self.characters == "NUMERIC":
            return component("Digits", individual_digits=self.behavior is Behavior.ISOLATED)
        cannot_say(self, f" at {self.characters} ({self.behavior.value})")


@saved_as("pretokenizers.CharDelimiterSplit")
@dataclass(frozen=True, slots=True)
class CharDelimiterSplit(PretokenizerStep):
    """Cut at one character, which is removed."""

    delimiter: str

    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Cut the stretches further."""
        member = stretches.points == ord(self.delimiter)
        return _cut_at(stretches, member, Behavior.REMOVED)

    def cuts(self) -> tuple[Cut, ...]:
        """At runs of the character."""
        return (ClassCut(literal(self.delimiter), Behavior.REMOVED),)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("CharDelimiterSplit", delimiter=self.delimiter)


@saved_as("pretokenizers.Split")
@dataclass(frozen=True, slots=True)
class PatternSplit(PretokenizerStep):
    """Cut at the matches of a pattern."""

    pattern: TextPattern
    behavior: Behavior
    invert: bool = False

    @property
    def lossless(self) -> bool:
        """Whether nothing is removed."""
        return self.behavior is not Behavior.REMOVED

    @property
    def splitter(self) -> str | None:
        """The splitter of the core with this pattern, if there is one."""
        if self.pattern.is_literal or self.invert or self.behavior is not Behavior.ISOLATED:
            return None
        return find_splitter(self.pattern.source)

    @property
    def cuts_at_spaces_only(self) -> bool:
        """Whether every match has a space."""
        return self.pattern.is_literal and " " in self.pattern.source and not self.invert

    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Cut the stretches further."""
        starts: list[int] = []
        ends: list[int] = []
        for begin, text in zip(stretches.starts.tolist(), stretches.texts(), strict=True):
            found = pieces(self.pattern.occurrences(text), len(text), invert=self.invert)
            spans = cut(found, self.behavior)
            starts += [begin + start for start, _ in spans]
            ends += [begin + end for _, end in spans]
        return stretches.with_spans(np.array(starts, np.int64), np.array(ends, np.int64))

    def cuts(self) -> tuple[Cut, ...]:
        """At the matches."""
        source = self.pattern.source
        if self.pattern.is_literal:
            return (PatternCut(re.escape(source), self.behavior, self.invert),)
        pattern = translated(source)
        return (
            PatternCut(
                pattern,
                self.behavior,
                self.invert,
                multiline=True,
                unassigned="UNASSIGNED",
                may_be_empty=True,
            ),
        )

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return components.split(
            self.pattern.to_tokenizer_json(), self.behavior.value, invert=self.invert
        )


@cache
def _gpt2() -> PatternSplit:
    return PatternSplit(TextPattern(GPT2_PATTERN), Behavior.ISOLATED)


@saved_as("pretokenizers.ByteLevel")
@dataclass(frozen=True, slots=True)
class ByteLevel(PretokenizerStep):
    """GPT-2's splitting (Radford et al. 2019); its alphabet is undone in canonical bytes."""

    add_prefix_space: bool
    use_regex: bool

    @property
    def lossless(self) -> bool:
        """Whether no space is added."""
        return not self.add_prefix_space

    spells_bytes: ClassVar[bool] = True

    @property
    def prepends(self) -> Scheme:
        """Always, or never."""
        return "always" if self.add_prefix_space else "never"

    @property
    def splitter(self) -> str | None:
        """That of GPT-2, if anything cuts."""
        return "gpt2" if self.use_regex else None

    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Cut the stretches further."""
        if self.add_prefix_space:
            stretches = stretches.prepend(SPACE, stretches.points[stretches.starts] != SPACE)
        if self.use_regex:
            stretches = _gpt2()(stretches)
        return stretches

    def cuts(self) -> tuple[Cut, ...] | None:
        """Those of GPT-2's pattern, if anything cuts; None where a space is added."""
        if self.add_prefix_space:
            return None
        return _gpt2().cuts() if self.use_regex else ()

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return components.byte_level(
            use_regex=self.use_regex, add_prefix_space=self.add_prefix_space
        )


@saved_as("pretokenizers.Metaspace")
@dataclass(frozen=True, slots=True)
class Metaspace(PretokenizerStep):
    """SentencePiece's marks: spaces become U+2581, and each mark begins a pretoken."""

    replacement: str
    prepend_scheme: Scheme
    split: bool

    @property
    def writes_marks(self) -> bool:
        """Whether its mark is U+2581."""
        return self.replacement == METASPACE

    @property
    def prepends(self) -> Scheme:
        """When it puts its mark before text."""
        return self.prepend_scheme

    @property
    def splitter(self) -> str | None:
        """What cuts before spaces, if anything cuts."""
        return "metaspace" if self.split and self.writes_marks else None

    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Cut the stretches further."""
        mark = np.uint32(ord(self.replacement))
        points = stretches.points
        stretches = stretches.with_points(np.where(points == SPACE, mark, points))
        if self.prepend_scheme != "never":
            where = stretches.points[stretches.starts] != mark
            if self.prepend_scheme == "first":
                where &= stretches.first & (stretches.origins[stretches.starts] == 0)
            stretches = stretches.prepend(int(mark), where)
        return stretches.cut_before(stretches.points == mark) if self.split else stretches

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return components.metaspace(self.replacement, self.prepend_scheme, split=self.split)


@saved_as("pretokenizers.Whitespace")
@dataclass(frozen=True, slots=True)
class Whitespace(PretokenizerStep):
    """Runs of word characters, and runs of what is neither that nor white space."""

    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Cut the stretches further."""
        # 0 white space, 1 word, 2 other
        kinds = 2 - 2 * table("WHITE_SPACE")[stretches.points].astype(np.int8)
        kinds[table("WORD")[stretches.points]] = 1
        changes = np.diff(kinds, prepend=np.int8(-1)) != 0
        runs = stretches.cut_before(changes)
        kept = kinds[runs.starts] > 0
        return runs.with_spans(runs.starts[kept], runs.ends[kept])

    def cuts(self) -> tuple[Cut, ...]:
        """White space, which is removed, and then runs of words."""
        words = named("WORD")
        spaces = named("WHITE_SPACE") - words
        return ClassCut(spaces, Behavior.REMOVED), ClassCut(words, Behavior.ISOLATED)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("Whitespace")


@saved_as("pretokenizers.FixedLength")
@dataclass(frozen=True, slots=True)
class FixedLength(PretokenizerStep):
    """Stretches of so many characters."""

    length: int
    lossless: bool = True

    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Cut the stretches further."""
        cuts = np.zeros(len(stretches.points), dtype=np.bool_)
        for start, end in zip(stretches.starts.tolist(), stretches.ends.tolist(), strict=True):
            cuts[start : end : self.length] = True
        return stretches.cut_before(cuts)

    def cuts(self) -> tuple[Cut, ...]:
        """Runs of any character, so long at most."""
        return (ClassCut(EVERYTHING, Behavior.ISOLATED, most=self.length),)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("FixedLength", length=self.length)


def _cut_at(
    stretches: PretokenizedText, member: NDArray[np.bool_], behavior: Behavior
) -> PretokenizedText:
    if behavior in (Behavior.MERGED_WITH_PREVIOUS, Behavior.MERGED_WITH_NEXT):
        return _merge_at(stretches, member, behavior)
    before = np.append(False, member[:-1])
    if behavior is Behavior.ISOLATED:
        return stretches.cut_before(member | before)
    runs = stretches.cut_before(member != before)
    if behavior is Behavior.CONTIGUOUS:
        return runs
    kept = ~member[runs.starts]
    return runs.with_spans(runs.starts[kept], runs.ends[kept])


def _merge_at(
    stretches: PretokenizedText, member: NDArray[np.bool_], behavior: Behavior
) -> PretokenizedText:
    starts: list[int] = []
    ends: list[int] = []
    for begin, end in zip(stretches.starts.tolist(), stretches.ends.tolist(), strict=True):
        places = np.flatnonzero(member[begin:end]).tolist()
        found = pieces([(at, at + 1) for at in places], end - begin, invert=False)
        for start, finish in cut(found, behavior):
            starts.append(begin + start)
            ends.append(begin + finish)
    return stretches.with_spans(np.array(starts, np.int64), np.array(ends, np.int64))
