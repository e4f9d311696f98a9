"""Pieces and scores of each kind of model, from words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

from tokenry import _native
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.counting import counter_of
from tokenry.learning.merge_list import MergeList
from tokenry.learning.merging import NO_LIMIT, grow, native_errors
from tokenry.learning.unigram_em import BYTES
from tokenry.learning.unigram_training import UnigramTraining
from tokenry.sentencepiece.training.options import TrainingOptions
from tokenry.sentencepiece.training.words import Words
from tokenry.vocabulary import is_utf8, unpack

Scored = list[tuple[str, float]]
_STEP = 1e-4  # between the scores of characters that no segmentation needed


def unigram(words: Words, size: int, options: TrainingOptions) -> Scored:
    """Pieces of a Unigram model by falling score, every character of the alphabet among them."""
    ascii_ = [each for each in words.alphabet if each.isascii()]
    with native_errors():
        lattices = _native.UnigramWords(_counter(words.parts), _native.default_threads())
    training = UnigramTraining(
        lattices,
        BYTES + max(0, size - len(ascii_)),
        character_coverage=1.0,
        longest=options.max_sentencepiece_length,
        seed_size=options.seed_sentencepiece_size,
        shrinking_factor=options.shrinking_factor,
        em_iterations=options.num_sub_iterations,
    )
    for _ in training.steps():
        pass
    pieces = unpack(training.model.pieces.run, training.model.pieces.offsets)
    scores = dict(zip(pieces, training.model.scores.tolist(), strict=True))
    learnt = {each.decode(): scores[each] for each in pieces[BYTES:]}
    learnt |= {each: scores[each.encode()] for each in ascii_}
    return _with_alphabet(learnt, words.alphabet, size)


def _with_alphabet(learnt: dict[str, float], alphabet: list[str], size: int) -> Scored:
    """The likeliest pieces, and all of the alphabet."""
    least = min(learnt.values(), default=0.0)
    absent = [each for each in alphabet if each not in learnt]
    learnt = learnt | {each: least - _STEP * (at + 1) for at, each in enumerate(absent)}
    needed = set(alphabet)
    others = _by_score({each: score for each, score in learnt.items() if each not in needed})
    kept = {each: learnt[each] for each in alphabet}
    kept |= dict(others[: max(0, size - len(kept))])
    return _by_score(kept)


def _by_score(scores: dict[str, float]) -> Scored:
    return sorted(scores.items(), key=lambda each: (-each[1], each[0]))


def bpe(words: Words, size: int, options: TrainingOptions) -> Scored:
    """Merges of whole characters in the order of learning, then the alphabet."""
    learnt = MergeList((), BYTE_ORDER)
    learnt.add_given(_spelled(words.alphabet))
    first = len(learnt)

    def allowed(piece: bytes) -> bool:
        return is_utf8(piece) and len(piece.decode()) <= options.max_sentencepiece_length

    wanted = max(0, size - len(words.alphabet))
    with native_errors():
        index = _native.PairIndex.of_words(
            _counter(words.parts), *learnt.packed(), learnt.byte_ids(), learnt.table(), 0,
            NO_LIMIT, wanted, allowed,
        )  # fmt: skip
    for _ in grow(index, learnt, first + wanted):
        pass
    merged = dict.fromkeys(each.decode() for each in learnt.pieces[first:])
    return [(each, -float(at)) for at, each in enumerate([*merged, *words.alphabet])]


def _spelled(alphabet: list[str]) -> list[tuple[bytes, bytes]]:
    """The merges that make characters of their bytes."""
    merges = {}
    for character in alphabet:
        data = character.encode()
        for end in range(2, len(data) + 1):
            merges[data[:end]] = (data[: end - 1], data[end - 1 : end])
    return list(merges.values())


def word(words: Words, size: int, options: TrainingOptions) -> Scored:
    """The most frequent words."""
    return _by_frequency(words.whole, None if options.use_all_vocab else size)


def char(words: Words, size: int, options: TrainingOptions) -> Scored:
    """The most frequent characters."""
    kept = Counter({each: words.characters[each] for each in words.alphabet})
    return _by_frequency(kept, None if options.use_all_vocab else size)


def _by_frequency(counts: Counter[str], size: int | None) -> Scored:
    total = math.log(sum(counts.values()))
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:size]
    return [(each, math.log(often) - total) for each, often in ordered]


def _counter(parts: Counter[str]) -> _native.WordCounter:
    return counter_of({part.encode(): often for part, often in parts.items()})


LEARNERS: dict[str, Callable[[Words, int, TrainingOptions], Scored]] = {
    "unigram": unigram,
    "bpe": bpe,
    "word": word,
    "char": char,
}
