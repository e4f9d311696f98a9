"""Arithmetic coding of text in windows that all have one length: the readable form.

A window is a number below ``codes`` (65,536 for windows of 16 bits). Coding starts with all
numbers; each byte narrows them to its share, in proportion to its probability. The first number
that is left means that the window ends here, so that every string that fits has a number of its
own, also at the end of a text, and every number is a string. Model and numbers start anew in each
window.

In the first place every byte gets a number for itself before the others are shared out, so each
window holds a byte or more. All is whole numbers: codes are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tokenry.learning.windows.byte_model import TOTAL, ByteCounts


def bounds(model: ByteCounts, string: bytes, size: int) -> NDArray[np.int64]:
    """Where, among ``size`` numbers of a window that holds ``string``, those of each byte begin;
    shape (257,). After the first byte number 0 is the end of the window.
    """
    share = np.concatenate([np.zeros(1, np.int64), np.cumsum(model.frequencies(string))])
    edges = 1 + share * (size - 1) // TOTAL if string else share * (size - 256) // TOTAL
    return edges if string else edges + np.arange(257)


def encode_window(model: ByteCounts, codes: int, text: bytes) -> tuple[int, int]:
    """The number of the longest beginning of ``text`` that fits, and its length in bytes."""
    first, size = 0, codes
    for length, byte in enumerate(text):
        edges = bounds(model, text[:length], size)
        begin, end = int(edges[byte]), int(edges[byte + 1])
        if begin == end:
            return first, length
        first, size = first + begin, end - begin
    return first, len(text)


def decode_window(model: ByteCounts, codes: int, code: int) -> bytes:
    """The bytes that a number stands for."""
    string, size = b"", codes
    while not string or code > 0:
        edges = bounds(model, string, size)
        byte = int(np.searchsorted(edges, code, side="right")) - 1
        string += bytes([byte])
        code -= int(edges[byte])
        size = int(edges[byte + 1] - edges[byte])
    return string


def encode(model: ByteCounts, codes: int, text: bytes) -> Iterator[int]:
    """The windows of a text."""
    at = 0
    while at < len(text):
        code, length = encode_window(model, codes, text[at:])
        yield code
        at += length


def all_windows(model: ByteCounts, codes: int) -> list[bytes]:
    """The string of every number: what `decode_window` gives, found in one walk."""
    strings = [b""] * codes
    waiting = [(b"", 0, codes)]
    while waiting:
        string, first, size = waiting.pop()
        if string:
            strings[first] = string
            if size == 1:
                continue
        edges = bounds(model, string, size)
        for byte in np.flatnonzero(np.diff(edges)).tolist():
            begin, end = int(edges[byte]), int(edges[byte + 1])
            waiting.append((string + bytes([byte]), first + begin, end - begin))
    return strings
