"""Figures that are ratios of sums over documents."""

from __future__ import annotations

from tokenry.measuring.encoded import Counts, Encoded
from tokenry.measuring.interval import ratio_interval
from tokenry.measuring.measurement import Measurement


def measure_ratio(
    encoded: Encoded,
    above: Counts,
    below: Counts,
    *,
    name: str,
    unit: str,
    estimator: str,
    denominator: str,
    seed: int,
) -> Measurement:
    """The sum of ``above`` over the sum of ``below``, with its interval over documents.

    Args:
        encoded: what was measured; gives the fingerprints.
        above, below: by document, shape (documents,). Where all below is 0, the value is NaN.
        name, unit, estimator, denominator: of the measurement.
        seed: of the interval.
    """
    total = int(below.sum())
    return Measurement(
        name=name,
        value=float(above.sum() / total) if total else float("nan"),
        unit=unit,
        estimator=estimator,
        denominator=denominator,
        tokenizer=encoded.tokenizer,
        data=encoded.sample.fingerprint,
        interval=ratio_interval(above, below, seed=seed) if total else None,
    )
