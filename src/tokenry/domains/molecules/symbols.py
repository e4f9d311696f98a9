"""The marks of molecules: kinds of fields, then the symbols of SMILES, SELFIES and proteins.

Atoms in brackets that many molecules have are marks of their own; any other is the mark of its
notation with the inside of the brackets behind it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FIELDS: Final = ("text", "smiles", "selfies", "protein", "number", "broken")
TEXT, SMILES, SELFIES, PROTEIN, NUMBER, BROKEN = range(len(FIELDS))
ROW: Final = len(FIELDS)
"""The mark of the end of a line."""
SMILES_ATOM: Final = ROW + 1
"""The mark of a SMILES atom in brackets that has no mark of its own."""
SELFIES_SYMBOL: Final = ROW + 2
"""The mark of a SELFIES symbol that has no mark of its own."""

_SINGLE: Final = (*"BCNOPSFIbcnops*-=#$:/\\~.()%0123456789", "Cl", "Br")
_BRACKETED: Final = (
    "nH", "H", "C@", "C@@", "C@H", "C@@H", "O-", "S-", "N-", "C-", "n-", "NH-", "N+", "n+", "S+",
    "O+", "P+", "NH+", "NH2+", "NH3+", "nH+", "S@", "S@@", "S@+", "S@@+", "P@", "P@@", "N@",
    "N@@", "N@+", "N@@+", "Na+", "K+", "Li+", "Ca+2", "Ca++", "Mg+2", "Mg++", "Zn+2", "Zn++",
    "Ag+", "Cl-", "Br-", "I-", "F-", "OH-", "I+", "Cl+", "B-", "BH-", "Na", "Si", "Se", "se",
    "As", "as", "Te", "te", "Sn", "Hg", "Pt", "Pd", "Fe", "Fe+2", "Fe+3", "Cu", "Cu+2", "Zn",
    "Al", "Al+3", "Mn", "Co", "Ni", "Cr", "Ti", "Ge", "Pb", "Bi", "Sb", "2H", "3H", "13C", "14C",
    "15N", "18F", "125I", "131I", "SiH", "SiH2", "AsH", "PH", "BH", "SeH", "C@@-", "C@-", "CH",
    "CH2", "CH3", "CH-", "CH2-", "NH", "NH2", "OH", "SH", "H+", "H-", "O", "N", "C", "S", "P",
    "B", "F", "Cl", "Br", "I",
)  # fmt: skip
_BONDS: Final = ("", "=", "#")
_SELFIES: Final = (
    *(bond + atom for bond in _BONDS for atom in ("C", "N", "O", "S", "P", "B", "Si", "Se")),
    "F", "Cl", "Br", "I", "H", "nop", "/C", "\\C", "/N", "\\N", "/O", "\\O", "/S", "\\S",
    *(f"{bond}{name}{n}" for bond in _BONDS for name in ("Branch", "Ring") for n in (1, 2, 3)),
    *(f"{a}{b}Ring{size}" for a in "-/\\" for b in "-/\\" for size in (1, 2)),
    *(bond + atom for bond in _BONDS for atom in ("O-1", "N+1", "S-1", "S+1", "N-1", "C-1", "O+1")),
    "C@1", "C@@1", "C@H1", "C@@H1", "/C@H1", "\\C@H1", "/C@@H1", "\\C@@H1", "/C@1", "/C@@1",
    "NH1+1", "NH2+1", "NH3+1", "=NH1+1", "=NH2+1", "P+1", "S@1", "S@@1", "NH1", "Na+1", "K+1",
    "Cl-1", "Br-1", "I-1", "Li+1", "Ca+2", "Mg+2", "Zn+2", "B-1", "BH1-1", "2H", "13C", "Na", "Sn",
    "As", "Hg", "=P@1", "=S@1", "=S@@1", "Se-1", "SiH1", "SiH2", "I+1", "CH1-1", "CH2-1", "CH0",
    "OH0", "OH1",
)  # fmt: skip
_AMINO_ACIDS: Final = "ACDEFGHIKLMNPQRSTVWYBJOUXZ*-"

FIRST_SINGLE: Final = ROW + 3
FIRST_BRACKETED: Final = FIRST_SINGLE + len(_SINGLE)
FIRST_SELFIES: Final = FIRST_BRACKETED + len(_BRACKETED)
SELFIES_DOT: Final = FIRST_SELFIES + len(_SELFIES)
FIRST_AMINO: Final = SELFIES_DOT + 1
END: Final = FIRST_AMINO + len(_AMINO_ACIDS)


def _named(notation: str, symbols: tuple[str, ...] | list[str] | str) -> tuple[str, ...]:
    # A dot would say that the mark is of another domain.
    return tuple(f"{notation} {symbol.replace('.', '·')}" for symbol in symbols)


MARKS: Final = (
    *FIELDS,
    "row",
    "smiles atom",
    "selfies symbol",
    *_named("smiles", _SINGLE),
    *_named("smiles", [f"[{each}]" for each in _BRACKETED]),
    *_named("selfies", [f"[{each}]" for each in _SELFIES]),
    "selfies ·",
    *_named("amino", _AMINO_ACIDS),
)
"""Names of the marks, by number."""
SPELT: Final[tuple[bytes, ...]] = (
    *(b"" for _ in FIELDS),
    b"\n",
    b"[",
    b"[",
    *map(str.encode, _SINGLE),
    *(f"[{each}]".encode() for each in (*_BRACKETED, *_SELFIES)),
    b".",
    *map(str.encode, _AMINO_ACIDS),
)
"""What each mark stands for; an atom or a symbol without an own mark is closed by ``]``."""


def _by_byte(first: int, symbols: tuple[str, ...] | str) -> NDArray[np.int16]:
    table = np.full(256, -1, np.int16)
    for number, symbol in enumerate(symbols):
        if len(symbol) == 1:
            table[ord(symbol)] = first + number
    return table


AMINO: Final = _by_byte(FIRST_AMINO, _AMINO_ACIDS)
"""Marks of amino acids by letter, -1 for none; shape (256,)."""
MOST_PACKED: Final = 8


class Packed:
    """Marks by what stands in brackets, of at most `MOST_PACKED` bytes, as one number each."""

    def __init__(self, first: int, symbols: tuple[str, ...] | list[str]) -> None:
        keys = np.array([int.from_bytes(each.encode(), "little") for each in symbols], np.uint64)
        order = np.argsort(keys)
        self._keys = keys[order]
        self._marks = (first + order).astype(np.int16)
        self._sizes = np.array([len(symbols[number]) for number in order.tolist()], np.int64)

    def marks(
        self, content: NDArray[np.uint8], begins: NDArray[np.int64], sizes: NDArray[np.int64]
    ) -> NDArray[np.int16]:
        """The marks of the stretches of ``content``, -1 where there is none; shape (n,)."""
        padded = np.concatenate([content, np.zeros(MOST_PACKED, np.uint8)])
        # A window of eight bytes at every place, without a copy.
        windows = np.ndarray((len(content) + 1,), "<u8", padded.tobytes(), strides=(1,))
        spare = np.uint64(8) * (np.uint64(8) - np.clip(sizes, 1, 8).astype(np.uint64))
        keys = windows[begins] & (np.uint64(0xFFFFFFFFFFFFFFFF) >> spare)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        known = (self._keys[at] == keys) & (self._sizes[at] == sizes)
        return np.where(known, self._marks[at], np.int16(-1))


SELFIES_MARKS: Final = Packed(FIRST_SELFIES, _SELFIES)
