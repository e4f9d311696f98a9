"""Learning by a log of events: the options, the frame and the steps of learners that delete."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.learning.checkpoint import ProgressStep
from tokenry.learning.contract import Learner
from tokenry.learning.event_list import EventList
from tokenry.learning.merging import NO_LIMIT, native_errors
from tokenry.learning.option_groups import SplittingOptions
from tokenry.learning.session import Session
from tokenry.options import Bounds, Natural, Positive
from tokenry.text.segmenters.event_log import BYTES

NEVER: Final = 2.0  # a share that no merge uses up
_STEPS: Final = 128  # merges between two looks at Ctrl-C
_EVENTS_A_PIECE: Final = 8  # more than so many, and learning goes round in circles
Batch = tuple[NDArray[np.uint32], NDArray[np.uint64]]  # events and their counts


@dataclass(frozen=True, kw_only=True)
class LogLearner(SplittingOptions, Learner[EventList], ABC):
    """A learner of merges and deletions over bytes.

    Attributes:
        threshold: a piece is deleted when a merge uses up this share of its occurrences, from 0.5
            to 1; the paper of PickyBPE looks at 0.6 to 0.9. None deletes nothing.
        min_frequency: a pair that occurs less often is not merged.
        max_piece_length: bytes of the longest piece; None for no limit.
    """

    resumes: ClassVar[bool] = False
    checkpointed: ClassVar[str] = (
        "nothing: making the events of a log once more takes as long as finding them"
    )
    shortage: ClassVar[str] = (
        "no other pair occurs often enough; give more data, or lower min_frequency"
    )
    threshold: Annotated[float, Bounds(0.5, 1)] | None = 0.9
    min_frequency: Natural = 0
    max_piece_length: Positive | None = None

    def validate(self) -> None:
        """Refuse a vocabulary without room for bytes."""
        super().validate()
        self.check_room(BYTES, "256 bytes")

    @abstractmethod
    def core(self, session: Session) -> _native.EventLearner:
        """What merges and deletes, with all text counted."""

    def fit(self, session: Session) -> EventList:
        """The log of merges, supermerges and deletions."""
        with native_errors():
            core = self.core(session)
        found: list[Batch] = [(np.zeros((0, 4), np.uint32), np.zeros(0, np.uint64))]
        session.drive(self._steps(core, found))
        events, counts = zip(*found, strict=True)
        return EventList(self.special_tokens, np.concatenate(events), np.concatenate(counts))

    def _steps(self, core: _native.EventLearner, found: list[Batch]) -> Iterator[ProgressStep]:
        """Merge and delete until the vocabulary is full or no pair is left."""
        size = self.vocab_size - len(self.special_tokens)
        events, more = 0, True
        # A piece that comes back is rarer than before; what proves that it ends is this bound.
        while more and core.present < size and events < _EVENTS_A_PIECE * size:
            rows, counts, more = core.run(_STEPS, size)
            found.append((rows, counts))
            events += len(rows)
            yield "merge", core.present + len(self.special_tokens), self.vocab_size

    def limits(self) -> dict[str, float | int]:
        """The options as the core takes them."""
        return {
            "threshold": NEVER if self.threshold is None else self.threshold,
            "min_count": max(1, self.min_frequency),
            "max_bytes": self.max_piece_length or NO_LIMIT,
        }

    def size(self, learnt: EventList) -> int:
        """Ids of the tokenizer."""
        return len(learnt)
