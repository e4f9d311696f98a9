"""Arithmetic coding of a whole text into bytes, without windows: what Equal-Info Windows avoid.

A range coder with carry (Martin 1979) in integers: model and coder run on from the first byte to
the last. Only the experiment on Equal-Info Windows uses it.
"""

from __future__ import annotations

import numpy as np

from tokenry.learning.windows.byte_model import TOTAL, ByteCounts

TOP = 1 << 32
LEAST = 1 << 24


def encode_stream(model: ByteCounts, text: bytes) -> bytes:
    """The bytes of the code."""
    coded = bytearray()
    low, width = 0, TOP
    for at, byte in enumerate(text):
        share = model.frequencies(text[max(0, at - model.order) : at])
        unit = width // TOTAL
        low += unit * int(share[:byte].sum())
        width = unit * int(share[byte])
        if low >= TOP:
            low -= TOP
            _carry(coded)
        while width < LEAST:
            coded.append(low >> 24)
            low, width = low << 8 & TOP - 1, width << 8
    return bytes(coded) + low.to_bytes(4)


def _carry(coded: bytearray) -> None:
    at = len(coded) - 1
    while coded[at] == 255:
        coded[at] = 0
        at -= 1
    coded[at] += 1


def decode_stream(model: ByteCounts, coded: bytes, size: int) -> bytes:
    """The text of ``size`` bytes."""
    text = bytearray()
    code, at, width = int.from_bytes(coded[:4]), 4, TOP
    while len(text) < size:
        share = np.cumsum(model.frequencies(bytes(text[max(0, len(text) - model.order) :])))
        unit = width // TOTAL
        byte = int(np.searchsorted(share, min(code // unit, TOTAL - 1), side="right"))
        before = int(share[byte - 1]) if byte else 0
        code -= unit * before
        width = unit * (int(share[byte]) - before)
        text.append(byte)
        while width < LEAST:
            code = code << 8 | (coded[at] if at < len(coded) else 0)
            at, width = at + 1, width << 8
    return bytes(text)
