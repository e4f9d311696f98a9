"""Words before spaces in a vocabulary where a few pieces reach over a space.

Text that nothing cuts may be cut before spaces where no piece reaches over one: no merge crosses
then. Of Gemma's 262,000 pieces one does (``"> </"``), and for it no text would be cut. It need not
be but where that piece stands in the text: elsewhere no merge crosses a space either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from tokenry import _native
from tokenry.text.components import Components, Spelling
from tokenry.text.parts import Normalizer, Pretokenizer, Pretokens, Segmenter
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.raw_words import RawWords, words_before_spaces
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import Packed, unpack

# So many are looked for at every space that a text has.
MOST_GLUED: Final = 16
BASE: Final = "space_prefix"


@saved_as("glued.GluedPretokenizer")
@dataclass(frozen=True)
class GluedPretokenizer(Pretokenizer):
    """Cuts before runs of spaces, but not inside some pieces.

    Attributes:
        pieces: those pieces.
    """

    pieces: tuple[bytes, ...]

    def native_splitter(self) -> _native.Splitter:
        """The same in the core; built once."""
        return self._splitter

    @cached_property
    def _splitter(self) -> _native.Splitter:
        return _native.glued_splitter(BASE, list(self.pieces))

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; every byte of it is in a pretoken."""
        ends = self._splitter.split(data)
        return Pretokens(data, np.concatenate((np.zeros(1, np.uint64), ends))[: len(ends)], ends)

    def raw_words(self, normalizer: Normalizer | None, segmenter: Segmenter) -> RawWords | None:
        """Words before spaces, where a normalizer changes them."""
        changes = None if normalizer is None else normalizer.word_normalization()
        if changes is None:
            return None
        return words_before_spaces(segmenter.native(), self._splitter, changes)

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What a tokenizer.json says of it: nothing."""
        return Components()


def words_without(spanning: list[bytes], fallback: str = "whole") -> Pretokenizer:
    """What cuts text before spaces where pieces ``spanning`` reach over one."""
    if not spanning:
        return NativePretokenizer(BASE)
    if len(spanning) <= MOST_GLUED:
        return GluedPretokenizer(tuple(spanning))
    return NativePretokenizer(fallback)


def spanning_pieces(packed: Packed) -> list[bytes]:
    """Pieces with a space behind another character."""
    run, offsets = packed
    data = np.frombuffer(run, np.uint8)
    behind = np.flatnonzero((data[1:] == 0x20) & (data[:-1] != 0x20)) + 1
    of = np.searchsorted(offsets, behind.astype(np.uint64), side="right") - 1
    inside = np.unique(of[offsets[of] < behind.astype(np.uint64)]).tolist()
    return [unpack(run, offsets[id_ : id_ + 2])[0] for id_ in inside]
