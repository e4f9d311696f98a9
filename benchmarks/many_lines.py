"""More text than there is: lines of the mixed corpus again and again, with letters exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.corpora import CACHE, folder, mixed, size_of

RATE = 0.002  # of the lower-case letters of a copy; about one word in a hundred becomes a new one
BLOCK = 4_000_000  # bytes of a file


def many_lines(size: int, data: str | None, most: int) -> Path:
    """A folder with ``size`` bytes of lines, made once; ``most`` bytes are taken from `mixed`.

    Lines have no white space at either end and none is empty, so that learners that read files line
    by line see the words of those that read them whole.
    """
    target = CACHE / f"lines-{size // 1_000_000}mb{'-shared' if data else ''}"
    if size_of(target):
        return target
    target.mkdir(parents=True, exist_ok=True)
    source = folder("mixed", mixed, most, data)
    total = 0
    for number, block in enumerate(_blocks(source, size)):
        (target / f"{number:04}.txt").write_bytes(block)
        total += len(block)
    target.with_suffix(".size").write_text(f"{total}\n")
    return target


def _blocks(source: Path, size: int) -> Iterator[bytes]:
    held, total, copy = bytearray(), 0, 0
    while total < size:
        rng = np.random.default_rng(copy)
        for path in sorted(source.glob("*.txt")):
            lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
            text = "".join(f"{line}\n" for line in lines if line).encode()
            held += _changed(text, rng) if copy else text
            if len(held) >= BLOCK or total + len(held) >= size:
                yield bytes(held)
                total += len(held)
                held.clear()
            if total >= size:
                return
        copy += 1


def _changed(text: bytes, rng: np.random.Generator) -> bytes:
    letters = np.frombuffer(text, dtype=np.uint8).copy()
    places = rng.integers(0, len(letters), int(RATE * len(letters)))
    places = places[(letters[places] >= ord("a")) & (letters[places] <= ord("z"))]
    letters[places] = rng.integers(ord("a"), ord("z") + 1, len(places))
    return letters.tobytes()
