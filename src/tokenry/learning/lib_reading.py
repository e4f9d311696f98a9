"""The course of LiB's reading, which a checkpoint can keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tokenry import _native
from tokenry.json_data import Json
from tokenry.learning.checkpoint import ProgressStep
from tokenry.learning.lib_units import LibBatches

_STEP: Final = 4 << 20  # bytes read between two looks at Ctrl-C; about half a second


class LibReading:
    """Reads batches, pass after pass; nothing new is memorised in the last tenth.

    Args:
        core: the list, and what is read next.
        batches: of the text.
        passes: over it.
    """

    def __init__(self, core: _native.LibLearner, batches: LibBatches, passes: int) -> None:
        self.core = core
        self.total = passes * len(batches.batches)
        self.step = max(1, _STEP * len(batches.batches) // len(batches.text))
        self.done = 0  # batches

    def steps(self) -> Iterator[ProgressStep]:
        """All that is left to read."""
        settled = self.total - self.total // 10
        while self.done < self.total:
            limit = settled if self.done < settled else self.total
            if limit == self.total:
                self.core.set_memorising(False)
            count = min(self.step, limit - self.done)
            self.core.read(count)
            self.done += count
            yield "read", self.done, self.total

    def snapshot(self) -> Callable[[], Json]:
        """See `tokenry.learning.checkpoint.Resumable`."""
        done = self.done
        chunks, random, order, turn = self.core.state()

        def written() -> Json:
            rows = [[chunk.decode("latin-1"), *rest] for chunk, *rest in chunks]
            return {"done": done, "chunks": rows, "random": random, "order": order, "turn": turn}

        return written

    def restore(self, saved: Json) -> None:
        """Go back to a snapshot."""
        chunks = [
            (str(chunk).encode("latin-1"), int(life), bool(probation))
            for chunk, life, probation in saved["chunks"]
        ]
        order = [int(each) for each in saved["order"]]
        self.core.restore(chunks, int(saved["random"]), order, int(saved["turn"]))
        self.done = int(saved["done"])
