"""Core tasks of Ray, for many machines: one task an item, done again where a worker or node dies.

Not Ray Data: moving blocks of ids through its object store costs twice the processor time of
encoding them. A task reads its sources and writes its shard itself, so nothing but names passes
through Ray, and all machines must see the same folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tokenry.extras import require
from tokenry.shards.backends.contract import Outcome, attempt

RETRIES = 3


@dataclass(frozen=True)
class RayTasks:
    """A cluster of Ray.

    Attributes:
        address: of its head, ``auto`` for the one of this machine, ``local`` for a new one here.
        workers: processors of a new one; no more tasks than that run there at a time.
    """

    address: str = "auto"
    workers: int | None = None

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Outcome]:
        """One outcome an item, as they come.

        Raises:
            MissingExtraError: ray is not installed.
        """
        ray = require("ray", "scale", "shards on a cluster")
        ours = not ray.is_initialized()
        if ours:
            cpus = {"num_cpus": self.workers} if self.address == "local" else {}
            ray.init(
                address=self.address, include_dashboard=False, log_to_driver=False,
                configure_logging=False, **cpus,
            )  # fmt: skip
        try:
            yield from _mapped(ray, function, items)
        finally:
            if ours:
                ray.shutdown()


def _mapped(ray: Any, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Outcome]:
    shared = ray.put(function)  # a tokenizer goes to each node once
    task = ray.remote(num_cpus=1, max_retries=RETRIES)(attempt)
    running = {task.remote(shared, index, item): index for index, item in enumerate(items)}
    while running:
        (done, *_), _ = ray.wait(list(running))
        index = running.pop(done)
        try:
            yield ray.get(done)
        except ray.exceptions.RayError as error:
            yield Outcome(index, error=f"Ray gave up on it: {type(error).__name__}")
