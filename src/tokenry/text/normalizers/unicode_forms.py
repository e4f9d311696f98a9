"""Unicode forms, lower case and accents, equal to Hugging Face's tokenizers.

Its crates carry Unicode tables of their own ages; where they differ from this interpreter's, they
are followed (`tokenry.text.unicode.classes`), so results do not depend on the version of Python.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Literal

import numpy as np

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.ascii_changes import ASCII, AsciiChanges
from tokenry.text.components import Components, component
from tokenry.text.normalizers.alignment import Edit, align_pieces, by_character
from tokenry.text.normalizers.character_changes import core_changes
from tokenry.text.parts import Normalizer
from tokenry.text.patterns.characters import named
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import pattern
from tokenry.text.unicode.classes import LOWER

if TYPE_CHECKING:
    import regex

# So many marks in a row are put in order here.
MANY = "[{}]{{32,}}"


@saved_as("normalizers.Form")
@dataclass(frozen=True, slots=True)
class UnicodeForm(Normalizer):
    """A Unicode normalization form (NFC, NFD, NFKC, NFKD; Unicode Standard Annex 15)."""

    form: Literal["NFC", "NFD", "NFKC", "NFKD"]
    lossless: bool = False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return text if text.isascii() else self._changed(text)

    def native(self) -> _native.FormNormalizer:
        """The same in the core."""
        return _core(self.form)

    @property
    def stays_in_words(self) -> bool:
        """A space combines with nothing."""
        return True

    @property
    def leaves_parts(self) -> bool:
        """Parts of what is in a form are in it."""
        return True

    def ascii_changes(self) -> AsciiChanges:
        """None: nothing composes with a character of ASCII that stands before it."""
        return AsciiChanges.of()

    def _changed(self, text: str) -> str:
        inert = pattern("INERT", "([{}])")
        if inert.search(text) is None:
            return self._normalized(text)
        # Characters that the crate's older tables do not know neither change nor combine.
        parts = inert.split(text)
        parts[::2] = [self._normalized(part) for part in parts[::2]]
        return "".join(parts)

    def _normalized(self, text: str) -> str:
        # Python puts marks in order by insertion, in quadratic time; those in order it only counts.
        marks = pattern("ACCENTS", MANY)
        return unicodedata.normalize(self.form, marks.sub(lambda found: _ordered(found[0]), text))

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

    @property
    def writes_spaces(self) -> bool:
        """No."""
        return False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        if not text.isascii():
            text = text.translate(_lower_table())
        return "σ".join(part.lower() for part in text.split("Σ"))

    def native(self) -> _native.BertNormalizer:
        """The same in the core: the last of BERT's steps."""
        return _native.BertNormalizer(_native.BertOptions(lowercase=True))

    @property
    def stays_in_words(self) -> bool:
        """Yes."""
        return True

    @property
    def leaves_parts(self) -> bool:
        """Yes."""
        return True

    def ascii_changes(self) -> AsciiChanges:
        """Small letters."""
        capital = (ord("A") <= ASCII) & (ord("Z") >= ASCII)
        return AsciiChanges.of(np.where(capital, ASCII + 32, ASCII))

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

    @property
    def writes_spaces(self) -> bool:
        """No."""
        return False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return text if text.isascii() else pattern("ACCENTS").sub("", text)

    def native(self) -> _native.CharacterChanges:
        """The same in the core."""
        return core_changes((named("ACCENTS"), ""))

    @property
    def stays_in_words(self) -> bool:
        """Yes."""
        return True

    @property
    def leaves_parts(self) -> bool:
        """Yes."""
        return True

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by character."""
        return align_pieces(by_character(text, self))

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("StripAccents")


def _ordered(marks: str) -> str:
    """Marks in the order of their classes, which is canonically the same text."""
    spelled = {mark: unicodedata.normalize("NFD", mark) for mark in set(marks)}
    runs = groupby("".join([spelled[mark] for mark in marks]), key=_moves)
    return "".join(
        "".join(sorted(run, key=unicodedata.combining) if moves else run) for moves, run in runs
    )


def _moves(mark: str) -> bool:
    return unicodedata.combining(mark) > 0


def _by_cluster(text: str, change: Callable[[str], str]) -> Iterator[Edit]:
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
def _core(form: str) -> _native.FormNormalizer:
    return _native.FormNormalizer(form)


@cache
def _clusters() -> regex.Pattern[str]:
    """Clusters, with runs of ASCII in one: marks that compose never stand apart from their base."""
    import regex  # takes longer to import than most files to load

    return regex.compile(r"[\x00-\x7f]+(?=[\x00-\x7f]|\Z)|\X", regex.V1)


def _checked(whole: str, text: str, pieces: Iterable[Edit]) -> tuple[str, Alignment]:
    """Align by pieces; as one piece where they do not add up (half-width jamo compose)."""
    if whole == text:
        return align_pieces([(text, text)])
    changed, alignment = align_pieces(pieces)
    return (whole, alignment) if changed == whole else align_pieces([(text, whole)])


@cache
def _lower_table() -> dict[int, str]:
    pairs = (pair.split(">") for pair in LOWER.split())
    return {int(upper, 16): chr(int(lower, 16)) for upper, lower in pairs}
