"""Normalizers of Hugging Face's tokenizer.json, equal to it code point by code point.

Its crates carry Unicode tables of their own ages; where they differ from this interpreter's, they
are followed (`tokenry.text.unicode.classes`), so results do not depend on the version of Python.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Literal

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.components import Components, component, joined, replacing
from tokenry.text.normalizers.alignment import Piece, align_pieces
from tokenry.text.normalizers.charsmap import Charsmap
from tokenry.text.oniguruma import TextPattern
from tokenry.text.parts import Normalizer
from tokenry.text.raw_words import WordChanges, WordRules
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import pattern
from tokenry.text.unicode.classes import LOWER
from tokenry.vocabulary import BYTE_ALPHABET, METASPACE

if TYPE_CHECKING:
    import regex

# Characters; below, finding the stretches beyond ASCII takes longer than what it saves.
LONG = 4096
_BEYOND_ASCII = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")


@saved_as("normalizers.Form")
@dataclass(frozen=True, slots=True)
class Form(Normalizer):
    """A Unicode normalization form (NFC, NFD, NFKC, NFKD; Unicode Standard Annex 15)."""

    form: Literal["NFC", "NFD", "NFKC", "NFKD"]
    lossless: bool = False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        if text.isascii():
            return text
        if len(text) < LONG:
            return self._changed(text)
        # ASCII neither changes nor combines with what stands before it.
        return _BEYOND_ASCII.sub(lambda match: self._changed(match[0]), text)

    def _changed(self, text: str) -> str:
        if unicodedata.is_normalized(self.form, text):
            return text
        inert = pattern("INERT", "([{}])")
        if inert.search(text) is None:
            return unicodedata.normalize(self.form, text)
        # Characters that the crate's older tables do not know neither change nor combine.
        parts = inert.split(text)
        parts[::2] = [unicodedata.normalize(self.form, part) for part in parts[::2]]
        return "".join(parts)

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by grapheme cluster."""
        return _checked(self(text), text, _by_cluster(text, self))

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component(self.form)


@saved_as("normalizers.Lowercase")
@dataclass(frozen=True, slots=True)
class Lowercase(Normalizer):
    """Lower case, each character on its own (no final sigma)."""

    lossless: bool = False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        if not text.isascii():
            if _young_capitals().search(text):
                text = text.translate(_lower_table())
            if "Σ" in text:
                return "σ".join(part.lower() for part in text.split("Σ"))
        return text.lower()

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by character."""
        return align_pieces(by_character(text, self))

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("Lowercase")


@saved_as("normalizers.StripAccents")
@dataclass(frozen=True, slots=True)
class StripAccents(Normalizer):
    """Remove combining marks; a precomposed letter keeps its accent (NFD comes before)."""

    lossless: bool = False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return text if text.isascii() else pattern("ACCENTS").sub("", text)

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by character."""
        return align_pieces(by_character(text, self))

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("StripAccents")


@saved_as("normalizers.Replace")
@dataclass(frozen=True, slots=True)
class Replace(Normalizer):
    """Replace every match of a pattern by ``content``."""

    pattern: TextPattern
    content: str
    lossless: bool = False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return self.pattern.replace(text, self.content)

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by match."""
        return align_pieces(self._pieces(text))

    def word_changes(self) -> WordChanges | None:
        """None, where spaces and marks are exchanged: text without marks then stays as it is."""
        return WordChanges(_native.WordChanges()) if self in (TO_MARKS, TO_SPACES) else None

    def word_rules(self) -> WordRules | None:
        """None, where several spaces become one."""
        fewer = self.content == " " and self.pattern in _SEVERAL_SPACES
        return WordRules() if fewer else None

    def _pieces(self, text: str) -> Iterator[Piece]:
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


TO_MARKS = Replace(TextPattern(" ", is_literal=True), METASPACE)
TO_SPACES = Replace(TextPattern(METASPACE, is_literal=True), " ")
_SEVERAL_SPACES = (TextPattern(" {2,}"), TextPattern("  ", is_literal=True))


@saved_as("normalizers.Prepend")
@dataclass(frozen=True, slots=True)
class Prepend(Normalizer):
    """Put ``content`` before a text that is not empty."""

    content: str
    lossless: bool = False

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


@saved_as("normalizers.ByteLevelText")
@dataclass(frozen=True, slots=True)
class ByteLevelText(Normalizer):
    """Spell each byte in the byte-level alphabet (the normalizer, not the pretokenizer)."""

    lossless: bool = True

    spells_bytes: ClassVar[bool] = True

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return "".join([BYTE_ALPHABET[byte] for byte in text.encode("utf-8", "surrogateescape")])

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by character."""
        return align_pieces((character, self(character)) for character in text)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("ByteLevel")


