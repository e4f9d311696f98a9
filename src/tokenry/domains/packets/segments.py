"""Segments of what a reader made, each behind a mark, put into another order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tokenry import _native
from tokenry.domains.parsed import Parsed
from tokenry.domains.residue import Array
from tokenry.errors import DomainError


def in_order(parsed: Parsed, mark: int, order: Array) -> Parsed:
    """The segments that begin with ``mark`` in another order; what stands before them stays first.

    Cuts must name all stretches, for channels follow them.

    Args:
        parsed: with one cut at the beginning of each stretch.
        mark: number of the mark that begins a segment.
        order: which segment comes first, second, and so on; shape (n,).
    """
    begins = parsed.places[parsed.marks == mark].astype(np.int64)
    moved = _moved(begins, len(parsed.run), order)
    cuts = parsed.cuts.view(np.int64)
    of_cut = _native.ranks_of(cuts, begins, or_equal=True)
    cuts = cuts + moved[of_cut]
    by_cut = np.argsort(cuts, kind="stable")
    of_mark = np.cumsum(parsed.marks == mark)
    rank = np.append(0, 1 + np.argsort(order))[of_mark]
    by_mark = np.argsort(rank, kind="stable")
    places = parsed.places.astype(np.int64) + moved[of_mark]
    return replace(
        parsed,
        run=run_in_order(parsed.run, begins, order),
        cuts=cuts[by_cut].view(np.uint64),
        marks=parsed.marks[by_mark],
        places=places[by_mark].view(np.uint64),
        channels={name: values[by_cut] for name, values in parsed.channels.items()},
    )


def run_in_order(run: bytes, begins: Array, order: Array) -> bytes:
    """The bytes with their segments in another order.

    Raises:
        DomainError: there are not as many segments as the order names.
    """
    if len(begins) != len(order):
        raise DomainError(f"{len(begins)} packets in an order of {len(order)}; ids of one file "
                          "belong together")  # fmt: skip
    if not len(order):
        return run
    ends = [*begins[1:].tolist(), len(run)]
    starts = begins.tolist()
    parts = [run[starts[each] : ends[each]] for each in order.tolist()]
    return b"".join([run[: starts[0]], *parts])


def _moved(begins: Array, size: int, order: Array) -> Array:
    """How far each segment moves; 0 for what stands before the first; shape (n + 1,)."""
    sizes = np.diff(begins, append=size)
    first = begins[:1] if len(begins) else np.zeros(1, np.int64)
    ends = first + np.cumsum(sizes[order])
    moved = np.zeros(len(begins) + 1, np.int64)
    moved[1 + order] = ends - sizes[order] - begins[order]
    return moved
