"""Normalizers one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.ascii_changes import AsciiChanges
from tokenry.text.components import Components, joined
from tokenry.text.normalizers.replacing import FROM_METASPACE, TO_METASPACE, Prepend
from tokenry.text.parts import Normalizer
from tokenry.text.raw_words import WordNormalization, WordRules
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import METASPACE

Steps = tuple[Normalizer, ...]


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

    def native(self) -> _native.Normalizer | None:
        """The steps in the core; None where it lacks one."""
        return core_of(self.steps)

    @property
    def leaves_parts(self) -> bool:
        """Whether no step changes a part of what it leaves as it is."""
        return all(step.leaves_parts for step in self.steps)

    @property
    def stays_in_words(self) -> bool:
        """Whether every step does."""
        return all(step.stays_in_words for step in self.steps)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return joined(step.to_tokenizer_json() for step in self.steps)

    def word_normalization(self) -> WordNormalization | None:
        """Those of the steps, but for a space before the text, and marks that become spaces."""
        if len(self.steps) == 1:
            return self.steps[0].word_normalization()
        steps = _without(self.steps, (FROM_METASPACE,), (TO_METASPACE,))
        inner = _without(steps, (Prepend(" "), Prepend(METASPACE)))
        prefix = b" " if len(inner) < len(steps) else b""
        if not inner:
            return WordNormalization(_native.WordChanges(), prefix)
        core = core_of(inner) if all(step.stays_in_words for step in inner) else None
        if core is None:
            return None
        parts = all(step.leaves_parts for step in inner)
        return WordNormalization(_native.WordChanges(core, parts=parts), prefix)

    def ascii_changes(self) -> AsciiChanges | None:
        """Those of all steps."""
        changes = AsciiChanges.of()
        for step in self.steps:
            latest = step.ascii_changes()
            if latest is None:
                return None
            changes = changes.then(latest)
        return changes

    def word_rules(self) -> WordRules | None:
        """Those of a charsmap, or none, behind steps that stay in words."""
        all_rules: WordRules | None = WordRules()
        for step in self.steps:
            rules = step.word_rules()
            all_rules = None if rules is None or all_rules is None else all_rules.then(rules)
        return all_rules


def _without(steps: Steps, *lasts: Steps) -> Steps:
    """Steps without the last of them where it is one of the first choices, then of the next."""
    for choices in lasts:
        if steps and steps[-1] in choices:
            steps = steps[:-1]
    return steps


def core_of(steps: Sequence[Normalizer]) -> _native.Normalizer | None:
    """The steps in the core; None for none, or where it lacks one."""
    cores = [step.native() for step in steps]
    known = [core for core in cores if core is not None]
    if not known or len(known) < len(cores):
        return None
    return known[0] if len(known) == 1 else _native.NormalizerSequence(known)


def align_steps(text: str, steps: Iterable[Normalizer]) -> tuple[str, Alignment]:
    """Normalise step by step and compose the alignments."""
    alignment = Alignment.identity(len(text.encode()))
    for step in steps:
        changed, latest = step.align(text)
        if changed != text:
            alignment = latest.after(alignment)
        text = changed
    return text, alignment
