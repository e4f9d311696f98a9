"""Counted pretokens, cut where the constituents of their words meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, Protocol

from tokenry.learning.compounds.hyphens import letters
from tokenry.progress import Progress, silent

Counts = Counter[bytes]
_STEP: Final = 4096  # words that are split between two reports


class WordSplitter(Protocol):
    """Splits words into constituents."""

    def split(self, words: Sequence[str]) -> list[list[str]]:
        """Constituents of each word, which joined give the word."""


def constituents(
    pretokens: Counts, splitter: WordSplitter, least: int, progress: Progress = silent
) -> Counts:
    """Pretokens cut at the constituents of their words, with counts.

    Args:
        pretokens: with counts.
        splitter: is asked about each different word of ``least`` letters or more.
        least: letters of the shortest word that is asked about.
        progress: told how far it is.
    """
    word_of = {pretoken: letters(pretoken) for pretoken in pretokens}
    words = sorted({word for word in word_of.values() if word and len(word) >= least})
    parts: dict[str, list[str]] = {}
    for begin in range(0, len(words), _STEP):
        part = words[begin : begin + _STEP]
        parts.update(zip(part, splitter.split(part), strict=True))
        progress("split", min(begin + _STEP, len(words)), len(words))
    counts: Counts = Counter()
    for pretoken, count in pretokens.items():
        for piece in _pieces(pretoken, parts.get(word_of[pretoken] or "", ())):
            counts[piece] += count
    return counts


def _pieces(pretoken: bytes, parts: Sequence[str]) -> list[bytes]:
    """The pretoken cut between ``parts``; what stands before the word goes with the first."""
    if len(parts) < 2:
        return [pretoken]
    rest = [part.encode() for part in parts[1:]]
    return [pretoken[: len(pretoken) - sum(map(len, rest))], *rest]
