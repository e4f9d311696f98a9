"""Normalizers and pretokenizers of a tokenizer.json, as parts that the native core knows if it can.

Which spelling pieces have decides what the text becomes: canonical pieces have plain spaces and
bytes, so text gets them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry.formats.tokenizer_json.model import ModelSection
from tokenry.formats.tokenizer_json.pretokenizers import spelled_out
from tokenry.text.components import Spelling
from tokenry.text.normalizers.metaspace import leaves_no_space, with_plain_spaces
from tokenry.text.normalizers.sequence import NormalizerSequence
from tokenry.text.parts import AddedToken, Normalizer, Pretokenizer
from tokenry.text.pretokenizers.dropping import DroppingPretokenizer
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.prefixed import PrefixedPretokenizer
from tokenry.text.pretokenizers.sequence import PretokenizerSequence
from tokenry.text.pretokenizers.steps import PretokenizerStep
from tokenry.vocabulary import Vocabulary


def spelling_of(
    model: ModelSection, normalizers: Sequence[Normalizer], steps: Sequence[PretokenizerStep]
) -> Spelling:
    """How the file spells pieces.

    Where ByteLevel stands before a model that does not read bytes, or before something that writes
    other characters than its own, pieces are the characters that it spells.
    """
    by_normalizer = [each.spells_bytes for each in normalizers]
    by_step = [each.spells_bytes for each in steps]
    if any(by_normalizer) or any(by_step):
        once = sum(by_normalizer) + sum(by_step) == 1
        undone = once and not any(by_normalizer[:-1]) and not _writes_behind(steps)
        return "bytes" if undone and "bytes" in model.spellings else "plain"
    marked = any(each.writes_marks for each in steps) or leaves_no_space(normalizers)
    return "marks" if marked and "marks" in model.spellings else "plain"


def _writes_behind(steps: Sequence[PretokenizerStep]) -> bool:
    """Whether a step behind ByteLevel writes characters."""
    spelled = False
    for step in steps:
        if spelled and (step.prepends != "never" or step.writes_marks):
            return True
        spelled |= step.spells_bytes
    return False


@dataclass(frozen=True, eq=False, slots=True)
class TextParts:
    """What stands before a model in a file.

    Attributes:
        normalizers: in order.
        steps: pretokenizers, in order.
        added: the added tokens.
        spelling: of pieces.
    """

    normalizers: Sequence[Normalizer]
    steps: Sequence[PretokenizerStep]
    added: Sequence[AddedToken]
    spelling: Spelling

    def parts(
        self, model: ModelSection, vocabulary: Vocabulary
    ) -> tuple[Normalizer | None, Pretokenizer]:
        """The normalizer and the pretokenizer before a model over its vocabulary."""
        normalizer, pretokenizer = self._parts(model, vocabulary)
        symbols = model.symbols(vocabulary, self.spelling)
        if symbols is None:
            return normalizer, pretokenizer
        characters = self.spelling != "bytes"
        return normalizer, DroppingPretokenizer(pretokenizer, symbols, characters)

    def _parts(
        self, model: ModelSection, vocabulary: Vocabulary
    ) -> tuple[Normalizer | None, Pretokenizer]:
        if self.spelling == "marks" and not self.steps and not self._strips():
            return _in_order(with_plain_spaces(self.normalizers)), model.uncut(vocabulary)
        if self.spelling == "bytes" and any(each.spells_bytes for each in self.normalizers):
            return self._spelled_by_normalizer()
        return _in_order(self.normalizers), self._pretokenizer(model, vocabulary)

    def _strips(self) -> bool:
        return any(token.normalized and (token.lstrip or token.rstrip) for token in self.added)

    def _spelled_by_normalizer(self) -> tuple[Normalizer | None, Pretokenizer]:
        looked_for = any(token.normalized for token in self.added)
        if not self.steps and len(self.normalizers) == 1 and not looked_for:
            return None, NativePretokenizer("whole")
        return _in_order(self.normalizers), PretokenizerSequence(tuple(self.steps), "bytes")

    def _pretokenizer(self, model: ModelSection, vocabulary: Vocabulary) -> Pretokenizer:
        if self.spelling == "bytes":
            return self._byte_level()
        if self.spelling == "plain":
            whole = NativePretokenizer("whole")
            steps = tuple(spelled_out(self.steps))
            return PretokenizerSequence(steps, "plain") if steps else whole
        if len(self.steps) != 1 or not self.steps[0].writes_marks:
            return PretokenizerSequence(tuple(self.steps), "marks")
        name = self.steps[0].splitter or (model.uncut(vocabulary).native or "whole")
        return PrefixedPretokenizer(name, self.steps[0].prepends, marks=True)

    def _byte_level(self) -> Pretokenizer:
        """What ends with ByteLevel: a splitter of the core where there is one."""
        if any(step.spells_out for step in self.steps):
            return PretokenizerSequence(tuple(self.steps), "bytes")
        *before, last = self.steps
        name = last.splitter or "whole"
        if not before:
            prefixed = last.prepends != "never"
            return PrefixedPretokenizer(name, "always") if prefixed else NativePretokenizer(name)
        found = before[0].splitter
        cuts_once = len(before) == 1 and last.splitter is None and last.prepends == "never"
        if not cuts_once or before[0].writes_marks or found is None:
            return PretokenizerSequence(tuple(self.steps), "plain")
        return NativePretokenizer(found)


def _in_order(normalizers: Sequence[Normalizer]) -> Normalizer | None:
    if len(normalizers) == 1:
        return normalizers[0]
    return NormalizerSequence(tuple(normalizers)) if normalizers else None
