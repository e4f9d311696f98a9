"""How far SuperBPE has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tokenry.json_data import Json
from tokenry.learning.merge_list import MergeList


@dataclass
class SuperBpeState:
    """What is learnt so far, in which step.

    Attributes:
        learnt: merges of both steps.
        stages: numbers of merges at which a step ended.
        data: a fingerprint of the documents of the second step; empty before it.
    """

    learnt: MergeList
    stages: list[int] = field(default_factory=list)
    data: str = ""

    def snapshot(self) -> Callable[[], Json]:
        """See `tokenry.learning.checkpoint.Resumable`."""
        position = {"stages": list(self.stages), "data": self.data}
        merges = self.learnt.snapshot()
        return lambda: position | merges()

    def restore(self, saved: Json) -> None:
        """Go back to a snapshot."""
        self.stages = [int(each) for each in saved["stages"]]
        self.data = str(saved["data"])
        self.learnt.restore(saved)
