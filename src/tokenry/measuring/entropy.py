"""How predictable a token stream is: unigram and conditional entropies, in bits a token.

Counting n-grams and taking their entropies (the plug-in) is too low, and far too low where most
contexts are seen once: a larger vocabulary seems more predictable for that reason alone. Two
controls: the Miller-Madow correction (Miller 1955) of the unigram entropy, and cross-entropies of
held-out tokens under an n-gram model with Witten-Bell smoothing (Witten and Bell 1991), which are
never too low. Figures of Erdogan et al. 2026, arXiv:2601.09039.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import CorpusError
from tokenry.measuring.encoded import Encoded, Ids
from tokenry.measuring.information import renyi_entropy
from tokenry.results import Result

_BITS = 21  # of an id; three fit into 64 bits
Keys = NDArray[np.uint64]


def unigram_entropy(ids: Ids) -> float:
    """Entropy of the ids, Miller-Madow corrected, in bits a token."""
    counts = np.bincount(ids)
    seen = int((counts > 0).sum())
    return renyi_entropy(counts, 1) + max(0, seen - 1) / (2 * max(1, len(ids)) * float(np.log(2)))


def plug_in_conditional_entropy(ids: Ids, order: int) -> float:
    """H(next id | ``order`` ids before it) of the n-grams as they were counted: biased low."""
    grams = np.unique(_grams(ids, order + 1), return_counts=True)[1]
    contexts = np.unique(_grams(ids[:-1], order), return_counts=True)[1]
    return renyi_entropy(grams, 1) - renyi_entropy(contexts, 1)


def held_out_conditional_entropy(fitted: Ids, held: Ids, order: int, vocabulary: int) -> float:
    """Cross-entropy of ``held`` under a Witten-Bell model of ``fitted``, in bits a token.

    Args:
        fitted: ids that the model is counted on.
        held: ids it is asked about.
        order: ids of context, 0 to 2.
        vocabulary: ids in all; an id without any count has one of so many equal shares.

    Raises:
        CorpusError: either is not longer than the context.
    """
    if min(len(fitted), len(held)) <= order or not 0 <= order <= 2:
        raise CorpusError(f"order {order} with {len(fitted)} and {len(held)} ids; give longer text")
    p = np.full(len(held) - order, 1 / vocabulary)
    for k in range(order + 1):
        asked = _grams(held[order - k :], k + 1)
        grams, counts = np.unique(_grams(fitted, k + 1), return_counts=True)
        contexts, first = np.unique(grams >> np.uint64(_BITS), return_index=True)
        totals = np.add.reduceat(counts, first)
        kinds = np.diff(np.append(first, len(grams)))
        context = asked >> np.uint64(_BITS)
        total, kind = _look_up(contexts, totals, context), _look_up(contexts, kinds, context)
        both = np.maximum(total + kind, 1)
        seen = (_look_up(grams, counts, asked) + kind * p) / both
        p = np.where(total > 0, seen, p)
    return float(-np.log2(p).mean())


@dataclass(frozen=True, slots=True)
class HeldOutEntropy(Result):
    """Cross-entropy of held-out ids: in bits a token, and in bits a byte of their text."""

    bits_a_token: float
    bits_a_byte: float


@dataclass(frozen=True, slots=True)
class StreamEntropy(Result):
    """Entropies of the ids of a sample.

    Attributes:
        unigram: bits a token.
        capacity: the same over log2 of all ids that stand for something.
        held_out: by the number of ids of context.
    """

    unigram: float
    capacity: float
    held_out: dict[str, HeldOutEntropy]
    estimator: str = (
        "unigram: plug-in with Miller and Madow's correction; held out: cross-entropy of a "
        "Witten-Bell model of as many ids before, over all ids of the held-out documents"
    )


def stream_entropy(encoded: Encoded) -> StreamEntropy | None:
    """Entropies of a sample; conditional ones on every second document, fitted on the others.

    None where the text is too short for that.
    """
    sides = [range(first, len(encoded.tokens), 2) for first in (0, 1)]
    if not all(map(len, sides)):
        return None
    fitted, held = (encoded.part(list(side)) for side in sides)
    try:
        orders = {str(order): _held_out(fitted, held, order) for order in (0, 1, 2)}
    except CorpusError:
        return None
    unigram = unigram_entropy(encoded.ids)
    return StreamEntropy(unigram, unigram / float(np.log2(max(2, encoded.vocabulary_size))), orders)


def _held_out(fitted: Encoded, held: Encoded, order: int) -> HeldOutEntropy:
    bits = held_out_conditional_entropy(fitted.ids, held.ids, order, fitted.vocabulary_size)
    return HeldOutEntropy(bits, bits * len(held.ids) / int(held.sample.sizes.sum()))


def _grams(ids: Ids, size: int) -> Keys:
    """Each run of ``size`` ids as one number, the last id lowest."""
    if size == 0:
        return np.zeros(len(ids) + 1, dtype=np.uint64)
    wide, count = ids.astype(np.uint64), len(ids) - size + 1
    keys = wide[:count].copy()
    for shift in range(1, size):
        keys = keys << np.uint64(_BITS) | wide[shift : shift + count]
    return keys


def _look_up(keys: Keys, values: NDArray[np.int64], asked: Keys) -> NDArray[np.int64]:
    """The value of each key that is asked for, 0 where there is none; ``keys`` ascend."""
    at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[at] == asked, values[at], 0)
