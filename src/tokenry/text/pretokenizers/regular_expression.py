"""Cutting text with any regular expression; the readable twin of the native splitters.

`tokenry.text.pretokenizers.split_patterns` says what the dialects of files have in common.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tokenry import _native
from tokenry.errors import UnsupportedError
from tokenry.text.components import Components, Spelling, byte_level, cannot_say, split
from tokenry.text.parts import Pretokenizer, Pretokens
from tokenry.text.pretokenizers.delimiters import Behavior, MarkedRange, cut
from tokenry.text.pretokenizers.split_patterns import find_splitter, leaves_text
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import byte_offsets

BehaviorName = Literal[
    "isolated", "removed", "merged_with_previous", "merged_with_next", "contiguous"
]


@functools.lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    import regex  # takes longer to import than a tokenizer to load

    from tokenry.text.fancy_regex import translate

    try:
        return regex.compile(translate(pattern))
    except (regex.error, OverflowError, RecursionError) as error:
        raise UnsupportedError(
            f"the split pattern {pattern!r} is not one that tokenry knows, and it cannot be "
            f"compiled ({error}); write it as tiktoken reads it"
        ) from error


def _cut(pattern: str, text: str) -> Iterator[MarkedRange]:
    """``text`` as matches of ``pattern`` and the stretches between them."""
    from tokenry.text.patterns.backtracking import matches

    position = 0
    for start, end in matches(_compiled(pattern), text):
        if position < start:
            yield position, start, False
        if start < end:
            yield start, end, True
        position = end
    if position < len(text):
        yield position, len(text), False


def regex_split(pattern: str, behavior: str = "Isolated", *, invert: bool = False) -> Components:
    """The component of a tokenizer.json that splits by a pattern.

    Raises:
        UnsupportedError: the engine of tokenizers reads the pattern otherwise.
    """
    from tokenry.text.oniguruma import TextPattern  # knows a dialect that loading does not need

    return split(TextPattern(pattern).to_tokenizer_json(), behavior, invert=invert)


@saved_as("splitting.RegexPretokenizer")
@dataclass(frozen=True, slots=True)
class RegexPretokenizer(Pretokenizer):
    """Cuts with any regular expression, as a ``Split`` of a tokenizer.json does.

    ``behaviour`` says what becomes of matches; ``invert`` exchanges matches and the rest.
    tiktoken keeps only what its pattern matches: ``behaviour="removed", invert=True``. A byte that
    is not UTF-8 is one lone surrogate to the pattern.

    Raises `UnsupportedError` when ``pattern`` does not compile.
    """

    pattern: str
    behaviour: BehaviorName = "isolated"
    invert: bool = False

    def __post_init__(self) -> None:
        _compiled(self.pattern)
        if self.behaviour not in BehaviorName.__args__:  # type: ignore[attr-defined]
            raise UnsupportedError(
                f"split behaviour {self.behaviour!r}; expected one of "
                f"{', '.join(BehaviorName.__args__)}"  # type: ignore[attr-defined]
            )

    @property
    def lossless(self) -> bool:
        """Whether all text is in pretokens."""
        return self.behaviour != "removed" or self.native is not None

    @property
    def translated(self) -> str:
        """The pattern in the syntax of the ``regex`` module's version 1."""
        from tokenry.text.fancy_regex import translate

        return translate(self.pattern)

    @property
    def native(self) -> str | None:
        """The native splitter that does the same, if there is one."""
        name = find_splitter(self.pattern)
        everything_kept = self.behaviour == "isolated" or (
            self.behaviour == "removed" and self.invert and not leaves_text(name or "")
        )
        return name if everything_kept else None

    def in_core(
        self, segmenter: _native.Segmenter
    ) -> tuple[_native.Segmenter, _native.Finder] | None:
        """The splitter of its pattern, or an automaton; None for what no automaton can do."""
        finder = self.native_splitter() or self.finder()
        return None if finder is None else (segmenter, finder)

    def finder(self) -> _native.Finder | None:
        """What cuts so in the core, whatever the pattern; None for what no automaton can do."""
        from tokenry.text.pretokenizers.cascade import PatternCut, finder_of  # reads expressions

        behavior = Behavior[self.behaviour.upper()]
        return finder_of((PatternCut(self.translated, behavior, self.invert),))

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; the readable twin of what the core does."""
        text = data.decode("utf-8", "surrogateescape")
        spans = [
            (start, end, matched != self.invert) for start, end, matched in _cut(self.pattern, text)
        ]
        kept = cut(spans, Behavior[self.behaviour.upper()])
        offsets = byte_offsets(text).astype(np.uint64)
        starts = np.fromiter((start for start, _ in kept), dtype=np.int64, count=len(kept))
        ends = np.fromiter((end for _, end in kept), dtype=np.int64, count=len(kept))
        return Pretokens(data, offsets[starts], offsets[ends])

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What a tokenizer.json says of it."""
        if spelling != "bytes":
            cannot_say(self, " for a model that is not byte-level")
        behavior = Behavior[self.behaviour.upper()].value
        said = regex_split(self.pattern, behavior, invert=self.invert)
        reason = "tokenizers reads the split pattern with another regex engine"
        return said + byte_level() + Components(reasons=(reason,))
