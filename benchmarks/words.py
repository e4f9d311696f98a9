"""Text without repetition: random words, made as they are read and never held whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

SHORTEST, LONGEST = 6, 10  # letters; of 26**6 words of six a stream of 30 MB draws 0.2% twice
CHUNK = 1_000_000


def unique_words(size: int, seed: int = 11, chunk: int = CHUNK) -> Iterator[str]:
    """`size` bytes of lower-case words with a space before each, in strings of `chunk` bytes."""
    rng = np.random.Generator(np.random.SFC64(seed))
    for begin in range(0, size, chunk):
        yield _words(rng, min(chunk, size - begin))


def _words(rng: np.random.Generator, size: int) -> str:
    letters = rng.integers(ord("a"), ord("z") + 1, size, dtype=np.uint8)
    lengths = rng.integers(SHORTEST, LONGEST + 1, size // (SHORTEST + 1) + 1, dtype=np.int64)
    spaces = np.cumsum(lengths + 1) - lengths[0] - 1
    letters[spaces[spaces < size]] = ord(" ")
    return letters.tobytes().decode("ascii")
