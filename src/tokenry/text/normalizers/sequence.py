"""Normalizers one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.spans import Alignment
from tokenry.text.components import Components, joined
from tokenry.text.parts import Normalizer
from tokenry.text.raw_words import WordNormalization, WordRules
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import METASPACE

if TYPE_CHECKING:
    pass
from tokenry.text.normalizers.replacing import Prepend


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

    @property
    def leaves_some(self) -> bool:
        """Whether every step leaves some texts."""
        return all(step.leaves_some for step in self.steps)

    def leaves(self, text: str) -> bool:
        """Whether every step does."""
        return all(step.leaves(text) for step in self.steps)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return joined(step.to_tokenizer_json() for step in self.steps)

    def word_normalization(self) -> WordNormalization | None:
        """Those of one step, or of one behind a space or a mark that is put before the text."""
        *before, last = self.steps
        changes = last.word_normalization()
        if changes is None or not before:
            return changes
        prefixes = [Prepend(" ")], [Prepend(METASPACE)]
        return WordNormalization(changes.core, b" ") if before in prefixes else None

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
