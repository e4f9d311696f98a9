"""``vocab.json`` and ``merges.txt`` read at once by the core, where both are as they usually are.

One by one their 100,000 lines take four times as long as in tokenizers. What is odd in any way is
left to `tokenry.formats.merges`, which takes it or says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.formats.tokenizer_json.tokens import Tokens, UnknownNameError
from tokenry.text.segmenters.merge_table import MergeRows
from tokenry.vocabulary import Packed, Vocabulary

_BEFORE, _BEHIND = b'{"model":{"vocab":', b"}}"
_SPACE, _LINE_FEED = 0x20, 0x0A


def read_names(data: bytes) -> Tokens | None:
    """Names of the ids of a ``vocab.json``; None where a name or an id is odd or comes twice."""
    found, _ = _native.read_json_model(_BEFORE + data + _BEHIND)
    if found is None or found[3] is not None:  # a list of names with scores
        return None
    end = found[1] - len(_BEFORE)
    return None if data[end:].strip() else Tokens(found[2])


def read_at_once(
    merges: bytes, vocabulary: bytes, specials: Mapping[str, int]
) -> tuple[Vocabulary, MergeRows] | None:
    """Ordinary pieces and merges as ids, shape (m, 3); None where anything is odd.

    Args:
        merges: ``merges.txt``.
        vocabulary: ``vocab.json``.
        specials: names that stand among its pieces and are none, with their ids.
    """
    tokens = read_names(vocabulary)
    sides = _sides(merges)
    if tokens is None or sides is None:
        return None
    named = [id_ for name, id_ in specials.items() if tokens.find(name) == id_]
    run, offsets, odd = tokens.core.pieces("bytes")
    rows = _rows(tokens, sides)
    if rows is None or not set(odd.tolist()) <= set(named) or np.isin(rows, named).any():
        return None
    pieces = Vocabulary.from_packed(run, offsets)
    pieces = Vocabulary.from_packed(*pieces.packed(without=named))
    return (pieces, rows) if len(pieces.single_bytes()) == 256 else None


def _rows(tokens: Tokens, sides: Packed) -> MergeRows | None:
    try:
        rows, _ = tokens.merges(sides)
    except UnknownNameError:
        return None
    return rows if 2 * len(rows) == len(sides[1]) - 1 else None  # else one comes twice


def _sides(merges: bytes) -> Packed | None:
    """The two sides of each merge, one behind the other."""
    if merges.startswith(b"#version"):
        merges = merges.partition(b"\n")[2]
    if not merges.endswith(b"\n"):
        merges += b"\n"
    data = np.frombuffer(merges, np.uint8)
    ends = np.flatnonzero((data == _SPACE) | (data == _LINE_FEED))
    if not _alternate(data, ends) or b"\r" in merges or b"\n#version" in merges:
        return None
    widths = np.diff(ends, prepend=-1) - 1
    if not widths.all():
        return None
    offsets = np.zeros(len(ends) + 1, np.uint64)
    np.cumsum(widths, out=offsets[1:])
    return merges.translate(None, b" \n"), offsets


def _alternate(data: NDArray[np.uint8], ends: NDArray[np.intp]) -> bool:
    """Whether a space stands behind every first side and a line feed behind every second."""
    spaces, line_feeds = data[ends[::2]], data[ends[1::2]]
    even = len(ends) > 0 and len(ends) % 2 == 0
    return even and bool((spaces == _SPACE).all() and (line_feeds == _LINE_FEED).all())
