"""The coder without windows: what it writes is read back."""

from __future__ import annotations

import random

from experiments.learning.stream_coder import decode_stream, encode_stream
from fuzz_text import fuzz_bytes
from tokenry.learning.windows.byte_model import ByteCounts


def test_a_stream_without_windows(prose_text: str, rng: random.Random) -> None:
    model = ByteCounts.of([prose_text[:150_000].encode()], 3)
    text = prose_text[200_000:206_000].encode()
    coded = encode_stream(model, text)
    assert len(coded) < 0.45 * len(text)
    for each in (text, b"", bytes(range(256)) * 2, *fuzz_bytes(rng, 40)):
        assert decode_stream(model, encode_stream(model, each), len(each)) == each
