"""FASTA: headers behind ``>``, then a sequence in lines; read as arrays and written again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.residue import Array
from tokenry.domains.sequences.lines import LineBounds
from tokenry.errors import DomainError

HEADER: Final = ord(">")
WIDTH: Final = 60  # of the lines that a model's sequence is written in
_REGULAR, _RETURNS, _UNENDED = 1, 2, 4  # of `Layout.flags`


@dataclass(frozen=True, eq=False)
class Fasta:
    """A file as one run of bytes: each header without its ``>``, then its sequence in one line.

    Attributes:
        run: headers and sequences.
        headers: begin and end of each header in ``run``, shape (n, 2).
        leading: whether lines of a sequence stand before the first header.
        layout: line lengths and ends, by name, for `write`.
    """

    run: bytes
    headers: Array
    leading: bool
    layout: dict[str, Array]


def read(data: bytes) -> Fasta:
    """Take a file apart; any bytes will do."""
    lines = LineBounds.of(data)
    codes = np.frombuffer(data, np.uint8)
    sizes = lines.sizes()
    first = np.zeros(len(lines), np.uint8)
    filled = sizes > 0
    first[filled] = codes[lines.begins[filled]]
    is_header = first == HEADER
    kept = sizes - is_header
    ends = np.cumsum(kept)
    headers = np.column_stack([ends - kept, ends])[is_header]
    run = _joined(data, codes, lines, is_header, int(kept.sum()))
    leading = len(lines) > 0 and not is_header[0]
    return Fasta(run, headers, leading, _layout(lines, is_header, sizes))


def _joined(
    data: bytes,
    codes: NDArray[np.uint8],
    lines: LineBounds,
    is_header: NDArray[np.bool_],
    size: int,
) -> bytes:
    """All lines in a row, without their ends and the ``>`` of headers."""
    run = data.translate(None, b"\r\n>" if lines.returns else b"\n>")
    if len(run) == size:
        return run
    keep = np.ones(len(codes), bool)
    keep[lines.ends[lines.ends < len(codes)]] = False
    if lines.returns:
        keep[lines.ends[: len(lines) if lines.ended else -1] + 1] = False
    keep[lines.begins[is_header]] = False
    return codes[keep].tobytes()


def _layout(lines: LineBounds, is_header: NDArray[np.bool_], sizes: Array) -> dict[str, Array]:
    """Line lengths: one for the whole file where all are that long but the last of a record."""
    in_sequence = sizes[~is_header]
    record = np.cumsum(is_header)[~is_header]
    last = np.append(record[1:] != record[:-1], True) if len(record) else record.astype(bool)
    inner = in_sequence[~last]
    width = int(inner[0]) if len(inner) else max(WIDTH, int(in_sequence.max(initial=0)))
    regular = width > 0 and bool((inner == width).all())
    regular = regular and bool(((in_sequence[last] <= width) & (in_sequence[last] > 0)).all())
    flags = _REGULAR * regular + _RETURNS * lines.returns + _UNENDED * (not lines.ended)
    if regular:
        return {"flags": np.array([flags]), "width": np.array([width])}
    counts = np.bincount(record, minlength=int(is_header.sum()) + 1)
    return {"flags": np.array([flags]), "lines": in_sequence, "counts": counts}


def write(records: list[tuple[bytes | None, bytes]], layout: dict[str, Array]) -> bytes:
    """The file of headers (None for no header) and sequences.

    Raises:
        DomainError: the layout is that of other sequences.
    """
    flags = int(layout["flags"][0]) if len(layout.get("flags", ())) else _REGULAR
    feed = b"\r\n" if flags & _RETURNS else b"\n"
    if flags & _REGULAR:
        width = int(layout["width"][0]) if len(layout.get("width", ())) else WIDTH
        if width < 1:
            raise DomainError(f"lines of {width} letters; expected 1 or more")
        sequences = [_wrapped(sequence, width, feed) for _, sequence in records]
    else:
        sequences = _in_lines(records, layout, feed)
    parts: list[bytes] = []
    for (header, _), lines in zip(records, sequences, strict=True):
        parts += [] if header is None else [b">", header, feed]
        parts.append(lines)
    written = b"".join(parts)
    return written[: -len(feed)] if flags & _UNENDED and written.endswith(feed) else written


def _wrapped(sequence: bytes, width: int, feed: bytes) -> bytes:
    """Lines of ``width``, the last one shorter, each with its end."""
    whole = len(sequence) // width
    rows = np.empty((whole, width + len(feed)), np.uint8)
    rows[:, :width] = np.frombuffer(sequence, np.uint8, whole * width).reshape(whole, width)
    rows[:, width:] = np.frombuffer(feed, np.uint8)
    rest = sequence[whole * width :]
    return rows.tobytes() + (rest + feed if rest else b"")


def _in_lines(
    records: list[tuple[bytes | None, bytes]], layout: dict[str, Array], feed: bytes
) -> list[bytes]:
    """Sequences in lines of the lengths that the layout names."""
    counts = layout.get("counts", np.zeros(0, np.int64)).tolist()
    sizes = layout.get("lines", np.zeros(0, np.int64))
    with_first = counts if records and records[0][0] is None else counts[1:]
    if (
        len(with_first) != len(records)
        or sum(with_first) > len(sizes)
        or min(counts, default=0) < 0
    ):
        raise DomainError(
            f"the layout is of {len(with_first)} sequences, and there are {len(records)}; ids of "
            "one file belong together"
        )
    found, at = [], 0
    for (_, sequence), count in zip(records, with_first, strict=True):
        ends = np.cumsum(sizes[at : at + count]).tolist()
        begins = [0, *ends][: len(ends)]
        found.append(b"".join(sequence[b:e] + feed for b, e in zip(begins, ends, strict=True)))
        at += count
        if (ends[-1] if ends else 0) != len(sequence):
            raise DomainError("the layout is of a sequence of another length")
    return found
