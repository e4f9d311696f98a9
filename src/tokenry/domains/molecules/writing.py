"""Marks and bytes as the lines of a file again."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
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
_FIRST: Final = np.array([each[0] if each else 0 for each in symbols.SPELT], np.uint8)
_LONG: Final = _SIZES > 1
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
    marks = parsed.marks
    begins = np.flatnonzero(marks < symbols.ROW)
    rows = np.flatnonzero(marks == symbols.ROW)
    spoken, sizes = _behind(parsed)
    _check(marks, begins, spoken)
    # Every mark writes its first byte, then what it has beside, a repetition of that at first.
    first, widths = _FIRST[marks], _SIZES[marks]
    later = begins[1:][np.diff(_native.ranks_of(begins, rows)) == 0]
    first[later], widths[later] = separator[0], 1
    if returns:
        first[rows], widths[rows] = b"\r\n"[0], 2
    boxes = np.flatnonzero(np.isin(marks[spoken], _BOXES))
    own = widths[spoken]
    widths[spoken] += sizes
    widths[spoken[boxes]] += 1
    ends = np.cumsum(widths, dtype=np.int64)
    out = np.repeat(first, widths)
    _spell(out, ends, marks)
    if returns:
        out[ends[rows] - 1] = ord("\n")
    out[ends[spoken[boxes]] - 1] = ord("]")
    run = np.frombuffer(parsed.run, np.uint8)
    at = ends[spoken] - widths[spoken] + own - np.cumsum(sizes) + sizes
    out[np.arange(len(run)) + np.repeat(at, sizes)] = run
    return out.tobytes()


def _behind(parsed: Parsed) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which marks have bytes behind them, and how many."""
    places = np.append(parsed.places, np.uint64(len(parsed.run)))
    spoken = np.flatnonzero(places[1:] != places[:-1])
    sizes = (places[spoken + 1] - places[spoken]).astype(np.int64)
    if sizes.sum() != len(parsed.run):
        raise DomainError("bytes stand before the first field; a field begins with its kind")
    return spoken, sizes


def _spell(out: NDArray[np.uint8], ends: NDArray[np.int64], marks: NDArray[np.uint16]) -> None:
    """Write what marks stand for behind their first bytes, a byte of each at a time."""
    left = np.flatnonzero(_LONG[marks])
    begins = np.where(left > 0, ends[left - 1], 0)
    for column in range(1, _SPELT.shape[1]):
        more = _SIZES[marks[left]] > column
        left, begins = left[more], begins[more]
        out[begins + column] = _SPELT[marks[left], column]


def _ends(residue: bytes) -> tuple[bytes, bool]:
    if residue[1:] not in (b"", b"\r"):
        raise DomainError(
            "what stands aside of molecules is damaged: no separator and end of lines"
        )
    return residue[:1] or b"\t", residue[1:] == b"\r"


def _check(marks: NDArray[np.uint16], begins: NDArray[np.int64], spoken: NDArray[np.int64]) -> None:
    """Refuse symbols in fields that cannot have them, and bytes behind marks that have none."""
    kinds = np.repeat(
        np.append(np.int16(symbols.ROW), marks[begins].astype(np.int16)),
        np.diff(np.concatenate([[0], begins, [len(marks)]])),
    )
    field = _FIELD[marks]
    wrong = (field != kinds) & (field != _ANY)
    wrong[spoken] |= ~_WITH_BYTES[marks[spoken]]
    if wrong.any():
        at = int(np.argmax(wrong))
        raise DomainError(
            f"mark {at}, {symbols.MARKS[marks[at]]!r}, or the bytes behind it cannot stand in a "
            f"field of {symbols.MARKS[kinds[at]]}"
        )
