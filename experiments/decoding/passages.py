"""A task whose answers can lie in two documents: passages about a thing, cut in two.

A passage tells a fact and whose it is, and another fact after the cut, among other words, as texts
are cut for a store of documents. So its second document does not say whose fact it tells: the one
before it does. Questions name a fact; the answer is the thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.models.state import Array
from tokenry.seeds import generator

THINGS: Final = 6
FACTS: Final = 12
WORDS: Final = 6
PASSAGES: Final = 4
"""Of a context; two documents each."""
_FACT: Final = THINGS
"""Facts whose thing is not said; behind them one id for each fact of each thing, so that what a
document says of itself is read at a glance."""
_OF_THING: Final = _FACT + FACTS
_WORD: Final = _OF_THING + FACTS * THINGS
LINK: Final = _WORD + WORDS
IDS: Final = LINK + 1
DOCUMENTS: Final = 2 * PASSAGES
MORE: Final = 3 * DOCUMENTS
"""Words of a context, in any of its documents: with one a document, a question finds the document
before a fact by its distance, and needs no links."""
READ: Final = DOCUMENTS + MORE
"""Ids of all documents: a fact each, and words."""
QUESTION: Final = 2


@dataclass(frozen=True, eq=False)
class Context:
    """Documents and what can be asked of them.

    Attributes:
        documents: ids.
        questions: shape (DOCUMENTS, QUESTION): a fact and its thing, in an order by chance.
        named: of each question, whether the document of the fact names the thing.
    """

    documents: list[list[int]]
    questions: Array
    named: NDArray[np.bool_]


def context(source: np.random.Generator) -> Context:
    """One by chance."""
    things = source.choice(THINGS, PASSAGES, replace=False).repeat(2)
    facts = source.choice(FACTS, DOCUMENTS, replace=False)
    named = np.arange(DOCUMENTS) % 2 == 0
    told = np.where(named, _OF_THING + FACTS * things + facts, _FACT + facts)
    documents = [[each] for each in told.tolist()]
    for at, word in zip(*source.integers(0, [[DOCUMENTS], [WORDS]], (2, MORE)), strict=True):
        place = int(source.integers(0, len(documents[at]) + 1))
        documents[at].insert(place, int(word + _WORD))
    order = source.permutation(DOCUMENTS)
    return Context(documents, np.stack([_FACT + facts, things], 1)[order], named[order])


def contexts(count: int, seed: int, purpose: str) -> list[Context]:
    """Several, by seed."""
    source = generator(seed, "passages", purpose)
    return [context(source) for _ in range(count)]
