"""Prompts as linked documents: KVLink (`linking.py`) as a method beside the others.

A prompt is cut into documents, each read alone and once, however many prompts have it; the rest of
the prompt sees them all. The text differs from that of plain decoding by what documents would have
heard of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.linking import DocumentStore
from tokenry.decoding.generation.method import Continuation, Request
from tokenry.decoding.generation.stepwise import StepReader, Stepwise
from tokenry.errors import ModelError
from tokenry.models.causal import CausalModel, CausalOutput


@dataclass(frozen=True, eq=False)
class Linked(Stepwise):
    """How a prompt is cut; documents stay read as long as the method and the model are there.

    Attributes:
        length: ids of a document at most.
        marks: ids behind which a document ends before that.
        links: ids behind each document; the model is trained for them.
    """

    length: int = 64
    marks: tuple[int, ...] = ()
    links: tuple[int, ...] = ()
    _stores: WeakKeyDictionary[CausalModel, DocumentStore] = field(
        default_factory=WeakKeyDictionary, init=False, repr=False
    )

    def __post_init__(self) -> None:
        if self.length < 1:
            raise ModelError(f"length={self.length}, expected documents of 1 id or more")

    def run(self, target: CausalModel, request: Request, draft: CausalModel | None) -> _Linking:
        """Begin a run; it ends with an UnsupportedError where a prompt has several documents and
        the model keeps no cache whose keys can be moved."""
        store = self._stores.setdefault(target, DocumentStore(target, self.links))
        return _Linking(self, store)

    def cut(self, prompt: Sequence[int]) -> list[list[int]]:
        """Documents, and at the end what sees them all, one id or more.

        >>> Linked(length=3, marks=(0,)).cut([5, 0, 1, 2, 3, 4])
        [[5, 0], [1, 2, 3], [4]]
        """
        found: list[list[int]] = [[]]
        for id_ in prompt:
            before = found[-1]
            if len(before) == self.length or (before and before[-1] in self.marks):
                found.append([])
            found[-1].append(id_)
        return found


class _Linking(StepReader):
    """A run of `Linked`."""

    def __init__(self, how: Linked, store: DocumentStore) -> None:
        super().__init__(store.model)
        self.how, self.store = how, store
        self._begun: dict[int, tuple[int, int]] = {}

    def logits(self, texts: Sequence[Continuation], step: int) -> NDArray[np.float32]:
        """After the rests of prompts, then after an id each."""
        if step:
            return self.read(texts).last
        outputs = [self._opened(text) for text in texts]
        self.begin(texts, self.model.join([each.state for each in outputs]))
        return np.concatenate([each.last for each in outputs])

    def cost(self, text: Continuation) -> tuple[int, int]:
        """Calls for a text and positions; a document counts for the first text that has it."""
        calls, positions = self._begun[text.number]
        steps = self.calls(text)
        return calls + steps, positions + steps

    def _opened(self, text: Continuation) -> CausalOutput:
        """Put the documents of a prompt together and read its rest."""
        model, before = self.model, self.model.counters.copy()
        *documents, rest = self.how.cut(text.ids)
        if documents:
            found = model.extend(self.store.context(documents), [rest])
        else:
            found = model.start([rest])
        done = model.counters - before
        self._begun[text.number] = (done.calls, done.positions)
        return found
