"""Whether text survives: ``decode_bytes(encode(x)) == x``, document by document."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tokenry.errors import CorpusError
from tokenry.measuring.encoded import Encoded, Measurable
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.ratio import measure_ratio


def with_restored(tokenizer: Measurable, encoded: Encoded) -> Encoded:
    """The same encoding, and which of its documents decoding gives back byte for byte."""
    bounds = zip(encoded.offsets[:-1], encoded.offsets[1:], strict=True)
    pairs = zip(encoded.sample.documents, bounds, strict=True)
    restored = [tokenizer.decode_bytes(encoded.ids[a:b]) == document for document, (a, b) in pairs]
    return replace(encoded, restored=np.array(restored, dtype=np.int64))


def lossless_share(encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Share of documents that come back byte for byte.

    Raises:
        CorpusError: that is not known; see `with_restored`.
    """
    kept = encoded.restored
    if kept is None:
        raise CorpusError("whether text comes back is not known; decode it with with_restored")
    return measure_ratio(
        encoded,
        kept,
        np.ones_like(kept),
        name="lossless",
        unit="share of documents",
        estimator="documents with decode_bytes(encode(x)) == x over documents",
        denominator=f"{len(kept):,} documents",
        seed=seed,
    )