@saved_as("normalizers.Precompiled")
@dataclass(frozen=True, slots=True)
class Precompiled(Normalizer):
    """The rules of a SentencePiece model, as tokenizers applies them."""

    rules: Charsmap
    lossless: bool = False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return self.rules.normalize_transformers(text)

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by what a rule matched."""
        return self.rules.align_transformers(text)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return self.rules.to_tokenizer_json()

    def word_rules(self) -> WordRules:
        """These."""
        return WordRules(self.rules.native)


@saved_as("normalizers.NormalizerSequence")
@dataclass(frozen=True, slots=True)
class NormalizerSequence(Normalizer):
    """Normalizers one after the other."""

    steps: tuple[Normalizer, ...]

    @property
    def lossless(self) -> bool:
        """Whether every step is."""
        return all(step.lossless for step in self.steps)

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        for step in self.steps:
            text = step(text)
        return text

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align through all steps."""
        return align_steps(text, self.steps)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return joined(step.to_tokenizer_json() for step in self.steps)

    def word_changes(self) -> WordChanges | None:
        """Those of one step, or of one behind a space or a mark that is put before the text."""
        *before, last = self.steps
        changes = last.word_changes()
        if changes is None or not before:
            return changes
        prefixes = [Prepend(" ")], [Prepend(METASPACE)]
        return WordChanges(changes.core, b" ") if before in prefixes else None

    def word_rules(self) -> WordRules | None:
        """Those of the first step, where no other has any."""
        first, *others = (step.word_rules() for step in self.steps)
        return first if all(each == WordRules() for each in others) else None


def align_steps(text: str, steps: Iterable[Normalizer]) -> tuple[str, Alignment]:
    """Normalise step by step and compose the alignments."""
    alignment = Alignment.identity(len(text.encode()))
    for step in steps:
        changed, latest = step.align(text)
        if changed != text:
            alignment = latest.after(alignment)
        text = changed
    return text, alignment


def by_character(text: str, change: Callable[[str], str]) -> Iterator[Piece]:
    """Pieces of a change that sees each character alone."""
    changed = {each: new for each in set(text) if (new := change(each)) != each}
    if not changed:
        yield text, text
        return
    begin = 0
    for at, character in enumerate(text):
        if character in changed:
            if begin < at:
                yield text[begin:at], text[begin:at]
            yield character, changed[character]
            begin = at + 1
    if begin < len(text):
        yield text[begin:], text[begin:]


def _by_cluster(text: str, change: Callable[[str], str]) -> Iterator[Piece]:
    begin = 0
    for match in _clusters().finditer(text):
        if (new := change(match[0])) != match[0]:
            if begin < match.start():
                yield text[begin : match.start()], text[begin : match.start()]
            yield match[0], new
            begin = match.end()
    if begin < len(text):
        yield text[begin:], text[begin:]


@cache
def _clusters() -> regex.Pattern[str]:
    """Clusters, with runs of ASCII in one: marks that compose never stand apart from their base."""
    import regex  # takes longer to import than most files to load

    return regex.compile(r"[\x00-\x7f]+(?=[\x00-\x7f]|\Z)|\X", regex.V1)


def _checked(whole: str, text: str, pieces: Iterable[Piece]) -> tuple[str, Alignment]:
    """Align by pieces; as one piece where they do not add up (half-width jamo compose)."""
    if whole == text:
        return align_pieces([(text, text)])
    changed, alignment = align_pieces(pieces)
    return (whole, alignment) if changed == whole else align_pieces([(text, whole)])


@cache
def _lower_table() -> dict[int, str]:
    pairs = (pair.split(">") for pair in LOWER.split())
    return {int(upper, 16): chr(int(lower, 16)) for upper, lower in pairs}


@cache
def _young_capitals() -> regex.Pattern[str]:
    import regex

    return regex.compile("[" + "".join(map(chr, _lower_table())) + "]")


@cache
def _spaces() -> str:
    return "".join(pattern("WHITE_SPACE").findall("".join(map(chr, range(0x3001)))))
