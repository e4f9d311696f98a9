"""WordPiece learning as the definition says it: the readable twin of the native learner.

Every step counts all symbols and pairs anew, so it is for small data.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

from tokenry.learning.bpe_twin import merge
from tokenry.learning.wordpiece import ALPHABET

CUT: Final = 256  # bytes of a word; what follows continues it, and no pair crosses the cut
Piece = tuple[bool, bytes]  # whether it continues a word, and its bytes
Rule = Callable[[int, int, int, int], float]


def likelihood(pair: int, left: int, right: int, total: int) -> float:
    """What the likelihood of the text gains by one more piece."""
    return float(pair) * math.log(float(pair) * float(total) / (float(left) * float(right)))


def ratio(pair: int, left: int, right: int, total: int) -> float:
    """How much more often they are neighbours than by chance."""
    return float(pair) / (float(left) * float(right))


def frequency(pair: int, left: int, right: int, total: int) -> float:
    """How often they are neighbours."""
    return float(pair)


RULES: Final[Mapping[str, Rule]] = {
    "likelihood": likelihood,
    "ratio": ratio,
    "frequency": frequency,
}


def learn_words(
    words: Mapping[bytes, int], score: str, size: int, min_frequency: int, max_bytes: int
) -> list[Piece]:
    """The alphabet and the pieces that merges make, in order, until there are ``size``."""
    pieces: list[Piece] = [(kind, bytes([byte])) for kind in (False, True) for byte in range(256)]
    texts = [(symbols, count) for word, count in words.items() for symbols in _symbols(word)]
    while len(pieces) < size:
        best = _best(texts, pieces, RULES[score], max(1, min_frequency), max_bytes)
        if best is None:
            break
        piece = (pieces[best[0]][0], pieces[best[0]][1] + pieces[best[1]][1])
        if piece not in pieces:
            pieces.append(piece)
        texts = [(merge(symbols, best, pieces.index(piece)), count) for symbols, count in texts]
    return pieces


def _symbols(word: bytes) -> list[list[int]]:
    whole = [byte + (ALPHABET // 2 if at else 0) for at, byte in enumerate(word)]
    return [whole[at : at + CUT] for at in range(0, len(whole), CUT)]


def _best(
    texts: list[tuple[list[int], int]],
    pieces: list[Piece],
    rule: Rule,
    min_frequency: int,
    max_bytes: int,
) -> tuple[int, int] | None:
    """The pair of the largest score, of equal ones the lowest."""
    symbols: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    for text, count in texts:
        for symbol in text:
            symbols[symbol] += count
        for pair in pairwise(text):
            pairs[pair] += count
    total = symbols.total()
    scores = {
        (left, right): rule(count, symbols[left], symbols[right], total)
        for (left, right), count in pairs.items()
        if count >= min_frequency and len(pieces[left][1] + pieces[right][1]) <= max_bytes
    }
    return min(scores, key=lambda pair: (-scores[pair], pair), default=None)
