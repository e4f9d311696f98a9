"""FASTQ: four lines a read, as arrays and written again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.residue import Array
from tokenry.domains.sequences.lines import LineBounds
from tokenry.errors import DomainError

_RETURNS, _UNENDED = 2, 4


@dataclass(frozen=True, eq=False)
class Fastq:
    """A file as one run of bytes: of each read its name, sequence and quality.

    Attributes:
        run: names without their ``@``, sequences, qualities.
        ends: of these three in ``run``, shape (n, 3).
        layout: how lines end, by name, and which reads repeat their name behind ``+``.
    """

    run: bytes
    ends: Array
    layout: dict[str, Array]


def read(data: bytes) -> Fastq:
    """Take a file apart.

    Raises:
        DomainError: it is no FASTQ; the message names the line.
    """
    lines = LineBounds.of(data)
    if len(lines) % 4:
        raise DomainError(f"{len(lines)} lines; a FASTQ has four a read: is the last one cut off?")
    codes = np.append(np.frombuffer(data, np.uint8), np.uint8(0))
    sizes = lines.sizes().reshape(-1, 4)
    begins = lines.begins.reshape(-1, 4)
    _check(codes[begins], sizes)
    repeats = _repeats(data, begins, sizes)
    keep = np.zeros(len(data), bool)
    kept = np.column_stack([begins[:, 0] + 1, begins[:, 1], begins[:, 3]])
    spans = np.column_stack([sizes[:, 0] - 1, sizes[:, 1], sizes[:, 3]])
    for begin, size in zip(kept.reshape(-1).tolist(), spans.reshape(-1).tolist(), strict=True):
        keep[begin : begin + size] = True
    flags = _RETURNS * lines.returns + _UNENDED * (not lines.ended)
    ends = np.cumsum(spans.reshape(-1)).reshape(-1, 3)
    run = np.frombuffer(data, np.uint8)[keep].tobytes()
    return Fastq(run, ends, {"flags": np.array([flags]), "repeats": repeats})


def _check(first: NDArray[np.uint8], sizes: Array) -> None:
    """Refuse reads that do not begin with ``@`` and ``+`` or whose lengths differ."""
    for column, sign in ((0, "@"), (2, "+")):
        wrong = np.flatnonzero((first[:, column] != ord(sign)) | (sizes[:, column] == 0))
        if len(wrong):
            line = 4 * int(wrong[0]) + column + 1
            raise DomainError(
                f"line {line} does not begin with {sign!r}; a FASTQ read has '@', '+'"
            )
    wrong = np.flatnonzero(sizes[:, 1] != sizes[:, 3])
    if len(wrong):
        read_ = int(wrong[0])
        raise DomainError(
            f"line {4 * read_ + 4}: {sizes[read_, 3]} qualities of {sizes[read_, 1]} bases; "
            "expected as many"
        )


def _repeats(data: bytes, begins: Array, sizes: Array) -> Array:
    """Reads that repeat their name behind ``+``; any other text there is refused."""
    found = np.flatnonzero(sizes[:, 2] > 1)
    for row in found.tolist():
        name, again = (
            data[begins[row, column] + 1 : begins[row, column] + sizes[row, column]]
            for column in (0, 2)
        )
        if name != again:
            raise DomainError(f"line {4 * row + 3}: behind '+' stands {again[:30]!r}, not its name")
    return found


def write(reads: list[tuple[bytes, bytes, bytes]], layout: dict[str, Array]) -> bytes:
    """The file of names, sequences and qualities."""
    flags = int(layout["flags"][0]) if len(layout.get("flags", ())) else 0
    feed = b"\r\n" if flags & _RETURNS else b"\n"
    repeats = set(layout.get("repeats", np.zeros(0, np.int64)).tolist())
    lines: list[bytes] = []
    for number, (name, sequence, quality) in enumerate(reads):
        again = name if number in repeats else b""
        lines += [b"@" + name, sequence, b"+" + again, quality]
    written = b"".join(line + feed for line in lines)
    return written[: -len(feed)] if flags & _UNENDED and written else written
