"""Many metrics of one tokenizer on one sample."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tokenry.measuring.encoded import Encoded, Sample, encode_sample, encode_spans
from tokenry.measuring.lossless import with_restored
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.metric import Metric

if TYPE_CHECKING:
    from tokenry.tokenizer import Tokenizer

Figures = dict[str, Measurement]
"""Measurements by the name of their metric."""


def encode_for(metrics: Iterable[Metric], tokenizer: Tokenizer, sample: Sample) -> Encoded:
    """Encode a sample with all that these metrics need of it."""
    needs = {metric.needs for metric in metrics}
    encode = encode_spans if "spans" in needs else encode_sample
    encoded = encode(tokenizer, sample)
    return with_restored(tokenizer, encoded) if "decoded text" in needs else encoded


def measure_figures(metrics: Iterable[Metric], encoded: Encoded, *, seed: int = 0) -> Figures:
    """The figures of a sample that is encoded `encode_for` them.

    Raises:
        CorpusError: the encoding lacks what a metric needs.
    """
    return {metric.name: metric.load()(encoded, seed=seed) for metric in metrics}
