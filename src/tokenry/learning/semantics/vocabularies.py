"""Small vocabularies, one for each semantic type, beside a base vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.learning.bpe import Bpe
from tokenry.learning.compounds.hyphens import letters
from tokenry.learning.counting import counter_of
from tokenry.learning.merge_list import MergeList
from tokenry.learning.semantics.terms import Words
from tokenry.learning.session import Session
from tokenry.progress import Progress

Counts = Counter[bytes]
Floats = NDArray[np.float64]
Merge = tuple[bytes, bytes, int]  # left, right, how often
MERGES_A_PIECE: Final = 8  # merges that are tried for each new piece that is wanted, at most
OWN: Final = 0.5  # share of a type's model that is of its own words


def pretokens_by_type(pretokens: Counts, words: Words) -> dict[str, Counts]:
    """Pretokens of each type with their counts; a word that the corpus lacks counts once."""
    found = {
        type_: Counter({f" {word}".encode(): 1 for word in of_type})
        for type_, of_type in words.items()
        if of_type
    }
    types_of: dict[str, list[str]] = {}
    for type_, of_type in words.items():
        for word in of_type:
            types_of.setdefault(word, []).append(type_)
    for pretoken, count in pretokens.items():
        for type_ in types_of.get((letters(pretoken) or "").lower(), ()):
            found[type_][pretoken] += count
    return found


def learn_types(
    by_type: Mapping[str, Counts], base: Iterable[bytes], room: int, progress: Progress
) -> dict[str, Counts]:
    """For each type the pieces that its words are made of, with counts.

    At most ``room`` of all are not in ``base``; what one type does not need goes to the next.
    """
    taken = set(base)
    full = len(taken) + room
    types: dict[str, Counts] = {}
    for at, (type_, words) in enumerate(by_type.items()):
        types[type_] = learn_pieces(words, taken, (full - len(taken)) // (len(by_type) - at))
        taken |= types[type_].keys()
        progress("types", at + 1, len(by_type))
    return types


def learn_pieces(words: Counts, taken: AbstractSet[bytes], most: int) -> Counts:
    """Pieces that a BPE of ``words`` uses, with counts; at most ``most`` are not in ``taken``.

    A piece that was only a step to longer ones is not used any more and takes no room: of all
    numbers of merges the largest that fits is taken.
    """
    merges = list(_merges(words, MERGES_A_PIECE * most).log())
    fitting = [at for at, new in enumerate(_new_pieces(words, merges, taken)) if new <= most]
    return +_used(words, merges[: fitting[-1]])


def _merges(words: Counts, most: int) -> MergeList:
    learner = Bpe(vocab_size=256 + most, min_frequency=2)
    return learner.fit_words(Session.of(()), counter_of(dict(sorted(words.items()))))


def _new_pieces(words: Counts, merges: Sequence[Merge], taken: AbstractSet[bytes]) -> Iterator[int]:
    """How many pieces that are used are not in ``taken``: before the first merge and after each."""
    used = _used(words, ())
    new = used.keys() - taken
    yield len(new)
    for left, right, count in merges:
        _merge(used, left, right, count)
        for piece in {left, right, left + right} - taken:
            (new.add if used[piece] > 0 else new.discard)(piece)
        yield len(new)


def _used(words: Counts, merges: Sequence[Merge]) -> Counts:
    used: Counts = Counter()
    for word, count in words.items():
        for byte in word:
            used[bytes([byte])] += count
    for left, right, count in merges:
        _merge(used, left, right, count)
    return used


def _merge(used: Counts, left: bytes, right: bytes, count: int) -> None:
    # In "aaa" the pair (a, a) is counted twice and merged once, so a count may come out too low.
    used[left] -= count
    used[right] -= count
    used[left + right] += count


def fill_up(
    base: MergeList, full: MergeList, types: Mapping[str, Counts], vocab_size: int
) -> tuple[MergeList, list[bytes]]:
    """The base with more merges of ``full`` where types left room, and the pieces of types alone.

    A piece of a type that the longer base has makes room for one more merge.
    """
    while True:
        known = set(base.pieces)
        new = [piece for piece in dict.fromkeys(_chain(types)) if piece not in known]
        size = min(vocab_size - len(new), len(full))
        if size <= len(base):
            return base, new
        base = shortened(full, size)


def _chain(types: Mapping[str, Counts]) -> Iterator[bytes]:
    for pieces in types.values():
        yield from sorted(pieces, key=lambda piece: (-pieces[piece], piece))


def shortened(full: MergeList, size: int) -> MergeList:
    """The first ``size`` ids of what was learnt."""
    many = max(0, size - full.first_merge)
    return MergeList(full.specials, full.alphabet, full.merges[:many], full.counts[:many])


def base_model(used: Floats, first: int, end: int) -> Floats:
    """Probabilities of the base, ids ``first`` to ``end`` - 1: how often each is used plus one."""
    used = used.copy()
    used[first:end] += 1
    shares: Floats = used / used.sum()
    return shares


def type_model(pieces: Counts, ids: Mapping[bytes, int], base: Floats) -> Floats:
    """Probabilities of a type: half as its own words use pieces, half as the base does."""
    own = np.zeros_like(base)
    for piece, count in pieces.items():
        own[ids[piece]] = count
    mixed: Floats = OWN * own / own.sum() + (1 - OWN) * base
    return mixed
