"""What generating cost: calls, positions, layers, FLOPs, bytes and seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from tokenry.models.causal import CausalModel, Counters


@dataclass
class Ledger:
    """Of one run.

    Attributes:
        target: what the model that is asked for text did.
        helpers: what all others did (drafts, routers), together.
        new_ids: that were generated.
        new_bytes: that they write.
        seconds: by the clock.
    """

    target: Counters = field(default_factory=Counters)
    helpers: Counters = field(default_factory=Counters)
    new_ids: int = 0
    new_bytes: int = 0
    seconds: float = 0.0

    @property
    def flops(self) -> int:
        """Of all models."""
        return self.target.flops + self.helpers.flops

    @property
    def ids_per_call(self) -> float:
        """New ids that a call of the target gave."""
        return self.new_ids / max(self.target.calls, 1)

    def sentence(self) -> str:
        """The figures in a line.

        >>> Ledger(Counters(calls=4, positions=30), new_ids=10).sentence()
        '10 ids in 4 calls (2.50 a call), 30 positions, 0 calls of helpers, 0.0 GFLOPs, 0.0 s'
        """
        return (
            f"{self.new_ids:,} ids in {self.target.calls:,} calls ({self.ids_per_call:.2f} a "
            f"call), {self.target.positions:,} positions, {self.helpers.calls:,} calls of helpers, "
            f"{self.flops / 1e9:,.1f} GFLOPs, {self.seconds:.1f} s"
        )

    def __add__(self, other: Ledger) -> Ledger:
        return Ledger(
            self.target + other.target,
            self.helpers + other.helpers,
            self.new_ids + other.new_ids,
            self.new_bytes + other.new_bytes,
            self.seconds + other.seconds,
        )


@contextmanager
def accounted(target: CausalModel, helpers: Iterable[CausalModel] = ()) -> Iterator[Ledger]:
    """Keep a ledger of what models do within; its figures are there when the block ends."""
    others = list(helpers)
    before, started = [each.counters.copy() for each in (target, *others)], perf_counter()
    ledger = Ledger()
    yield ledger
    ledger.seconds = perf_counter() - started
    ledger.target = target.counters - before[0]
    for model, was in zip(others, before[1:], strict=True):
        ledger.helpers = ledger.helpers + (model.counters - was)
