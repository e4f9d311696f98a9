"""Encoding speed of several tokenizers on the same text, as fairly as one process can.

Passes are interleaved (A B C, A B C, ...), so that a machine that slows down slows all; CPU time of
the process is counted, so that other processes do not; the median pass is reported. The first round
is not counted: it fills the caches, and the figure is for text of a kind already seen.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

import numpy as np

from tokenry.measuring.encoded import Measurable, Sample
from tokenry.measuring.measurement import Interval, Measurement

LONGEST_PASS: Final = 1.0  # seconds


def encode_speeds(
    tokenizers: Mapping[str, Measurable], sample: Sample, *, passes: int = 5
) -> dict[str, Measurement]:
    """MB (10^6 bytes) of UTF-8 encoded in a second of CPU time, warm, one thread.

    Measured on the first documents of the sample, as many as each of the tokenizers encodes in a
    second when it sees them for the first time; one at least.
    """
    counts = [_documents_in(LONGEST_PASS, each, sample) for each in tokenizers.values()]
    sample = sample.part(range(min(counts, default=len(sample.documents))))
    seconds: dict[str, list[float]] = {name: [] for name in tokenizers}
    for _ in range(passes):
        for name, tokenizer in tokenizers.items():
            seconds[name].append(_pass(tokenizer, sample))
    return {
        name: _measurement(tokenizers[name], sample, np.array(spent))
        for name, spent in seconds.items()
    }


def _documents_in(seconds: float, tokenizer: Measurable, sample: Sample) -> int:
    """How many documents are encoded until that much CPU time has passed."""
    start = time.process_time()
    for count, document in enumerate(sample.documents, 1):
        tokenizer.encode_to_numpy(document)
        if time.process_time() - start > seconds:
            return count
    return len(sample.documents)


def _pass(tokenizer: Measurable, sample: Sample) -> float:
    start = time.process_time()
    for document in sample.documents:
        tokenizer.encode_to_numpy(document)
    return max(time.process_time() - start, 1e-9)


def _measurement(
    tokenizer: Measurable, sample: Sample, seconds: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> Measurement:
    megabytes = int(sample.sizes.sum()) / 1e6
    speeds = megabytes / seconds
    return Measurement(
        name="encode speed",
        value=float(np.median(speeds)),
        unit="MB/s",
        estimator=f"median of {len(seconds)} interleaved warm passes, one thread",
        denominator=f"CPU seconds for {megabytes:.2f} MB",
        tokenizer=tokenizer.fingerprint(),
        data=sample.fingerprint,
        interval=Interval(
            float(speeds.min()), float(speeds.max()), 1.0, "slowest and fastest pass"
        ),
    )
