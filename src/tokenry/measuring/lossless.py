"""Whether text survives: ``decode_bytes(encode(x)) == x``, document by document."""

from __future__ import annotations

import numpy as np

from tokenry.measuring.encoded import Encoded, Measurable
from tokenry.measuring.interval import ratio_interval
from tokenry.measuring.measurement import Measurement


def lossless_share(tokenizer: Measurable, encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Share of documents that come back byte for byte."""
    kept = np.array(
        [
            tokenizer.decode_bytes(encoded.ids[begin:end]) == document
            for document, begin, end in zip(
                encoded.sample.documents, encoded.offsets[:-1], encoded.offsets[1:], strict=True
            )
        ],
        dtype=np.int64,
    )
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
