"""How often each pair of neighbours occurs in counted words while given merges are applied.

The core does it by changes (`_native.PairIndex.replay`); `replay_by_hand` is its readable twin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.learning.counting import counter_of
from tokenry.measuring.mixture.merge_order import MergeOrder
from tokenry.vocabulary import pack

Words = Mapping[bytes, int]
ALL: Final = 2**40  # merges expected: so many that every pair is indexed


@dataclass(frozen=True, eq=False)
class Replay:
    """Counts of pairs as merges go on.

    Attributes:
        steps: of each change of a count, how many merges were done by then; shape (k,).
        pairs: of each change left << 32 | right, shape (k,).
        counts: how often that pair occurs from then on; 0 for less than ``least``. Shape (k,).
        own: of each merge how often its pair stood there before it, shape (m,).
        merged: at how many places each merge was done, shape (m,).
    """

    steps: NDArray[np.int64]
    pairs: NDArray[np.uint64]
    counts: NDArray[np.float64]
    own: NDArray[np.float64]
    merged: NDArray[np.float64]


def replay(words: Words, order: MergeOrder, *, least: int = 1) -> Replay:
    """Apply merges to words and note every change of every pair's count.

    Args:
        words: with their counts; no merge crosses their ends.
        order: the merges.
        least: pairs that never occur so often are left out.
    """
    pieces, byte_ids, building = _built_of_bytes(order)
    first = len(pieces) - len(order.base)
    index = _native.PairIndex.of_words(
        counter_of(words), *pack(pieces), byte_ids, building, 1, 2**62, ALL
    )
    steps, pairs, counts, own, merged = index.replay(order.pairs + np.uint32(first), least)
    left, right = (pairs[:, side].astype(np.uint64) - np.uint64(first) for side in (0, 1))
    whole = (pairs >= first).all(axis=1)  # half characters are no symbols of the model
    return Replay(
        steps[whole].astype(np.int64),
        (left << np.uint64(32) | right)[whole],
        counts[whole].astype(np.float64),
        own.astype(np.float64),
        merged.astype(np.float64),
    )


def known_parts(words: Words, order: MergeOrder) -> Words:
    """Words cut at characters that the merges do not start from."""
    if not order.characters:
        return words
    letters = "".join(re.escape(piece.decode()) for piece in order.base)
    runs = re.compile(f"[{letters}]+")
    found: Counter[bytes] = Counter()
    for word, count in words.items():
        for run in runs.findall(word.decode("utf-8", "replace")):
            found[run.encode()] += count
    return found


def _built_of_bytes(
    order: MergeOrder,
) -> tuple[list[bytes], NDArray[np.int64], NDArray[np.uint32]]:
    """Pieces with the base at their end, the id of each byte, and merges of bytes to the base."""
    if not order.characters:
        return list(order.base), np.arange(256), np.zeros((0, 3), np.uint32)
    prefixes = sorted({p[:end] for p in order.base if len(p) > 1 for end in range(2, len(p))})
    bytes_ = [bytes([byte]) for byte in range(256)]
    pieces = [*bytes_, *prefixes, *order.base]
    ids = {piece: i for i, piece in enumerate(pieces)}
    byte_ids = np.array([ids[each] for each in bytes_])
    longer = [*prefixes, *(piece for piece in order.base if len(piece) > 1)]
    longer.sort(key=len)
    rows = [(ids[piece[:-1]], ids[piece[-1:]], ids[piece]) for piece in longer]
    return pieces, byte_ids, np.array(rows, np.uint32).reshape(-1, 3)


def replay_by_hand(words: Words, order: MergeOrder) -> Iterator[Counter[tuple[int, int]]]:
    """Counts of all pairs before each merge and after the last: the twin of `replay`."""
    numbers = {piece: number for number, piece in enumerate(order.base)}
    texts = [(_symbols(word, order.characters, numbers), count) for word, count in words.items()]
    made = len(order.base)
    yield _pairs(texts)
    for left, right in order.pairs.tolist():
        texts = [(_merged(symbols, (left, right), made), count) for symbols, count in texts]
        made += 1
        yield _pairs(texts)


def _symbols(word: bytes, characters: bool, numbers: Mapping[bytes, int]) -> list[int]:
    if characters:
        return [numbers[letter.encode()] for letter in word.decode()]
    return list(word)


def _pairs(texts: Sequence[tuple[list[int], int]]) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for symbols, count in texts:
        for pair in pairwise(symbols):
            found[pair] += count
    return found


def _merged(symbols: list[int], pair: tuple[int, int], made: int) -> list[int]:
    out: list[int] = []
    for symbol in symbols:
        if out and (out[-1], symbol) == pair:
            out[-1] = made
        else:
            out.append(symbol)
    return out
