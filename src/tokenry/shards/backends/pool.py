"""A pool of processes in which a worker that dies is replaced, and only its item is done again.

`concurrent.futures` gives up all items when a worker is killed; here each worker has a pipe of its
own, so that the driver knows what it was at. Workers are started afresh (``spawn``), because a
process with threads must not be forked, and end when the driver does. A worker has the next item
before it has ended the last, so that it never waits for the driver, which on a full machine waits
for a processor itself.
"""

from __future__ import annotations

import os
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from tokenry.shards.backends.contract import Outcome, attempt

ATTEMPTS: Final = 3
_AHEAD_BYTES: Final = 1 << 14  # a pipe takes more than that before anyone reads
_LOOK_EVERY: Final = 0.5  # seconds between two looks at whether the driver lives


@dataclass(frozen=True)
class Pool:
    """So many workers; an item whose worker died three times has failed."""

    workers: int

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Outcome]:
        """One outcome an item, as they come."""
        waiting = deque(range(len(items)))
        deaths = [0] * len(items)
        workers = [_Worker(function) for _ in range(min(self.workers, len(items)))]
        try:
            while waiting or any(worker.held for worker in workers):
                _hand_out(workers, waiting, items)
                for worker in _ready(workers):
                    outcome = worker.take()
                    if outcome is None:  # it died
                        index, *behind = worker.held
                        deaths[index] += 1
                        workers[workers.index(worker)] = _Worker(function)
                        waiting.extendleft(reversed(behind))
                        if deaths[index] < ATTEMPTS:
                            waiting.appendleft(index)
                            continue
                        outcome = Outcome(index, error=f"its worker died {ATTEMPTS} times")
                    yield outcome
        finally:
            for worker in workers:
                worker.stop()


def _hand_out(workers: Sequence[_Worker], waiting: deque[int], items: Sequence[Any]) -> None:
    """An item to each worker, then one more, as long as no other worker would lack it at the end.

    A large item is not given ahead: the worker would not read it while it sends an outcome, for
    which the driver would wait in vain to have read it.
    """
    for worker in workers:
        if not worker.held and waiting:
            worker.give(waiting.popleft(), items)
    for worker in workers:
        if len(worker.held) == 1 and len(waiting) > len(workers):
            if len(pickle.dumps(items[waiting[0]])) > _AHEAD_BYTES:
                return
            worker.give(waiting.popleft(), items)


class _Worker:
    """A process, and the items that it has: the first is the one that it is at."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, function, os.getpid()))
        self.process.daemon = True
        self.process.start()
        theirs.close()  # or the end of the process would not end the pipe
        self.held: deque[int] = deque()

    def give(self, index: int, items: Sequence[Any]) -> None:
        """Hand it an item; one that is dead already is found out when its outcome is taken."""
        self.held.append(index)
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send((index, items[index]))

    def take(self) -> Outcome | None:
        """Its outcome; None where it died."""
        try:
            outcome: Outcome = self.connection.recv()
        except (EOFError, ConnectionResetError):
            self.stop()
            return None
        self.held.popleft()
        return outcome

    def stop(self) -> None:
        """End the process at once; what it had not finished has no name yet."""
        self.connection.close()
        self.process.kill()
        self.process.join()


def _ready(workers: Sequence[_Worker]) -> list[_Worker]:
    """Workers whose outcome can be taken, or who died; waits for the first."""
    busy = {worker.connection: worker for worker in workers if worker.held}
    return [busy[each] for each in wait(list(busy)) if isinstance(each, Connection)]


def _serve(connection: Connection, function: Callable[[Any], Any], driver: int) -> None:
    """What a worker does: items until the pipe ends."""
    threading.Thread(target=_end_with, args=(driver,), daemon=True).start()
    with suppress(OSError, EOFError, KeyboardInterrupt):  # the driver has gone
        while True:
            index, item = connection.recv()
            connection.send(attempt(function, index, item))


def _end_with(driver: int) -> None:
    """End this process when the driver is gone: another may have been started in its place."""
    while os.getppid() == driver:
        time.sleep(_LOOK_EVERY)
    os._exit(1)
