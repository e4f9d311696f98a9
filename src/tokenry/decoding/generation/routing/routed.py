"""R2R: a small model writes, and a large one the ids at which the texts would part.

Source: Fu et al. 2025, "R2R: Efficiently Navigating Divergent Reasoning Paths with Small-Large
Model Token Routing", arXiv:2505.21600. The small model reads every id. A router looks at what it
says of the next one; where its score is above the threshold the large model reads all that it has
not read yet, in one call, and gives the id. The text is neither model's own.

It needs two models with the same ids. The large one is the target of the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.draft_reader import DraftReader
from tokenry.decoding.generation.method import Continuation, Request, check_draft
from tokenry.decoding.generation.routing.router import EntropyRouter, Router, RoutingEvidence
from tokenry.decoding.generation.stepwise import StepReader, Stepwise
from tokenry.errors import ModelError
from tokenry.models.causal import CausalModel


@dataclass(frozen=True)
class Routed(Stepwise):
    """Two models and a router between them.

    Attributes:
        router: sends ids to the large model.
    """

    router: Router = field(default_factory=EntropyRouter)

    def run(self, target: CausalModel, request: Request, draft: CausalModel | None) -> _Routing:
        """Begin a run.

        Raises:
            ModelError: there is no draft, or it has other ids.
        """
        if draft is None:
            raise ModelError("a router stands between two models; give draft=")
        check_draft(target, draft)
        return _Routing(self.router, target, draft)


class _Routing:
    """A run: the small model's state of all texts, and a reader of the large one for each."""

    def __init__(self, router: Router, target: CausalModel, draft: CausalModel) -> None:
        self.router, self.target, self.draft = router, target, draft
        rooms = [each.max_length for each in (target, draft) if each.max_length is not None]
        self.room = min(rooms, default=None)
        self._small = StepReader(draft)
        self._readers: dict[int, DraftReader] = {}
        self._read: dict[int, int] = {}
        self._calls: dict[int, int] = {}

    def logits(self, texts: Sequence[Continuation], step: int) -> NDArray[np.float32]:
        """The small model's, but the large one's where the router says so."""
        evidence = self._evidence(texts)
        rows = evidence.logits.copy()
        for at in np.flatnonzero(self.router.scores(evidence) > self.router.threshold).tolist():
            rows[at] = self._of_target(texts[at])
        return rows

    def cost(self, text: Continuation) -> tuple[int, int]:
        """Of the large model."""
        return self._calls.get(text.number, 0), self._read.get(text.number, 0)

    def _evidence(self, texts: Sequence[Continuation]) -> RoutingEvidence:
        found = self._small.read(texts, hidden=[self.draft.layers])
        vectors = found.hidden[self.draft.layers]
        hidden = vectors[np.arange(len(texts)), found.counts - 1]
        return RoutingEvidence(found.last, hidden, found.last.argmax(-1))

    def _of_target(self, text: Continuation) -> NDArray[np.float32]:
        reader = self._readers.setdefault(text.number, DraftReader(self.target))
        self._calls[text.number] = self._calls.get(text.number, 0) + 1
        self._read[text.number] = len(text.ids)
        row: NDArray[np.float32] = reader.read([text.ids])[0]
        return row
