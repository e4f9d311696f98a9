"""Which form of a suffix stands after a word: Turkish -lar or -ler, learnt as a table.

Source of shared ids for allomorphs: Bayram et al. 2025, "Tokens with Meaning: A Hybrid Tokenization
Approach for NLP", arXiv:2508.14292, whose rules are Turkish and written by hand. Here they are
data, counted in a corpus: for a group of forms, the last vowel and the last letter before it say
which form is the usual one. Vowel harmony and the hardening of consonants are tables of this kind.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from tokenry.text.saved_parts import PickledFields, saved_as
from tokenry.text.segmenters.morph_model import fold_letters

REACH: Final = 16  # letters back in which a vowel is looked for
TAIL: Final = 4 * REACH + 3  # bytes that hold so many whole characters, whatever comes before
Context = tuple[str, str]  # last vowel, or "" where there is none; last letter


@saved_as("allomorphs.Allomorphs")
@dataclass(frozen=True, eq=False)
class Allomorphs(PickledFields):
    """Groups of forms that share an id, and a rule that predicts the form.

    Args:
        groups: the forms of each suffix, the most frequent first.
        vowels: letters that count as vowels, in lower case.
        choices: form by (group, last vowel, last letter), where it is not that by (group, last
            vowel, ""), where that is not the first.
        fold: see `tokenry.text.segmenters.morph_model.MorphModel`.
    """

    groups: tuple[tuple[str, ...], ...]
    vowels: str
    choices: Mapping[tuple[int, str, str], int] = field(default_factory=dict)
    fold: Mapping[str, str] = field(default_factory=dict)

    def predict(self, group: int, context: Context) -> int:
        """The usual form of ``group`` after ``context``."""
        vowel, last = context
        choice = self.choices.get((group, vowel, last))
        if choice is None:
            choice = self.choices.get((group, vowel, ""), 0)
        return choice if choice < len(self.groups[group]) else 0

    def context(self, before: str) -> Context | None:
        """What the form depends on, or None where text before ``before`` could change it."""
        last = fold_letters(before[-1:], self.fold)
        for character in reversed(before[-REACH:]):
            if not _is_letter(character):
                return "", last
            letter = fold_letters(character, self.fold)
            if letter in self.vowels:
                return letter, last
        return ("", last) if len(before) >= REACH else None

    def context_of_bytes(self, before: bytes | bytearray) -> Context:
        """The same for the end of decoded bytes; at the beginning of a text there is no vowel."""
        context = self.context(before[-TAIL:].decode("utf-8", "replace"))
        return ("", "") if context is None else context

    def find(self, form: str) -> tuple[int, int] | None:
        """Group and number of a form, exactly as it is spelled."""
        return self._places.get(form)

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        return {
            form: (group, number)
            for group, forms in enumerate(self.groups)
            for number, form in enumerate(forms)
        }


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"
