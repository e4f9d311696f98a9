"""Which fields are well-formed SMILES: brackets, branches, rings, and what may follow what.

The grammar is that of OpenSMILES (James et al., opensmiles.org, 2016). Valence, aromaticity and
chirality are not looked at: they are chemistry. All fields are checked at once, as arrays.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.molecules import symbols
from tokenry.domains.molecules.notation import (
    FieldNumbers,
    Places,
    Spans,
    Symbols,
    boxes_of,
    gathered,
    looked_up,
    within_boxes,
)

_ELEMENTS: Final = (
    "He|Li|Be|Ne|Na|Mg|Al|Si|Cl|Ar|Ca|Sc|Ti|Cr|Mn|Fe|Co|Ni|Cu|Zn|Ga|Ge|As|Se|Br|Kr|Rb|Sr|Zr|Nb|Mo|"
    "Tc|Ru|Rh|Pd|Ag|Cd|In|Sn|Sb|Te|Xe|Cs|Ba|Hf|Ta|Re|Os|Ir|Pt|Au|Hg|Tl|Pb|Bi|Po|At|Rn|Fr|Ra|Rf|Db|"
    "Sg|Bh|Hs|Mt|Ds|Rg|Cn|Nh|Fl|Mc|Lv|Ts|Og|La|Ce|Pr|Nd|Pm|Sm|Eu|Gd|Tb|Dy|Ho|Er|Tm|Yb|Lu|Ac|Th|Pa|"
    "Np|Pu|Am|Cm|Bk|Cf|Es|Fm|Md|No|Lr|H|B|C|N|O|F|P|S|K|V|Y|I|W|U|as|se|te|si|b|c|n|o|p|s|\\*"
)
_ATOM: Final = re.compile(
    rf"\d*(?:{_ELEMENTS})(?:@(?:@|TH[12]|AL[12]|SP[1-3]|TB\d\d?|OH\d\d?)?)?(?:H\d*)?"
    r"(?:\+\d+|-\d+|\+{1,7}|-{1,7})?(?::\d+)?".encode()
)
# Classes of symbols; START stands for both ends of a field, a first bond is that of a branch.
_START, _ATOMS, _BONDS, _DIGITS, _PERCENT, _OPEN, _CLOSE, _DOT, _OTHER, _FIRST_BONDS = range(10)
_MAY_FOLLOW: Final = {
    _START: (_ATOMS,),
    _ATOMS: (_START, _ATOMS, _BONDS, _DIGITS, _PERCENT, _OPEN, _CLOSE, _DOT),
    _BONDS: (_ATOMS, _DIGITS, _PERCENT),
    _DIGITS: (_START, _ATOMS, _BONDS, _DIGITS, _PERCENT, _OPEN, _CLOSE, _DOT),
    _FIRST_BONDS: (_ATOMS,),
    _PERCENT: (_DIGITS,),
    _OPEN: (_ATOMS, _FIRST_BONDS, _DOT),
    _CLOSE: (_START, _ATOMS, _BONDS, _DIGITS, _PERCENT, _OPEN, _CLOSE, _DOT),
    _DOT: (_ATOMS,),
}
_LEGAL: Final = np.zeros(256, np.uint8)
for _before, _after in _MAY_FOLLOW.items():
    for _next in _after:
        _LEGAL[_before << 4 | _next] = 1
_CLASS: Final = np.full(256, _OTHER, np.uint8)
for _letters, _class in (
    (b"BCNOPSFIbcnops*[", _ATOMS), (b"-=#$:/\\~", _BONDS), (b"0123456789", _DIGITS),
    (b"%", _PERCENT), (b"(", _OPEN), (b")", _CLOSE), (b".", _DOT),
):  # fmt: skip
    _CLASS[np.frombuffer(_letters, np.uint8)] = _class


def smiles_symbols(content: NDArray[np.uint8], fields: Spans) -> Symbols:
    """The symbols of SMILES fields.

    Args:
        content: the file, shape (bytes,).
        fields: spans, ascending, none empty; shape (n, 2).
    """
    place, field_of = gathered(fields)
    byte = content[place]
    boxes, stray = boxes_of(byte, field_of)
    letters = _of_two_letters(byte)
    starts = _starts(byte, boxes, letters)
    at, field, first = place[starts], field_of[starts], byte[starts]
    marks, rare = _marks(byte, first, starts, boxes, letters)
    inside = place[boxes[rare]] + np.array([1, 0])
    classes = looked_up(_CLASS, first).copy()
    classes[1:][(classes[1:] == _BONDS) & (first[:-1] == ord("("))] = _FIRST_BONDS
    good = np.ones(len(fields), bool)
    good[stray] = False
    good[field[_misplaced(classes, field)]] = False
    good[field[np.flatnonzero(marks == symbols.SMILES_ATOM)[_unknown(content, inside)]]] = False
    good[_unbalanced(first, field)] = False
    good[_open_rings(first, classes, field, len(fields))] = False
    return Symbols(at, marks, inside, good, field)


def _of_two_letters(byte: NDArray[np.uint8]) -> list[tuple[Places, int]]:
    """Where Cl and Br stand, and their marks."""
    found = []
    for (first, second), mark in ((b"Cl", symbols.CL), (b"Br", symbols.BR)):
        at = np.flatnonzero(byte[1:] == second)
        found.append((at[byte[at] == first], mark))
    return found


def _starts(byte: NDArray[np.uint8], boxes: Places, letters: list[tuple[Places, int]]) -> Places:
    """Where symbols begin: not within brackets, and not at the second letter of Cl and Br."""
    start = ~within_boxes(boxes, len(byte))
    for at, _ in letters:
        start[at + 1] = False
    return np.flatnonzero(start)


def _marks(
    byte: NDArray[np.uint8],
    first: NDArray[np.uint8],
    starts: Places,
    boxes: Places,
    letters: list[tuple[Places, int]],
) -> tuple[NDArray[np.int16], Places]:
    """The mark of each symbol, and which brackets have none of their own."""
    marks = looked_up(symbols.SINGLE, first).astype(np.int16)
    for at, mark in letters:
        where = np.minimum(np.searchsorted(starts, at), len(starts) - 1)
        marks[where[starts[where] == at]] = mark  # others stand within brackets
    own = symbols.BRACKETED.marks(byte, boxes[:, 0] + 1, boxes[:, 1] - boxes[:, 0] - 1)
    opened = np.searchsorted(starts, boxes[:, 0])
    marks[opened] = np.where(own < 0, symbols.SMILES_ATOM, own)
    return marks, np.flatnonzero(own < 0)


def _misplaced(classes: NDArray[np.uint8], field: FieldNumbers) -> Places:
    """Symbols that cannot stand behind the one before, or at an end of a field."""
    edges = np.flatnonzero(field[1:] != field[:-1]) + 1
    before = np.empty(len(classes), np.uint8)
    before[1:] = classes[:-1]
    before[:1] = before[edges] = _START
    pairs = (before << 4 | classes).astype(np.uint8)
    wrong = looked_up(_LEGAL, pairs) == 0
    last = np.append(edges, len(classes))[: len(classes)] - 1
    wrong[last] |= _LEGAL[classes[last] << 4 | _START] == 0
    # Behind a percent sign stand two digits.
    percent = np.flatnonzero(classes == _PERCENT)
    second = np.minimum(percent + 2, len(classes) - 1)
    wrong[percent] |= (classes[second] != _DIGITS) | (field[second] != field[percent])
    return np.flatnonzero(wrong)


def _unknown(content: NDArray[np.uint8], inside: Spans) -> Places:
    """Which stretches in brackets are no atoms; those with marks of their own are."""
    known: dict[bytes, bool] = {}
    wrong = []
    for number, (begin, end) in enumerate(inside.tolist()):
        atom = content[begin:end].tobytes()
        if atom not in known:
            known[atom] = _ATOM.fullmatch(atom) is not None
        if not known[atom]:
            wrong.append(number)
    return np.array(wrong, np.int64)


def _unbalanced(first: NDArray[np.uint8], field: FieldNumbers) -> FieldNumbers:
    """Fields whose branches do not close."""
    at = np.flatnonzero((first == ord("(")) | (first == ord(")")))
    if not len(at):
        return np.zeros(0, np.int32)
    of = field[at]
    depth = np.cumsum(np.where(first[at] == ord("("), np.int32(1), np.int32(-1)), dtype=np.int32)
    begins = np.append(0, np.flatnonzero(of[1:] != of[:-1]) + 1)
    before = np.append(np.int32(0), depth[begins[1:] - 1])
    after = np.append(depth[begins[1:] - 1], depth[-1:])
    lowest = np.minimum.reduceat(depth, begins)
    unbalanced: FieldNumbers = of[begins[(lowest < before) | (after != before)]]
    return unbalanced


def _open_rings(
    first: NDArray[np.uint8], classes: NDArray[np.uint8], field: FieldNumbers, fields: int
) -> Places:
    """Fields in which a ring is opened and not closed."""
    percent = np.flatnonzero(classes == _PERCENT)
    single = classes == _DIGITS
    for step in (1, 2):
        single[np.minimum(percent + step, len(single) - 1)] = False
    percent = percent[percent + 2 < len(first)]
    tens, ones = (classes[percent + step] == _DIGITS for step in (1, 2))
    percent = percent[tens & ones]
    digits = np.flatnonzero(single)
    keys = field[digits].astype(np.int64) * 10 + first[digits] - ord("0")
    odd = np.flatnonzero(np.bincount(keys, minlength=10 * fields) & 1) // 10
    value = 10 * first[percent + 1].astype(np.int64) + first[percent + 2] - 11 * ord("0")
    rings, counts = np.unique(field[percent].astype(np.int64) * 100 + value, return_counts=True)
    return np.unique(np.append(odd, rings[counts % 2 == 1] // 100))
