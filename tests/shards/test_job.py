from __future__ import annotations

from pathlib import Path

import pytest

from tokenry.errors import ShardError
from tokenry.shards.job import stored_type
from tokenry.shards.plan import ShardTask, plan

BOTH = ("uint16", "uint32")


@pytest.mark.parametrize(
    ("size", "types", "asked", "expected"),
    [
        (65_536, BOTH, None, "uint16"),
        (65_537, BOTH, None, "uint32"),
        (65_537, ("uint16", "int32"), None, "int32"),
        (700, BOTH, "uint32", "uint32"),
        (700, ("uint16", "int32"), "uint32", "int32"),
    ],
)
def test_the_type_holds_the_vocabulary(
    size: int, types: tuple[str, ...], asked: str | None, expected: str
) -> None:
    assert stored_type(size, types, asked) == expected


def test_a_type_that_is_too_small_is_refused() -> None:
    with pytest.raises(ShardError, match="dtype uint16 for a vocabulary of 65,537 ids"):
        stored_type(65_537, BOTH, "uint16")


def test_neighbours_are_taken_together(tmp_path: Path) -> None:
    files = [str(tmp_path / str(number)) for number in range(4)]
    for path, size in zip(files, (5, 5, 30, 1), strict=True):
        Path(path).write_bytes(b"x" * size)
    assert plan(files, 10) == [
        ShardTask(0, (files[0], files[1]), 10),
        ShardTask(1, (files[2],), 30),
        ShardTask(2, (files[3],), 1),
    ]
