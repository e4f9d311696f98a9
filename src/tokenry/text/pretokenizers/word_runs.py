"""Runs of words: the pretokens of BoundlessBPE (Schmidt et al. 2025, arXiv:2504.00178).

Another splitter cuts text into pretokens, some of them words. Supermerges join neighbouring words
and nothing else, so a document is cut wherever a pretoken is no word, and a run of words between
two such places stays whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import regex

from tokenry import _native
from tokenry.errors import UnsupportedError
from tokenry.text.parts import Pretokenizer, Pretokens
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import ALIASES, run_pattern
from tokenry.text.saved_parts import saved_as

Members = Literal["letters", "letters and numbers"]
_PREFIXES: Final = {"letters": "word_runs:", "letters and numbers": "word_runs+numbers:"}
_MEMBERS: Final = {
    "letters": regex.compile(r"\p{L}"),
    "letters and numbers": regex.compile(r"[\p{L}\p{N}]"),
}


@saved_as("word_runs.WordRunPretokenizer")
@dataclass(frozen=True, slots=True)
class WordRunPretokenizer(Pretokenizer):
    """Joins neighbouring pretokens that are words; any other pretoken stays by itself.

    Args:
        splitter: the name of the splitter that finds words, or an alias of it.
        members: a pretoken is a word where it holds a character of these.

    Raises `UnsupportedError` where there is no such splitter or no such choice.
    """

    splitter: str
    members: Members = "letters"

    def __post_init__(self) -> None:
        if self.members not in _PREFIXES:
            raise UnsupportedError(
                f"members {self.members!r}; expected one of {', '.join(_PREFIXES)}"
            )
        if ALIASES.get(self.splitter, self.splitter) not in _native.splitter_names():
            raise UnsupportedError(
                f"no splitter of the core is named {self.splitter!r}; there are "
                f"{', '.join([*_native.splitter_names(), *ALIASES])}"
            )

    @property
    def native(self) -> str:
        """The name that the core knows."""
        return _PREFIXES[self.members] + ALIASES.get(self.splitter, self.splitter)

    @property
    def pattern(self) -> str | None:
        """The regular expression that cuts nearly so, or None where the splitter has none.

        It joins pretokens of nothing but combining marks, too, where the splitter's words may hold
        them.
        """
        name = ALIASES.get(self.splitter, self.splitter)
        return run_pattern(name, self.members == "letters and numbers")

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; every byte of it is in a pretoken. The readable twin of `native`."""
        cut = NativePretokenizer(self.splitter)(data)
        ends: list[int] = []
        open_ = 0  # where a run of words begins that has no end yet
        for start, end in zip(cut.starts.tolist(), cut.ends.tolist(), strict=True):
            if self.is_word(data[start:end]):
                continue
            ends += [start, end] if start > open_ else [end]
            open_ = end
        if open_ < len(data):
            ends.append(len(data))
        stops = np.array(ends, dtype=np.uint64)
        return Pretokens(data, np.concatenate([np.zeros(1, np.uint64), stops])[:-1], stops)

    def is_word(self, pretoken: bytes) -> bool:
        """Whether supermerges may join it."""
        return (
            _MEMBERS[self.members].search(pretoken.decode("utf-8", "surrogateescape")) is not None
        )

    def words_of(self, pretoken: bytes) -> list[bytes]:
        """The words of a run; a pretoken that is no run of words is given back whole."""
        cut = NativePretokenizer(self.splitter)(pretoken)
        ranges = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
        words = [pretoken[start:end] for start, end in ranges]
        return words if words and self.is_word(words[0]) else [pretoken]

    def nearest(self) -> RegexPretokenizer:
        """The regular expression that cuts nearly so.

        Raises:
            UnsupportedError: the splitter has none.
        """
        if self.pattern is None:
            raise UnsupportedError(
                f"no regular expression cuts the runs of words of {self.splitter!r}; learn with a "
                "splitter that has one, such as o200k, or save tokenry's own file"
            )
        return RegexPretokenizer(self.pattern)
