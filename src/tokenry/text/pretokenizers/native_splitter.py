"""Cutting text with a splitter of the native core, by its name."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import UnsupportedError
from tokenry.text.components import Components, Spelling, byte_level, cannot_say
from tokenry.text.parts import Normalizer, Pretokenizer, Pretokens, Segmenter
from tokenry.text.pretokenizers.number_policies import NumberPolicy
from tokenry.text.pretokenizers.regular_expression import regex_split
from tokenry.text.pretokenizers.split_patterns import ALIASES, pattern_of
from tokenry.text.raw_words import (
    SPACE_SPLITTERS,
    RawWords,
    words_before_spaces,
    words_of_sentences,
)
from tokenry.text.saved_parts import saved_as

# Splitters that cut at most where no piece crosses.
UNCUT: Final = tuple(row.name for row in _native.splitters() if row.cuts != "anywhere")
SIGNS: Final = "+signs"


@saved_as("splitting.NativePretokenizer")
@dataclass(frozen=True, slots=True)
class NativePretokenizer(Pretokenizer):
    """Cuts with a splitter of the native core, by its name or an alias of it.

    Raises `UnsupportedError` when there is none of that name.
    """

    name: str

    def __post_init__(self) -> None:
        base, plus, policy = self.native.partition("+")
        if base not in _native.splitter_names():
            raise UnsupportedError(
                f"no splitter is named {self.name!r}; there are "
                f"{', '.join([*_native.splitter_names(), *ALIASES])}, and each with a number "
                "policy behind it, as in o200k+r2l3"
            )
        if plus:
            NumberPolicy.named(policy)

    @property
    def native(self) -> str:
        """The name that the core knows."""
        base, plus, policy = self.name.partition("+")
        return ALIASES.get(base, base) + plus + policy

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; every byte of it is in a pretoken."""
        ends = self.ends(data)
        starts = np.concatenate((np.zeros(1, dtype=np.uint64), ends[:-1]))[: len(ends)]
        return Pretokens(data, starts, ends)

    def ends(self, data: bytes) -> NDArray[np.uint64]:
        """Where the pretokens of ``data`` end, ascending; shape (n,)."""
        return _splitter(self.native).split(data)

    def ends_within(self, data: bytes, bounds: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Where the pretokens end of each stretch between two bounds, a text of its own."""
        return _splitter(self.native).split_stretches(data, bounds)

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What a tokenizer.json says of it."""
        name = self.native
        if spelling != "bytes" and name in UNCUT:
            return Components()
        if name == "whole":
            return byte_level()
        if name == "gpt2" and spelling == "bytes":
            return byte_level(use_regex=True)
        pattern = pattern_of(name.removesuffix(SIGNS))
        if pattern is None:
            cannot_say(self, f" {name!r} for this model")
        reason = "a split pattern cannot set the signs of numbers apart"
        said = Components(reasons=(reason,) if name.endswith(SIGNS) else ())
        cut = regex_split(pattern) + said
        return cut + byte_level() if spelling == "bytes" else cut

    def raw_words(self, normalizer: Normalizer | None, segmenter: Segmenter) -> RawWords | None:
        """Words before spaces, or of whole texts, where a normalizer changes them."""
        changes = None if normalizer is None else normalizer.word_normalization()
        if changes is None:
            return None
        if self.native in SPACE_SPLITTERS:
            return words_before_spaces(segmenter.native(), _splitter(self.native), changes)
        words = segmenter.sentence_words(changes) if self.native == "whole" else None
        return None if words is None else words_of_sentences(words, changes)


@functools.cache
def _splitter(name: str) -> _native.Splitter:
    return _native.Splitter(name)
