"""Byte-pair learning as the definition says it: the readable twin of the native learner.

Every step counts all pairs anew, so it is for small data: a few hundred merges of a few kilobytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from tokenry.learning.merge_list import MergeList
from tokenry.text.parts import Pretokenizer

Symbols = list[int]
Weighted = list[tuple[Symbols, int]]


def count_words(documents: Iterable[bytes], pretokenizer: Pretokenizer) -> Counter[bytes]:
    """Distinct pretokens and how often each occurs."""
    words: Counter[bytes] = Counter()
    for document in documents:
        words.update(pretokens(document, pretokenizer))
    return words


def pretokens(document: bytes, pretokenizer: Pretokenizer) -> list[bytes]:
    """The pretokens of a document."""
    cut = pretokenizer(document)
    ranges = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
    return [cut.data[start:end] for start, end in ranges]


def replay(word: bytes, learnt: MergeList) -> Symbols:
    """Ids of ``word`` after all merges of ``learnt``, in order."""
    ids = learnt.byte_ids()
    symbols = [int(ids[byte]) for byte in word]
    for made, pair in enumerate(learnt.merges, learnt.first_merge):
        symbols = merge(symbols, pair, made)
    return symbols


def merge(symbols: Symbols, pair: tuple[int, int], made: int) -> Symbols:
    """Replace ``pair`` by ``made``, from left to right."""
    merged: Symbols = []
    for symbol in symbols:
        if merged and (merged[-1], symbol) == pair:
            merged[-1] = made
        else:
            merged.append(symbol)
    return merged


def learn_words(
    words: Counter[bytes], learnt: MergeList, size: int, min_frequency: int = 0
) -> None:
    """BPE: grow ``learnt`` to ``size`` pieces, or until no pair is left."""
    texts = [(replay(word, learnt), count) for word, count in words.items()]
    learn_pairs(texts, learnt, size, min_frequency)


def learn_superwords(
    documents: Iterable[bytes],
    pretokenizer: Pretokenizer,
    learnt: MergeList,
    size: int,
    allowed: Callable[[bytes], bool],
) -> None:
    """The second step of SuperBPE: go on over the pretokens of a weaker splitter."""
    texts = [
        (replay(pretoken, learnt), 1)
        for document in documents
        for pretoken in pretokens(document, pretokenizer)
    ]
    learn_pairs(texts, learnt, size, allowed=allowed)


def learn_pairs(
    texts: Weighted,
    learnt: MergeList,
    size: int,
    min_frequency: int = 0,
    allowed: Callable[[bytes], bool] = lambda piece: True,
) -> None:
    """Merge the most frequent allowed pair, the lowest ids among equals, until ``size``."""
    while len(learnt) < size:
        counts = count_pairs(texts)
        best = best_pair(counts, learnt.pieces, max(1, min_frequency), allowed)
        if best is None:
            return
        texts = [(merge(symbols, best, len(learnt)), weight) for symbols, weight in texts]
        learnt.add(*best, counts[best])


def count_pairs(texts: Weighted) -> Counter[tuple[int, int]]:
    """How often two symbols are neighbours; "aaa" holds (a, a) twice."""
    counts: Counter[tuple[int, int]] = Counter()
    for symbols, weight in texts:
        for pair in pairwise(symbols):
            counts[pair] += weight
    return counts


def best_pair(
    counts: Counter[tuple[int, int]],
    pieces: Sequence[bytes],
    least: int,
    allowed: Callable[[bytes], bool],
) -> tuple[int, int] | None:
    """The pair to merge next, or None."""
    for pair, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count < least:
            return None
        if allowed(pieces[pair[0]] + pieces[pair[1]]):
            return pair
    return None
