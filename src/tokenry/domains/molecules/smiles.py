"""Which fields are well-formed SMILES: brackets, branches, rings, and what may follow what.

The grammar is that of OpenSMILES (James et al., opensmiles.org, 2016). Valence, aromaticity and
chirality are not looked at: they are chemistry. The core reads (native/domains/smiles.cpp).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.molecules import symbols


@lru_cache(maxsize=1)
def _reader() -> _native.SmilesMarks:
    spelt = symbols.SPELT
    return _native.SmilesMarks(
        symbols=[*spelt[symbols.FIRST_SINGLE : symbols.FIRST_BRACKETED]],
        first_symbol=symbols.FIRST_SINGLE,
        atoms=[each[1:-1] for each in spelt[symbols.FIRST_BRACKETED : symbols.FIRST_SELFIES]],
        first_atom=symbols.FIRST_BRACKETED,
        other_atom=symbols.SMILES_ATOM,
    )


def well_formed(data: bytes, fields: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each field of a file is SMILES, shape (n,); fields are spans, none empty, (n, 2)."""
    return _reader().read(data, np.ascontiguousarray(fields)).view(np.bool_)


def put_marks(
    data: bytes,
    fields: NDArray[np.int64],
    marks: NDArray[np.int16],
    spelt: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """`well_formed`, and the marks of the symbols of such fields.

    Args:
        data: the file.
        fields: spans, none empty, shape (n, 2).
        marks: by byte of the file; those of symbols are put where they begin.
        spelt: by byte; False for what marks say, True within rare atoms.
    """
    flags = spelt.view(np.uint8)
    return _reader().read(data, np.ascontiguousarray(fields), marks, flags).view(np.bool_)
