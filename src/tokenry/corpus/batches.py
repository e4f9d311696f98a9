"""Documents a few megabytes at a time: enough for the core to share out, too few to fill memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def batches(documents: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    """Documents in their order, in lists that end with the document that fills ``size`` bytes.

    >>> list(batches([b"one", b"two", b"three"], 6))
    [[b'one', b'two'], [b'three']]
    """
    batch: list[bytes] = []
    held = 0
    for data in documents:
        batch.append(data)
        held += len(data)
        if held >= size:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch
