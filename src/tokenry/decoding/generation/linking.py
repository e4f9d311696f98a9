"""KVLink: documents that were read apart, put into one context without being read again.

Source: Yang et al. 2025, "KVLink: Accelerating Large Language Models via Efficient KV Cache
Reuse", arXiv:2502.16002. Each document is read alone, once, and its keys and values are kept. In a
context its keys are rotated on to the positions that they have there; it still sees only itself, so
what is kept is exactly what reading all documents at once with such a mask gives. A few link ids
behind each document see everything before them, and carry what documents have to say of each other;
their rows are trained, with the model, under the same mask (`linked_sight`). What follows the last
document sees everything.

Without link ids and training a model reads such a context worse than a plain one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError, UnsupportedError
from tokenry.models.causal import CausalModel
from tokenry.models.state import NONE, ReadSequence, State
from tokenry.neural.cache.key_value import KeyValueCache


class DocumentStore:
    """Documents that were read, by their ids; each is read once.

    Args:
        model: with a cache whose keys can be moved: rotary positions, or none.
        links: ids behind each document; the model has rows for them.

    Raises:
        UnsupportedError: the model keeps no such cache.
    """

    def __init__(self, model: CausalModel, links: Sequence[int] = ()) -> None:
        self.model, self.links = model, list(links)
        self._read: dict[tuple[int, ...], State] = {}

    def state(self, document: Sequence[int]) -> State:
        """What the model keeps of a document read alone."""
        key = tuple(document)
        if key not in self._read:
            state = self.model.start([list(document)], logits="none").state
            self._read[key] = _movable(state)
        return self._read[key]

    def context(self, documents: Sequence[Sequence[int]]) -> State:
        """One state with all documents, in order, each followed by the link ids.

        Link ids are read now; documents only if they are new to the store.

        Raises:
            ModelError: there are no documents.
        """
        if not documents:
            raise ModelError("a context has one document or more")
        found: State | None = None
        for document in documents:
            read = self.state(document)
            found = read if found is None else appended(found, read)
            if self.links:
                found = self.model.extend(found, [self.links], logits="none").state
        assert found is not None
        return found


def appended(before: State, document: State) -> State:
    """A state of one sequence with another's ids behind it, which do not see it.

    Keys of the document are moved to the positions behind what was before; nothing is computed
    anew.

    Raises:
        UnsupportedError: the keys cannot be moved.
    """
    first, second = before.prefixes[0], document.prefixes[0]
    memory = _movable(before).memory.fork()
    moved: KeyValueCache = _movable(document).memory.fork()
    positions = moved.positions
    assert positions is not None
    moved.move(positions + len(first.ids))
    memory.join(moved)
    ids = np.concatenate([first.ids, second.ids])
    return State((ReadSequence(ids, NONE, NONE),), memory)


def _movable(state: State) -> State:
    memory = state.memory
    if not isinstance(memory, KeyValueCache):
        raise UnsupportedError("documents are linked through a cache; this model keeps none")
    if not memory.positions_part.movable:
        raise UnsupportedError(
            f"keys at {memory.positions_part} cannot be moved; only rotary positions are, of the "
            "families that tokenry.models.transformers_model.HALVES names"
        )
    if len(state) != 1 or memory.present is not None:
        raise ModelError("documents are linked one sequence at a time, without padding")
    return state


def linked_sight(lengths: Sequence[int], links: int, rest: int) -> NDArray[np.bool_]:
    """What each place of a linked context sees of all places: the mask to train under.

    Args:
        lengths: of the documents.
        links: ids behind each.
        rest: ids behind the last.

    Returns:
        Shape (places, places): documents see their own earlier places, links and the rest
        everything before them, all themselves.

    >>> linked_sight([1, 1], 1, 0).astype(int).tolist()
    [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [1, 1, 1, 1]]
    """
    owner: list[int] = []
    for number, length in enumerate(lengths):
        owner += [number] * length + [-1] * links
    every = np.array([*owner, *[-1] * rest])
    places = np.arange(len(every))
    own = (every[:, None] == every[None]) | (every[:, None] < 0)
    found: NDArray[np.bool_] = (places[None] <= places[:, None]) & own
    return found
