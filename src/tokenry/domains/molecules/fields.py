"""Fields as marks and bytes: what each holds, symbol by symbol, and both in one row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.molecules import symbols
from tokenry.domains.molecules.columns import FieldTable
from tokenry.domains.molecules.notation import Symbols, gathered
from tokenry.domains.molecules.selfies import selfies_symbols
from tokenry.domains.molecules.smiles import put_marks
from tokenry.domains.parsed import Parsed

Bytes = NDArray[np.uint8]
_OF_NUMBERS = np.isin(np.arange(256), np.frombuffer(b"0123456789+-.eE", np.uint8))
_DIGIT = np.isin(np.arange(256), np.frombuffer(b"0123456789", np.uint8))


@dataclass(frozen=True)
class Marked:
    """Marks and bytes of a file by place.

    Attributes:
        kinds: the mark of each field; shape (fields,).
        marks: the mark that a byte, and those behind it, are; -1 for none; shape (bytes,).
        spelt: whether a byte is in the run; shape (bytes,).
    """

    kinds: NDArray[np.int16]
    marks: NDArray[np.int16]
    spelt: NDArray[np.bool_]


def marked_fields(data: bytes, fields: FieldTable, columns: list[int]) -> Marked:
    """What the fields of a file hold, where columns hold this."""
    content = np.frombuffer(data, np.uint8)
    by_column = np.array([*columns, symbols.TEXT], np.int16)
    kinds = by_column[np.minimum(fields.column, len(columns))]
    begins, ends = fields.spans[:, 0], fields.spans[:, 1]
    kinds[begins == ends] = symbols.TEXT
    marks = np.full(len(content), np.int16(-1))
    marks[fields.rows] = symbols.ROW
    spelt = within(fields.spans, len(content))
    of = np.flatnonzero(kinds == symbols.SMILES)
    if len(of):
        kinds[of[~put_marks(data, fields.spans[of], marks, spelt)]] = symbols.BROKEN
    of = np.flatnonzero(kinds == symbols.SELFIES)
    if len(of):
        found = selfies_symbols(content, fields.spans[of])
        kinds[of[~found.good]] = symbols.BROKEN
        _put(found, fields.spans[of[found.good]], marks, spelt)
    _put_proteins(content, fields, kinds, marks, spelt)
    _check_numbers(content, fields, kinds)
    return Marked(kinds, marks, spelt)


def within(spans: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Whether each of ``size`` places is in a span; spans do not overlap."""
    steps = np.zeros(size + 1, np.int8)
    steps[spans[:, 0]] = 1
    steps[spans[:, 1]] -= 1  # where one begins as another ends, nothing changes
    return np.cumsum(steps[:-1], dtype=np.int8) > 0


def _put(
    found: Symbols, spans: NDArray[np.int64], marks: NDArray[np.int16], spelt: NDArray[np.bool_]
) -> None:
    """Marks of the symbols of well-formed fields; their bytes are not spelt, but rare symbols."""
    if found.good.all():
        marks[found.at] = found.marks
        inside = found.inside
    else:
        good = found.good[found.field]
        marks[found.at[good]] = found.marks[good]
        inside = found.inside[good[found.marks == symbols.SELFIES_SYMBOL]]
    spelt &= ~within(spans, len(spelt))
    spelt[gathered(inside)[0]] = True


def _put_proteins(
    content: Bytes,
    fields: FieldTable,
    kinds: NDArray[np.int16],
    marks: NDArray[np.int16],
    spelt: NDArray[np.bool_],
) -> None:
    of = np.flatnonzero(kinds == symbols.PROTEIN)
    if not len(of):
        return
    wrong = _having(symbols.AMINO < 0, content, fields.spans[of])
    kinds[of[wrong]] = symbols.BROKEN
    places, _ = gathered(fields.spans[of[~wrong]])
    marks[places] = symbols.AMINO[content[places]]
    spelt[places] = False


def _check_numbers(content: Bytes, fields: FieldTable, kinds: NDArray[np.int16]) -> None:
    of = np.flatnonzero(kinds == symbols.NUMBER)
    kinds[of[_having(~_OF_NUMBERS, content, fields.spans[of])]] = symbols.TEXT


def _having(
    letters: NDArray[np.bool_], content: Bytes, spans: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which spans have one of some bytes."""
    places, field = gathered(spans)
    found = np.zeros(len(spans), bool)
    found[field[letters[content[places]]]] = True
    return found


def joined(content: Bytes, fields: FieldTable, marked: Marked, residue: bytes) -> Parsed:
    """Fields, each behind the mark of its kind, and the ends of lines, in the order of the file."""
    begins = np.ascontiguousarray(fields.spans[:, 0])
    run = content[marked.spelt]
    own = np.flatnonzero(marked.marks >= 0)
    spelt = np.flatnonzero(marked.spelt)
    # Each mark of a field comes after the own marks before it, each own mark after the fields that
    # begin before it or with it.
    at_field = _native.ranks_of(begins, own)
    first = at_field + np.arange(len(begins))
    others = np.ones(len(own) + len(begins), bool)
    others[first] = False
    marks = np.empty(len(others), np.uint16)
    marks[first], marks[others] = marked.kinds, marked.marks[own]
    # Of many marks few have spelt bytes behind them: marks at or before each byte are counted.
    before = _native.ranks_of(spelt, own, or_equal=True)
    before += _native.ranks_of(spelt, begins, or_equal=True)
    counts = np.diff(np.concatenate([[0], before, [len(marks)]]))
    places = np.repeat(np.arange(len(spelt) + 1, dtype=np.uint64), counts)
    return Parsed(run=run.tobytes(), cuts=_cuts(run), marks=marks, places=places, residue=residue)


def _cuts(run: Bytes) -> NDArray[np.uint64]:
    """Around each digit, and before each space."""
    digit = _DIGIT[run]
    cut = digit | (run == ord(" "))
    cut[1:] |= digit[:-1]
    return np.flatnonzero(cut).astype(np.uint64)
