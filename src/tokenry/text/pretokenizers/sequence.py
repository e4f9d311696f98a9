"""Pretokenizers of a tokenizer.json one after the other, and the bytes of what they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text import components
from tokenry.text.components import Components, Spelling
from tokenry.text.parts import Normalizer, Pretokenizer, Pretokens, Segmenter
from tokenry.text.pretokenizers.cascade import Cut, finder_of
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.pretokenizers.pretokenized import AlignedPretokens, PretokenizedText
from tokenry.text.pretokenizers.steps import SPACE, CharacterSplit, Metaspace, PretokenizerStep
from tokenry.text.pretokenizers.word_finders import (
    Finder,
    alignment_of,
    find_bert_words,
    find_marked_words,
    joined,
)
from tokenry.text.raw_words import (
    RawWords,
    WordRules,
    bert_words,
    changed_words,
    found_words,
    marked_words,
)
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import byte_offsets
from tokenry.vocabulary import BYTE_ALPHABET, METASPACE

_BYTE_OF = np.full(512, 0, dtype=np.int64)

_BYTE_OF[[ord(character) for character in BYTE_ALPHABET]] = np.arange(256)

# So many steps take text apart about as fast as it would be looked up word by word.
_FEW_STEPS = 4


@saved_as("pretokenizers.PretokenizerSequence")
@dataclass(frozen=True, slots=True)
class PretokenizerSequence(Pretokenizer):
    """Pretokenizers one after the other.

    Attributes:
        finish: how the text becomes canonical bytes: ``plain`` as it is, ``marks`` with every
            U+2581 as a space, ``bytes`` by undoing the byte-level alphabet.
    """

    steps: tuple[PretokenizerStep, ...]
    finish: Literal["plain", "marks", "bytes"] = "plain"

    @property
    def _is_bert(self) -> bool:
        """Whether these are BERT's words, which the core finds."""
        return self.finish == "plain" and self.steps == bert_steps()

    @property
    def _is_marked(self) -> bool:
        return self.finish == "marks" and self.steps == marked_steps()

    @property
    def lossless(self) -> bool:
        """Whether no step removes or adds text."""
        return self.finish != "marks" and all(step.lossless for step in self.steps)

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; ``first`` says that it stands at the beginning of the input."""
        text = data.decode("utf-8", "surrogateescape")
        finder = self._finder()
        words = None if finder is None else finder(text)
        if words is None:
            return self.by_steps(data, first=first)
        return AlignedPretokens(joined(words), lambda: alignment_of(self.by_steps(data)))

    def _finder(self) -> Finder | None:
        if len(self.steps) != 2 or self.steps[0] != _NO_SPACE:
            return None
        if self._is_bert:
            return find_bert_words
        return find_marked_words if self._is_marked else None

    def in_core(
        self, segmenter: _native.Segmenter
    ) -> tuple[_native.Segmenter, _native.Finder] | None:
        """BERT's words, which the core finds by itself; steps that cut and do nothing else."""
        if self._is_bert:
            options = _native.BertOptions()
            return _native.BertSegmenter(segmenter, options), _native.bert_splitter(options)
        finder = self.finder()
        return None if finder is None else (segmenter, finder)

    def finder(self) -> _native.Finder | None:
        """What makes the cuts of all steps in the core; None where one does more than cut."""
        spelled = any(step.spells_out for step in self.steps)
        if self.finish != ("bytes" if spelled else "plain"):
            return None
        sides: tuple[list[Cut], list[Cut]] = ([], [])
        side = sides[0]
        for step in self.steps:
            cuts = step.cuts()
            if cuts is None:
                return None
            side += cuts
            side = sides[1] if step.spells_out else side
        return finder_of(tuple(sides[0]), tuple(sides[1]))

    def raw_words(self, normalizer: Normalizer | None, segmenter: Segmenter) -> RawWords | None:
        """BERT's words, or words between white space with a mark before each."""
        if self._is_bert:
            options = _native.BertOptions() if normalizer is None else normalizer.bert_options()
            return None if options is None else bert_words(segmenter.native(), options)
        if not self._is_marked:
            return self._found_words(normalizer, segmenter)
        rules = WordRules() if normalizer is None else normalizer.word_rules()
        return None if rules is None else marked_words(segmenter.native(), rules)

    def _found_words(self, normalizer: Normalizer | None, segmenter: Segmenter) -> RawWords | None:
        """Words of patterns that take longer to match than words to be looked up."""
        cuts = self.finder()
        if not isinstance(cuts, _native.Cascade):
            return None
        if normalizer is None:
            many = len(self.steps) > _FEW_STEPS
            return found_words(segmenter.native(), cuts) if many else None
        core, changes = normalizer.native(), normalizer.ascii_changes()
        if core is None or changes is None:
            return None
        return changed_words(segmenter.native(), cuts, core, changes)

    def by_steps(self, data: bytes, *, first: bool = True) -> Pretokens:
        """The same, always through the steps."""
        stretches = PretokenizedText.of(data.decode("utf-8", "surrogateescape"), first=first)
        for step in self.steps:
            stretches = step(stretches)
        return _finished(stretches, data, self.finish)

    @property
    def reads_marks(self) -> bool:
        """Whether U+2581 is read as a space."""
        return self.finish == "marks"

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What a tokenizer.json says of it."""
        return components.joined(step.to_tokenizer_json() for step in self.steps)


def _finished(stretches: PretokenizedText, data: bytes, finish: str) -> Pretokens:
    if finish == "marks":
        points = stretches.points
        stretches = stretches.with_points(
            np.where(points == ord(METASPACE), np.uint32(SPACE), points)
        )
    if finish == "bytes":
        return _unspelled(stretches)
    changed = stretches.text.encode("utf-8", "surrogateescape")
    offsets = _offsets(stretches, changed)
    starts, ends = offsets[stretches.starts], offsets[stretches.ends]
    cut = Pretokens(changed, starts.astype(np.uint64), ends.astype(np.uint64))
    return cut if changed == data else AlignedPretokens(cut, stretches.alignment)


def _offsets(stretches: PretokenizedText, data: bytes) -> NDArray[np.int64]:
    if len(data) == len(stretches.points):
        return np.arange(len(data) + 1, dtype=np.int64)
    return byte_offsets(stretches.text)


def _unspelled(stretches: PretokenizedText) -> Pretokens:
    # each character of the buffer is one byte, whatever it was spelled with
    points = stretches.points.astype(np.int64)
    data = _BYTE_OF[points].astype(np.uint8).tobytes()
    spelled = stretches.alignment()
    firsts = byte_offsets(stretches.text)[:-1]
    alignment = Alignment(spelled.starts[firsts], spelled.ends[np.maximum(firsts, 0)])
    starts, ends = stretches.starts.astype(np.uint64), stretches.ends.astype(np.uint64)
    return Pretokens(data, starts, ends, alignment)


def bert_steps() -> tuple[PretokenizerStep, ...]:
    """BertPreTokenizer: white space is removed, punctuation stands alone."""
    return (
        CharacterSplit("WHITE_SPACE", Behavior.REMOVED),
        CharacterSplit("PUNCTUATION", Behavior.ISOLATED),
    )


def marked_steps() -> tuple[PretokenizerStep, ...]:
    """WhitespaceSplit and Metaspace: white space is removed, words have a mark before them."""
    return _NO_SPACE, Metaspace(METASPACE, "always", True)


_NO_SPACE = CharacterSplit("WHITE_SPACE", Behavior.REMOVED)
