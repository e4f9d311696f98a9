"""Whether text survives: ``decode_bytes(encode(x)) == x``, document by document."""

from __future__ import annotations

import numpy as np

from tokenry.measuring.encoded import Counts, Encoded, Measurable
from tokenry.measuring.interval import ratio_interval
from tokenry.measuring.measurement import Measurement


def lossless_share(tokenizer: Measurable, encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Share of documents that come back byte for byte."""
    return share_restored(restored(tokenizer, encoded), encoded, seed=seed)


def restored(tokenizer: Measurable, encoded: Encoded) -> Counts:
    """1 for each document that comes back byte for byte, else 0."""
    bounds = zip(encoded.offsets[:-1], encoded.offsets[1:], strict=True)
    pairs = zip(encoded.sample.documents, bounds, strict=True)
    return np.array(
        [tokenizer.decode_bytes(encoded.ids[a:b]) == document for document, (a, b) in pairs],
        dtype=np.int64,
    )


def share_restored(kept: Counts, encoded: Encoded, *, seed: int = 0) -> Measurement:
    """The share, where `restored` is known for each document."""
    return Measurement(
        name="lossless",
        value=float(kept.mean()),
        unit="share of documents",
        estimator="documents with decode_bytes(encode(x)) == x over documents",
        denominator=f"{len(kept):,} documents",
        tokenizer=encoded.tokenizer,
        data=encoded.sample.fingerprint,
        interval=ratio_interval(kept, np.ones_like(kept), seed=seed),
    )
