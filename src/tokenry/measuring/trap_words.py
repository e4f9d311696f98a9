"""Trap words: two words that a vocabulary cuts in the wrong place when they stand together.

Source: Wang et al. 2024, Tokenization Matters! Degrading Large Language Models through Challenging
Their Tokenization, arXiv:2405.17067 (ADT). Where words are written without a space between them, as
in Chinese, or in names and addresses, a piece that ends one word and begins the next may win over
both: then no token boundary stands where the meaning has one. The paper had a language model write
sentences around such pairs; here they come from the vocabulary alone, and cost no model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import regex

from tokenry.errors import ArgumentError, VocabularyError
from tokenry.measuring.interval import divide, ratio_interval
from tokenry.measuring.measurement import Interval
from tokenry.results import Result
from tokenry.seeds import generator
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import is_utf8

Script = Literal["Latin", "Han"]
_WORDS: Final = {"Latin": r" \p{Script=Latin}{3,}", "Han": r" ?\p{Script=Han}{2,}"}
MOST_OF_A_PIECE: Final = 6  # pairs that are tried for one piece and place
LONGEST: Final = 8  # characters of a piece across


@dataclass(frozen=True)
class TrapWord(Result):
    """Two words and how they are cut together.

    Attributes:
        first: the first word.
        second: the second.
        text: both, without a space.
        trap: the piece across their boundary.
        pieces: of the text.
    """

    first: str
    second: str
    text: str
    trap: str
    pieces: tuple[str, ...]

    @property
    def answer(self) -> str:
        """Both words with a space between them: what a model is to see in the text."""
        return f"{self.first} {self.second}"


@dataclass(frozen=True)
class CrossingRate(Result):
    """How often a token lies across the boundary of two random words of the vocabulary.

    Attributes:
        value: share of the pairs.
        interval: 95%, over pairs.
        pairs: how many were cut.
        words: of the vocabulary that they were drawn from.
    """

    value: float
    interval: Interval | None
    pairs: int
    words: int


def words_in(tokenizer: Tokenizer, script: Script) -> list[str]:
    """Words that are one piece, in the order of ids: lower-case after a space, or two signs of Han.

    Raises:
        VocabularyError: there are fewer than ten.
    """
    if script not in _WORDS:
        raise ArgumentError(f"script={script!r}; expected one of {', '.join(_WORDS)}")
    whole = regex.compile(_WORDS[script])
    texts = (piece.decode() for piece in tokenizer.vocabulary.pieces if piece and is_utf8(piece))
    found = [each.strip() for each in texts if whole.fullmatch(each) and each == each.lower()]
    if len(found) < 10:
        raise VocabularyError(
            f"the vocabulary has {len(found)} words in {script} script; ask for another script"
        )
    return list(dict.fromkeys(found))


def across(
    tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], before: str = ""
) -> Iterator[TrapWord | None]:
    """Of each pair how its text is cut, where a piece lies across the boundary; else None.

    Args:
        tokenizer: what cuts.
        pairs: of words.
        before: text in front of both, such as a space.
    """
    texts = [f"{before}{first}{second}" for first, second in pairs]
    for (first, second), text, (_, spans) in zip(
        pairs, texts, tokenizer.encode_batch_with_spans(texts), strict=True
    ):
        data, boundary = text.encode(), len(f"{before}{first}".encode())
        crossing = [(a, b) for a, b in spans.tolist() if a < boundary < b]
        if not crossing:
            yield None
            continue
        begin, end = crossing[0]
        pieces = tuple(data[a:b].decode("utf-8", "replace") for a, b in spans.tolist())
        yield TrapWord(first, second, first + second, data[begin:end].decode("utf-8", "replace"),
                       pieces)  # fmt: skip


def crossing_rate(
    tokenizer: Tokenizer, script: Script, *, pairs: int = 4000, seed: int = 0
) -> CrossingRate:
    """Of random pairs of words that the vocabulary has."""
    words = words_in(tokenizer, script)
    source = generator(seed, "crossing rate")
    drawn = source.integers(0, len(words), (pairs, 2)).tolist()
    found = across(tokenizer, [(words[a], words[b]) for a, b in drawn])
    crossed = [each is not None for each in found]
    hits, ones = np.array(crossed, np.int64), np.ones(pairs, np.int64)
    value = float(divide(hits.sum(), ones.sum()))
    return CrossingRate(value, ratio_interval(hits, ones, seed=seed), pairs, len(words))


def find_traps(
    tokenizer: Tokenizer, script: Script, *, count: int = 1000, seed: int = 0
) -> list[TrapWord]:
    """Trap words, made of pieces that can lie across: the end of a word and the start of another.

    Args:
        tokenizer: what cuts.
        script: of the words.
        count: how many at most; of each piece and place at most six pairs are tried.
        seed: of the order in which pieces are tried.
    """
    words = words_in(tokenizer, script)
    ends, starts = _by_parts(words)
    pieces = _pieces_across(tokenizer, script)
    pieces = [pieces[at] for at in generator(seed, "trap words").permutation(len(pieces)).tolist()]
    found: list[TrapWord] = []
    seen: set[str] = set()
    for at in range(0, len(pieces), 256):
        tried = (_pairs_for(piece, ends, starts) for piece in pieces[at : at + 256])
        pairs = [pair for some in tried for pair in some]
        for trap in across(tokenizer, pairs):
            if trap is not None and trap.text not in seen:
                seen.add(trap.text)
                found.append(trap)
        if len(found) >= count:
            break
    return found[:count]


def _pieces_across(tokenizer: Tokenizer, script: Script) -> list[str]:
    inside = regex.compile(rf"\p{{Script={script}}}{{2,{LONGEST}}}")
    pieces = (piece.decode() for piece in tokenizer.vocabulary.pieces if piece and is_utf8(piece))
    return [each for each in pieces if inside.fullmatch(each) and each == each.lower()]


Parts = dict[str, list[str]]


def _by_parts(words: Sequence[str]) -> tuple[Parts, Parts]:
    """Words by each of their ends and beginnings, whole ones left out."""
    ends: Parts = defaultdict(list)
    starts: Parts = defaultdict(list)
    for word in words:
        for size in range(1, min(len(word), LONGEST)):
            ends[word[-size:]].append(word)
            starts[word[:size]].append(word)
    return ends, starts


def _pairs_for(piece: str, ends: Parts, starts: Parts) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for cut in range(1, len(piece)):
        firsts, seconds = ends.get(piece[:cut], []), starts.get(piece[cut:], [])
        found += list(zip(firsts, seconds, strict=False))[:MOST_OF_A_PIECE]
    return found
