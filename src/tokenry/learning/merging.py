"""Runs the native learner in steps, so that progress shows and Ctrl-C is heard."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tokenry import _native
from tokenry.errors import LearnError, TokenryError
from tokenry.learning.checkpoint import Checkpoint
from tokenry.learning.lexicon import Lexicon
from tokenry.progress import Progress

_STEP: Final = 256  # merges; the first, the longest, take about 10 ms each on 100 MB
_SAVE_EVERY: Final = 60.0  # seconds between checkpoints


@contextmanager
def native_errors() -> Iterator[None]:
    """Raise what the core refuses (more than 2^32 symbols) as `LearnError`."""
    try:
        yield
    except TokenryError:
        raise
    except ValueError as error:
        raise LearnError(str(error)) from error


def grow(
    index: _native.PairIndex,
    lexicon: Lexicon,
    size: int,
    *,
    progress: Progress,
    checkpoint: Checkpoint,
) -> None:
    """Merge until ``lexicon`` has ``size`` pieces or no pair is left.

    Whatever ends it early (Ctrl-C, an error of ``progress``), the checkpoint is written first.
    """
    saved = time.monotonic()
    try:
        while len(lexicon) < size:
            step = min(_STEP, size - len(lexicon))
            pairs, counts = index.run(step)
            for (left, right), count in zip(pairs.tolist(), counts.tolist(), strict=True):
                lexicon.add(left, right, count)
            progress("merge", len(lexicon), size)
            if len(counts) < step:
                break
            if time.monotonic() - saved > _SAVE_EVERY:
                checkpoint.save(lexicon)
                saved = time.monotonic()
    except BaseException:
        checkpoint.save(lexicon)
        raise
    checkpoint.save(lexicon)
