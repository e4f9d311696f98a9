"""A draft model that follows the texts of a batch, and whose trees grow node by node."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.drafter import Setting
from tokenry.errors import ModelError
from tokenry.models.causal import CausalModel
from tokenry.models.state import Array, ReadSequence, State

Logits = NDArray[np.float32]


class DraftReader:
    """A model behind texts that grow: what it has read of a draft that was accepted is kept.

    Args:
        model: the draft.
        layers: numbers of the blocks that are run; None: all.
    """

    def __init__(self, model: CausalModel, layers: Sequence[int] | None = None) -> None:
        self.model, self.layers = model, layers
        self._state: State | None = None

    @classmethod
    def of(cls, setting: Setting, layers: Sequence[int] | None = None) -> DraftReader:
        """The draft of a setting.

        Raises:
            ModelError: there is none, or its ids are not those of the target.
        """
        if setting.draft is None:
            raise ModelError("this method drafts with a small model; give draft=")
        return cls(setting.draft, layers)

    def read(self, texts: Sequence[Sequence[int]]) -> Logits:
        """Logits after each text, shape (batch, vocab); what texts share with before is kept."""
        if self._state is None:
            step = self.model.start([list(text) for text in texts], layers=self.layers)
        else:
            kept = self._kept(self._state, texts)
            new = [list(t[len(r) :]) for r, t in zip(kept.ids, texts, strict=True)]
            step = self.model.extend(kept, new, layers=self.layers)
        self._state = step.state
        return step.last

    def grow(self, ids: Sequence[Sequence[int]], parents: Sequence[Sequence[int]]) -> Logits:
        """Read more nodes of each text's tree; logits after them, shape (batch, new, vocab)."""
        if self._state is None:
            raise ModelError("a tree hangs on a text that was read")
        step = self.model.extend(
            self._state, ids, parents=parents, logits="all", layers=self.layers
        )
        self._state = step.state
        return step.logits

    def keep(self, chosen: Sequence[int]) -> None:
        """Go on with chosen texts."""
        if self._state is not None:
            self._state = self.model.fork(self._state, chosen)

    def _kept(self, state: State, texts: Sequence[Sequence[int]]) -> State:
        """What the texts begin with, but for the last id of each, which is to be read."""
        paths = [_path(r, t) for r, t in zip(state.prefixes, texts, strict=True)]
        kept = self.model.keep(state, paths)
        shared = [_shared(r, t) for r, t in zip(kept.ids, texts, strict=True)]
        if shared == kept.lengths.tolist():
            return kept
        return self.model.truncate(kept, shared)


def _shared(read: Array, text: Sequence[int]) -> int:
    """Ids that both begin with, fewer than the text has."""
    length = min(len(read), len(text) - 1)
    apart = np.flatnonzero(read[:length] != np.asarray(text[:length]))
    return int(apart[0]) if len(apart) else length


def _path(read: ReadSequence, text: Sequence[int]) -> list[int]:
    """The nodes of a tree that a text went on with."""
    path, below = list[int](), -1
    for id_ in text[len(read.ids) :]:
        fits = np.flatnonzero((read.parents == below) & (read.nodes == id_))
        if not len(fits):
            break
        below = int(fits[0])
        path.append(below)
    return path
