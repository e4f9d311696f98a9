from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from tokenry.shards.backends.here import Here
from tokenry.shards.backends.pool import Pool

HERE = Here()


def once_killed(item: tuple[str, int]) -> int:
    """A square; the first call for 3 dies of signal 9, that for 5 always, that for 7 raises."""
    folder, number = item
    mark = Path(folder, str(number))
    if number == 5 or (number == 3 and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 7:
        raise ValueError("seven")
    return number * number


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    items = [(str(tmp_path), number) for number in range(9)]
    outcomes = sorted(Pool(2).map(once_killed, items), key=lambda outcome: outcome.index)
    assert [each.index for each in outcomes] == list(range(9))
    assert [each.result for each in outcomes] == [0, 1, 4, 9, 16, None, 36, None, 64]
    assert outcomes[5].error == "its worker died 3 times"
    assert outcomes[7].error == "ValueError: seven"


def large_squared(item: tuple[bytes, int]) -> tuple[bytes, int]:
    return item[0] * 3, item[1] ** 2


def test_large_items_and_outcomes_never_wait_for_each_other() -> None:
    items = [(b"x" * 400_000, number) for number in range(12)]
    found = sorted(each.result[1] for each in Pool(2).map(large_squared, items))
    assert found == [number**2 for number in range(12)]


def killed_with_more_to_do(item: tuple[str, int]) -> int:
    """The worker of the first item is killed while it holds another."""
    folder, number = item
    mark = Path(folder, "killed")
    if number == 0 and not mark.exists():
        time.sleep(0.3)
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_what_a_dead_worker_held_is_done_by_others(tmp_path: Path) -> None:
    items = [(str(tmp_path), number) for number in range(12)]
    outcomes = sorted(Pool(2).map(killed_with_more_to_do, items), key=lambda each: each.index)
    assert [each.result for each in outcomes] == list(range(12))


def test_this_process_gives_the_same(tmp_path: Path) -> None:
    items = [(str(tmp_path), number) for number in (1, 7, 8)]
    assert [each.result for each in HERE.map(once_killed, items)] == [1, None, 64]
