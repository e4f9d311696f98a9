"""The contract of what drafts: parameters as data, and a session that follows a run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.draft_tree import DraftTree
from tokenry.models.causal import CausalModel

T = TypeVar("T")
SHARPER: Final = Drawing(0.6)
"""How drafts draw unless told otherwise: sharper than they are, as the authors of DySpec do."""


@dataclass(frozen=True, eq=False)
class Setting:
    """What a drafter may use.

    Attributes:
        vocab_size: of the target.
        draft: a small model with the target's ids, if there is one.
        sources: of chance, one for each prompt.
    """

    vocab_size: int
    draft: CausalModel | None
    sources: Sequence[np.random.Generator]


class DraftSession(Protocol):
    """Drafting for a batch of texts that grow.

    Attributes:
        reach: ids behind a text that a model of its own reads at most.
    """

    reach: int

    def draft(self, texts: Sequence[Sequence[int]]) -> list[DraftTree]:
        """What may follow each text, of ids that the target has settled."""

    def learn(
        self,
        texts: Sequence[Sequence[int]],
        trees: Sequence[DraftTree],
        logits: NDArray[np.float32],
    ) -> None:
        """Take up what the target said of a draft.

        Args:
            texts, trees: the texts that were drafted for, and the drafts that were read.
            logits: after each text and each node, shape (batch, 1 + nodes or more, vocab).
        """

    def keep(self, chosen: Sequence[int]) -> None:
        """Go on with chosen texts of the batch."""


class Drafter(Protocol):
    """The parameters of one way to draft."""

    def session(self, setting: Setting) -> DraftSession:
        """Begin a run.

        Raises:
            ModelError: it needs a draft model, and there is none.
        """


class Stateless:
    """The parts of a session that those share which learn nothing from the target."""

    reach = 0

    def learn(
        self,
        texts: Sequence[Sequence[int]],
        trees: Sequence[DraftTree],
        logits: NDArray[np.float32],
    ) -> None:
        """Nothing is learnt."""

    def keep(self, chosen: Sequence[int]) -> None:
        """Nothing is remembered."""


class OneEach(Stateless, ABC, Generic[T]):
    """A session that drafts for each text alone, by something of the text's own.

    Args:
        own: one for each text.
    """

    def __init__(self, own: Iterable[T]) -> None:
        self.own = list(own)

    @abstractmethod
    def tree(self, own: T, text: Sequence[int]) -> DraftTree:
        """What may follow a text."""

    def draft(self, texts: Sequence[Sequence[int]]) -> list[DraftTree]:
        """A tree for each text."""
        return [self.tree(own, text) for own, text in zip(self.own, texts, strict=True)]

    def keep(self, chosen: Sequence[int]) -> None:
        """Go on with chosen texts."""
        self.own = [self.own[at] for at in chosen]
