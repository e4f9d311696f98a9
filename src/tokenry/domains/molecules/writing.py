"""Marks and bytes as the lines of a file again."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.molecules import symbols
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError

_ANY: Final = -1  # the field of marks that may stand in all


def _fields_of_marks() -> NDArray[np.int16]:
    """The kind of field that each mark may stand in."""
    kinds = np.full(len(symbols.MARKS), _ANY, np.int16)
    kinds[symbols.SMILES_ATOM] = kinds[symbols.FIRST_SINGLE : symbols.FIRST_SELFIES] = (
        symbols.SMILES
    )
    kinds[symbols.SELFIES_SYMBOL] = symbols.SELFIES
    kinds[symbols.FIRST_SELFIES : symbols.FIRST_AMINO] = symbols.SELFIES
    kinds[symbols.FIRST_AMINO :] = symbols.PROTEIN
    return kinds


_FIELD: Final = _fields_of_marks()
_SIZES: Final = np.array([len(each) for each in symbols.SPELT], np.int64)
_SPELT: Final = np.zeros((len(symbols.SPELT), int(_SIZES.max())), np.uint8)
for _number, _each in enumerate(symbols.SPELT):
    _SPELT[_number, : len(_each)] = np.frombuffer(_each, np.uint8)
_WITH_BYTES: Final = np.isin(
    np.arange(len(symbols.MARKS)),
    (
        symbols.TEXT, symbols.NUMBER, symbols.BROKEN, symbols.SMILES_ATOM, symbols.SELFIES_SYMBOL,
    ),
)  # fmt: skip
_BOXES: Final = (symbols.SMILES_ATOM, symbols.SELFIES_SYMBOL)


def residue_of(separator: bytes, returns: bool) -> bytes:
    """What says how fields and lines are ended; nothing for tabs and plain new lines."""
    found = separator + b"\r" * returns
    return b"" if found == b"\t" else found


def written(parsed: Parsed) -> bytes:
    """The lines of marks and bytes.

    Raises:
        DomainError: a symbol or a byte stands where its field cannot have it.
    """
    separator, returns = _ends(parsed.residue)
    marks = parsed.marks.astype(np.int64)
    ends = np.append(parsed.places, len(parsed.run)).astype(np.int64)
    behind = ends[1:] - ends[:-1]
    _check(marks, behind, len(parsed.run))
    sizes = _SIZES[marks]
    boxes = np.isin(marks, _BOXES)
    # A field that is not the first of its line has a separator in front.
    begins = np.flatnonzero(marks < symbols.ROW)
    first = np.ones(len(begins), bool)
    first[1:] = np.diff(np.searchsorted(np.flatnonzero(marks == symbols.ROW), begins)) > 0
    sizes[begins[~first]] = 1
    if returns:
        sizes[marks == symbols.ROW] = 2
    widths = sizes + behind + boxes
    at = np.cumsum(widths) - widths
    out = np.empty(int(widths.sum()), np.uint8)
    _spell(out, at, marks)
    out[at[begins[~first]]] = separator[0]
    if returns:
        rows = at[marks == symbols.ROW]
        out[rows], out[rows + 1] = b"\r\n"
    out[at[boxes] + widths[boxes] - 1] = ord("]")
    run = np.frombuffer(parsed.run, np.uint8)
    out[np.arange(len(run)) + np.repeat(at + sizes - np.cumsum(behind) + behind, behind)] = run
    return out.tobytes()


def _spell(out: NDArray[np.uint8], at: NDArray[np.int64], marks: NDArray[np.int64]) -> None:
    """Write what marks stand for, a byte of each at a time."""
    left = np.flatnonzero(_SIZES[marks] > 0)
    for column in range(_SPELT.shape[1]):
        left = left[_SIZES[marks[left]] > column]
        out[at[left] + column] = _SPELT[marks[left], column]


def _ends(residue: bytes) -> tuple[bytes, bool]:
    if residue[1:] not in (b"", b"\r"):
        raise DomainError(
            "what stands aside of molecules is damaged: no separator and end of lines"
        )
    return residue[:1] or b"\t", residue[1:] == b"\r"


def _check(marks: NDArray[np.int64], behind: NDArray[np.int64], size: int) -> None:
    if behind.sum() != size:
        raise DomainError("bytes stand before the first field; a field begins with its kind")
    fields = np.where(marks < symbols.ROW, np.arange(len(marks)), -1)
    current = np.maximum.accumulate(fields) if len(marks) else fields
    kind = np.where(current >= 0, marks[current], symbols.ROW)
    wrong = (_FIELD[marks] != _ANY) & (_FIELD[marks] != kind)
    wrong |= (behind > 0) & ~_WITH_BYTES[marks]
    if wrong.any():
        at = int(np.argmax(wrong))
        raise DomainError(
            f"mark {at}, {symbols.MARKS[marks[at]]!r}, or the bytes behind it cannot stand in a "
            f"field of {symbols.MARKS[kind[at]]}"
        )
