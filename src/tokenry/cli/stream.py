"""Inputs of any size, in pieces that encode exactly as the whole would.

Cutting text for encoding is only right where no pretoken, no merge and no normalisation could cross
the cut. For the splitters below, a line end between a character that is no white space and an
ASCII letter is such a place: the line end belongs to the left in all of them, and what they look
ahead for (white space, or none) is the same with the right side gone. Any other tokenizer gets the
whole input at once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tokenry import Tokenizer

PIECE_BYTES = 8 * 2**20
_CUTTABLE = frozenset(("gpt2", "r50k", "p50k", "cl100k", "o200k", "llama3", "qwen2"))
_SAFE = re.compile(rb"[!-~]\n(?=[A-Za-z])")


def open_inputs(names: Sequence[str] | None) -> Iterator[tuple[str, BinaryIO]]:
    """(name, stream) of each input; ``-`` and no names mean stdin."""
    for name in names or ["-"]:
        with _open(name) as stream:
            yield name, stream


@contextmanager
def _open(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as stream:
        yield stream


def exact_pieces(
    stream: BinaryIO,
    tokenizer: Tokenizer,
    allowed_special: frozenset[str] = frozenset(),
    *,
    size: int = PIECE_BYTES,
) -> Iterator[bytes]:
    """The input in pieces whose encodings, one after another, are the encoding of the whole."""
    if not can_be_cut(tokenizer, allowed_special):
        data = stream.read()
        if data:
            yield data
        return
    rest = b""
    while block := stream.read(size):
        rest += block
        cut = _last_safe_cut(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def can_be_cut(tokenizer: Tokenizer, allowed_special: frozenset[str]) -> bool:
    """Whether text between two lines can be encoded on its own."""
    active = any(
        not token.special or token.content in allowed_special for token in tokenizer.added_tokens
    )
    return (
        tokenizer.pretokenizer.native in _CUTTABLE and tokenizer.normalizer is None and not active
    )


def _last_safe_cut(data: bytes) -> int:
    """The end of the last safe line end, 0 for none; looks back a little further each time."""
    width = 2**16
    while True:
        start = max(0, len(data) - width)
        last = max((match.end() for match in _SAFE.finditer(data, start)), default=0)
        if last:
            return last
        if start == 0:
            return 0
        width *= 8
