"""Sequences one by one, for formats that store a sample at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.shards.formats.contract import ShardShape
from tokenry.shards.sequences import TokenSequences


def samples_of(sequences: TokenSequences, shape: ShardShape) -> Iterator[dict[str, NDArray[Any]]]:
    """``tokens``, each channel and, of rows, ``segments``: how long each stretch is (uint32)."""
    starts, ends = sequences.starts().tolist(), sequences.ends.tolist()
    lengths = np.diff(sequences.segments, prepend=0).astype(np.uint32)
    last = (np.searchsorted(sequences.segments, sequences.ends) + 1).tolist()
    first = [0, *last]
    for number, (begin, end) in enumerate(zip(starts, ends, strict=True)):
        sample: dict[str, NDArray[Any]] = {"tokens": sequences.ids[begin:end]}
        for name in shape.channels:
            sample[name] = sequences.channels[name][begin:end]
        if shape.length is not None:
            sample["segments"] = lengths[first[number] : last[number]]
        yield sample
