"""What tests of shards compare."""

from __future__ import annotations

import gzip
import json
import os
import signal
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenry.shards import ShardOptions, write_shards
from tokenry.shards.driver import JobReport
from tokenry.tokenizer import Tokenizer

GROUP = 80_000  # bytes of sources a shard: two files


def made(sources: Path, tokenizer: Tokenizer, out: Path, **options: object) -> JobReport:
    """Shards of all sources; two of them."""
    chosen = ShardOptions(group_bytes=GROUP, **options)  # type: ignore[arg-type]
    return write_shards(sources, tokenizer, out, chosen, name="small", resume=True)


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def documents(
    tokenizer: Tokenizer, texts: list[str], end: str = "<|endoftext|>"
) -> list[list[int]]:
    """Ids of the texts, each with the special behind it, in the order in which files have them."""
    last = tokenizer.encode_single_token(end)
    in_order = [text for number in range(4) for text in texts[number::4]]
    return [[*tokenizer.encode(text), last] for text in in_order]


def same(found: list[NDArray[np.generic]], expected: list[list[int]]) -> bool:
    """Whether sequences are equal, one by one."""
    return [each.tolist() for each in found] == expected


def write_lines(path: Path, texts: list[str]) -> None:
    """Texts as records of gzipped JSON lines, with no time in it."""
    lines = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts))
    path.write_bytes(gzip.compress(lines.encode(), 1, mtime=0))


def once_killed(item: tuple[str, int]) -> int:
    """A square; the first call for 3 dies of signal 9, and 7 raises."""
    folder, number = item
    mark = Path(folder, str(number))
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 7:
        raise ValueError("seven")
    return number * number


def slowly_squared(number: int) -> int:
    """A square, after a second."""
    time.sleep(1)
    return number * number
