"""A splitter of the core behind a space that is put before the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.components import Components, Spelling, byte_level, metaspace
from tokenry.text.parts import Normalizer, Pretokenizer, Pretokens, Segmenter
from tokenry.text.pretokenizers.pretokenized import AlignedPretokens, PretokenizedText
from tokenry.text.raw_words import (
    SPACE_SPLITTERS,
    RawWords,
    WordNormalization,
    squeezed_words,
    words_before_spaces,
)
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import METASPACE

MARK_BYTES = METASPACE.encode()


@saved_as("marks.PrefixedPretokenizer")
@dataclass(frozen=True, slots=True)
class PrefixedPretokenizer(Pretokenizer):
    """A splitter of the native core behind a space that is put before the text.

    Attributes:
        splitter: its name.
        prepend_scheme: whether text that does not begin with a space gets one: ``always``, only
            at the beginning of the input (``first``), or ``never``.
        marks: whether U+2581 is read as a space.
    """

    splitter: str
    prepend_scheme: Literal["always", "first", "never"]
    marks: bool = False

    @property
    def lossless(self) -> bool:
        """Whether the text stays as it is."""
        return self.prepend_scheme == "never" and not self.marks

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; ``first`` says that it stands at the beginning of the input."""
        text = self.prepared(data, first=first)
        ends = _native.Splitter(self.splitter).split(text)
        starts = np.concatenate((np.zeros(1, dtype=np.uint64), ends))[: len(ends)]
        cut = Pretokens(text, starts, ends)
        if text == data:
            return cut
        marks = data.count(MARK_BYTES) if self.marks else 0
        prefixed = len(text) > len(data) - marks * (len(MARK_BYTES) - 1)
        return AlignedPretokens(cut, lambda: self._alignment(data, prefixed))

    def in_core(
        self, segmenter: _native.Segmenter
    ) -> tuple[_native.Segmenter, _native.Finder] | None:
        """The splitter, of text behind its space."""
        return segmenter, _native.Splitter(self.splitter)

    @property
    def changes_text(self) -> bool:
        """Whether a space is put before it, or marks are read."""
        return not self.lossless

    def prepared(self, data: bytes, *, first: bool) -> bytes:
        """Text with spaces for marks, and a space before it where the scheme puts one."""
        text = data.replace(MARK_BYTES, b" ") if self.marks else data
        wanted = self.prepend_scheme == "always" or (self.prepend_scheme == "first" and first)
        return b" " + text if wanted and text and not text.startswith(b" ") else text

    def spans_in_core(self, data: bytes) -> bool:
        """Only where the text stays as it is."""
        return self.lossless

    @property
    def begins_input(self) -> bool:
        """Whether the space is put there only."""
        return self.prepend_scheme == "first"

    def raw_words(self, normalizer: Normalizer | None, segmenter: Segmenter) -> RawWords | None:
        """Words before spaces; a space is put before a whole text, at its beginning only."""
        if not self.marks or self.splitter not in SPACE_SPLITTERS:
            return None
        rules = None if normalizer is None else normalizer.word_rules()
        if rules is not None and rules.several is not None and self.prepend_scheme == "always":
            return squeezed_words(segmenter.native(), rules)
        nothing = WordNormalization(_native.WordChanges())
        inner = nothing if normalizer is None else normalizer.word_normalization()
        if inner is None or inner.prefix or inner.spaced:
            return None
        prefix = b"" if self.prepend_scheme == "never" else b" "
        changes = WordNormalization(inner.core, prefix, spaced=True)
        splitter = _native.Splitter(self.splitter)
        return words_before_spaces(segmenter.native(), splitter, changes)

    def _alignment(self, data: bytes, prefixed: bool) -> Alignment:
        stretches = PretokenizedText.of(data.decode("utf-8", "surrogateescape"), first=True)
        if self.marks:
            points = stretches.points
            spaced = np.where(points == ord(METASPACE), np.uint32(0x20), points)
            stretches = stretches.with_points(spaced)
        if prefixed:
            stretches = stretches.prepend(0x20, np.ones(1, dtype=np.bool_))
        return stretches.alignment()

    @property
    def reads_marks(self) -> bool:
        """Whether U+2581 is read as a space."""
        return self.marks

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What a tokenizer.json says of it."""
        if self.marks:
            return metaspace(METASPACE, self.prepend_scheme, split=self.splitter == "metaspace")
        return byte_level(use_regex=self.splitter == "gpt2", add_prefix_space=True)
