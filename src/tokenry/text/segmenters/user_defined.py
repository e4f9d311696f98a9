"""Pieces that are found in text before all else (SentencePiece's user-defined symbols)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tokenry import _native
from tokenry.text.model_fields import ModelPieces
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.raw_words import SPACE_SPLITTERS, WordNormalization
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.unigram import characters


@saved_as("frozen.FrozenSegmenter")
@dataclass(frozen=True, eq=False)
class UserDefinedSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter`: frozen pieces, and another segmenter between them.

    At each character of the text the longest frozen piece that is there is taken.

    Args:
        inner: segments what is between them.
        frozen: ids of pieces of its vocabulary.
        splitter: name of the native splitter that cuts what is between them.
    """

    inner: BytePairSegmenter
    frozen: tuple[int, ...]
    splitter: str = "whole"

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of one pretoken, each with the number of bytes that it stands for."""
        return self.segment_around(pretoken, self.inner.segment_with_sizes)

    def segment_around(
        self, pretoken: bytes, segment: Callable[[bytes], list[SizedId]]
    ) -> list[SizedId]:
        """The same with another way to segment what is cut between frozen pieces."""
        result: list[SizedId] = []
        done = 0
        for at, _ in characters(pretoken):
            if at < done:
                continue
            found = next((each for each in self._pieces if pretoken.startswith(each[0], at)), None)
            if found is not None:
                result += self._between(pretoken[done:at], segment)
                result.append((found[1], len(found[0])))
                done = at + len(found[0])
        return result + self._between(pretoken[done:], segment)

    def to_sentencepiece(self) -> ModelPieces:
        """The pieces of the other segmenter, and what cuts between those that are frozen."""
        return replace(self.inner.to_sentencepiece(), splitter=self.splitter)

    def agrees_with(self, other: Segmenter) -> bool:
        """Whether the same pieces are frozen, and the other segmenters agree."""
        return (
            isinstance(other, type(self))
            and self.frozen == other.frozen
            and self.inner.agrees_with(other.inner)
        )

    def sentence_words(self, changes: WordNormalization) -> _native.Segmenter | None:
        """Words of sentences, where no frozen piece and no merge reaches over a space."""
        spanning = any(b" " in piece[1:] for piece, _ in self._pieces)
        if spanning or self.splitter not in SPACE_SPLITTERS:
            return None
        splitter = _native.Splitter(self.splitter)
        return _native.NormalizedSegmenter(self._in_core(of_words=True), splitter, changes.core)

    def native(self) -> _native.UserDefinedSegmenter:
        """The same in the native core; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.UserDefinedSegmenter:
        return self._in_core(of_words=False)

    def _in_core(self, *, of_words: bool) -> _native.UserDefinedSegmenter:
        return _native.UserDefinedSegmenter(
            self.inner.native(),
            _native.Splitter(self.splitter),
            np.array(self.frozen, dtype=np.uint32),
            of_words=of_words,
        )

    @cached_property
    def _pieces(self) -> list[tuple[bytes, int]]:
        """Pieces and ids, the longest first."""
        pieces = self.inner.vocabulary.pieces
        known = [(pieces[id_] or b"", id_) for id_ in self.frozen]
        return sorted(known, key=lambda each: -len(each[0]))

    def _between(self, text: bytes, segment: Callable[[bytes], list[SizedId]]) -> list[SizedId]:
        pretokens = NativePretokenizer(self.splitter)(text)
        spans = zip(pretokens.starts.tolist(), pretokens.ends.tolist(), strict=True)
        return [each for a, b in spans for each in segment(text[a:b])]
