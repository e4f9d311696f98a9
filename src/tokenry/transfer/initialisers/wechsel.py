"""WECHSEL: a new row from the old pieces nearest to it in static vectors, which are aligned first.

Minixhofer, Paischer, Rekabsaz 2022, "WECHSEL: Effective initialization of subword embeddings for
cross-lingual transfer of monolingual language models", arXiv:2112.06598. Vectors of old and of new
pieces are trained apart, and an orthogonal matrix turns one onto the other by pairs of a
dictionary; the k nearest old pieces are weighted by the softmax of their cosines. There vectors are
fastText's, downloaded, and those of pieces sums over words; here they are trained on the corpus, on
pieces themselves. Without a dictionary the pieces that both have are the pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.errors import ModelError
from tokenry.text.id_changes import IdTable
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.context import TransferContext
from tokenry.transfer.contract import sparse_plan
from tokenry.transfer.initialisers.landmark_pca import procrustes
from tokenry.transfer.initialisers.spaces import BLOCK, nearest, softmax, unit
from tokenry.transfer.row_plan import Floats, Role, RowPlan
from tokenry.transfer.vectors import Space


@dataclass(frozen=True)
class Wechsel:
    """Means of near old rows; needs a corpus.

    Attributes:
        k: old pieces of each new one.
        temperature: of their weights.
    """

    k: int = 10
    temperature: float = 0.1

    def plan(self, context: TransferContext, role: Role) -> RowPlan:
        """Rows of ids that have a vector."""
        old, new = context.vectors("old"), context.vectors("new")
        known = context.used[old.known[context.used]]
        ids = context.wanted[new.known[context.wanted]]
        atoms = unit(old.vectors[known])
        turned = unit(new.vectors[ids] @ _turn(context, old, new))
        parts = np.zeros((len(ids), min(self.k, len(known))), np.int64)
        weights = np.zeros(parts.shape, np.float32)
        for begin in range(0, len(ids), BLOCK):
            block = slice(begin, begin + BLOCK)
            places, scores = nearest(turned[block] @ atoms.T, self.k)
            parts[block], weights[block] = known[places], softmax(scores, self.temperature)
        return sparse_plan(context, role, "wechsel", ids, parts, weights)


def _turn(context: TransferContext, old: Space, new: Space) -> Floats:
    """The matrix that takes vectors of new ids to those of old ones."""
    sources, targets = [], []
    if context.dictionary:
        for word, translated in _forms(context.dictionary):
            source, target = _vector(context.new, new, translated), _vector(context.old, old, word)
            if source is not None and target is not None:
                sources.append(source)
                targets.append(target)
    else:
        both = [id_ for id_ in context.anchors.tolist()
                if new.known[id_] and old.known[context.matches.old_of_new[id_]]]  # fmt: skip
        sources = list(new.vectors[both])
        targets = list(old.vectors[context.matches.old_of_new[both]])
    if len(sources) < 2:
        raise ModelError(
            f"{len(sources)} pairs of words have vectors in both tokenizations of the corpus; "
            "give a larger corpus, or a dictionary of words that are in it"
        )
    found = procrustes(
        unit(np.array(sources)).astype(np.float64), unit(np.array(targets)).astype(np.float64)
    )
    return found.astype(np.float32)


def _forms(pairs: object) -> list[tuple[str, str]]:
    """Pairs of a dictionary as they are, in small letters and as titles."""
    given: list[tuple[str, str]] = list(pairs)  # type: ignore[call-overload]
    return [
        (change(one), change(two)) for one, two in given for change in (str, str.lower, str.title)
    ]


def _vector(tokenizer: Tokenizer, space: Space, word: str) -> Floats | None:
    """The mean over the pieces of a word behind a space; None where one has no vector."""
    ids: IdTable = np.array(tokenizer.encode(f" {word}"), np.int64)
    if not len(ids) or not space.known[ids].all():
        return None
    found: Floats = space.vectors[ids].mean(0)
    return found
