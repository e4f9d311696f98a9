r"""Texts that stay whole: one pretoken, and so one id, wherever they stand as themselves.

Added tokens are found before text is cut, so they can tear words: with ``art`` added, ``party`` is
``p art y``. Here a whole token is taken only where a pretoken begins, and one that begins or ends
with a letter, mark or number only where no such character touches it there. No word or number is
torn. That is what a split pattern does whose first alternatives are the tokens, the longest first,
``(?<![\p{L}\p{M}\p{N}])art(?![\p{L}\p{M}\p{N}])|...``, and `WholeTokenPretokenizer.pattern` is it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import regex

from tokenry import _native
from tokenry.errors import UnsupportedError
from tokenry.text.components import Components, Spelling, byte_level, cannot_say
from tokenry.text.parts import Pretokenizer, Pretokens
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer, regex_split
from tokenry.text.pretokenizers.split_patterns import leaves_text, pattern_of
from tokenry.text.saved_parts import saved_as

_WORD: Final = r"[\p{L}\p{M}\p{N}]"


@saved_as("whole_tokens.WholeTokenPretokenizer")
@dataclass(frozen=True)
class WholeTokenPretokenizer(Pretokenizer):
    """A splitter of the native core that keeps some texts whole.

    Attributes:
        base: the name of the splitter; one whose pattern matches all text.
        tokens: the texts, all different.

    Raises:
        UnsupportedError: no such pattern has that name, or a token is empty or there twice.
    """

    base: str
    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if pattern_of(self.base) is None or leaves_text(self.base):
            raise UnsupportedError(
                f"{self.base!r} is no splitter whose pattern matches all text; name one such as "
                "o200k"
            )
        if "" in self.tokens or len(set(self.tokens)) < len(self.tokens):
            raise UnsupportedError("a whole token is empty or given twice; give each text once")

    def native_splitter(self) -> _native.Splitter:
        """The same in the native core; built once."""
        return self._splitter

    @cached_property
    def _splitter(self) -> _native.Splitter:
        return _native.whole_token_splitter(self.base, [each.encode() for each in self.tokens])

    @cached_property
    def pattern(self) -> str:
        """The regular expression that cuts in the same way."""
        return "|".join([*_alternatives(self.tokens), str(pattern_of(self.base))])

    def by_pattern(self, data: bytes) -> Pretokens:
        """What the call gives, found by the regular expression: the readable twin; slow."""
        return RegexPretokenizer(self.pattern)(data)

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; every byte of it is in a pretoken."""
        ends = self._splitter.split(data)
        starts = np.concatenate((np.zeros(1, dtype=np.uint64), ends))[: len(ends)]
        return Pretokens(data, starts, ends)

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What a tokenizer.json says of it."""
        if spelling != "bytes":
            cannot_say(self, " for a model that is not byte-level")
        reason = "tokenizers reads whole tokens with another regex engine"
        return regex_split(self.pattern) + byte_level() + Components(reasons=(reason,))


def _alternatives(tokens: Iterable[str]) -> list[str]:
    """One alternative for each first character, so that engines need not try all tokens."""
    by_first: dict[str, list[str]] = {}
    for token in sorted(tokens, key=lambda each: (-len(each.encode()), each)):
        by_first.setdefault(token[0], []).append(token)
    return [_of_first(first, group) for first, group in by_first.items()]


def _of_first(first: str, tokens: list[str]) -> str:
    before = rf"(?<!{_WORD})" if is_of_word(first) else ""
    rests = (
        regex.escape(token[1:], special_only=True, literal_spaces=True)
        + (rf"(?!{_WORD})" if is_of_word(token[-1]) else "")
        for token in tokens
    )
    start = regex.escape(first, special_only=True, literal_spaces=True)
    return f"{before}{start}(?:{'|'.join(rests)})"


def is_of_word(character: str) -> bool:
    """Whether it is a letter, a mark or a number."""
    return unicodedata.category(character)[0] in "LMN"
