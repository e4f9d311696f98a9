"""Molecules and proteins in lines and columns: an id for each atom, bond and amino acid.

Source: Pei et al. 2024, "BioT5+: Towards Generalized Biological Understanding with IUPAC
Integration and Multi-task Tuning", arXiv:2402.17810.

1. Lines are cut into fields; what a column holds is told from its fields, or said.
2. SMILES become atoms, bonds, rings and branches, SELFIES their symbols, proteins their amino
   acids, each a mark, so that no text has the id of an atom; numbers are cut into single digits.
3. A mark before each field says what it is; a field that is not what its column is has another.

BioT5+ writes modalities into the text (``<p>M``), where text can write them, too; here marks are
ids that no bytes produce. What SMILES is follows the grammar, not chemistry: valence is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from tokenry.domains.contract import Domain, Promise
from tokenry.domains.molecules import symbols
from tokenry.domains.molecules.columns import FieldTable, kinds_of_columns, separator_of, split
from tokenry.domains.molecules.fields import joined, marked_fields
from tokenry.domains.molecules.writing import residue_of, written
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError

Kind = Literal["text", "smiles", "selfies", "protein", "number"]
_SAMPLED = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Molecules(Domain):
    """Options of the domain.

    Attributes:
        columns: what each column holds; those not named are text. None tells it from each file.
    """

    columns: tuple[Kind, ...] | None = None

    name: ClassVar[str] = "molecules"
    suffixes: ClassVar[tuple[str, ...]] = (".smi", ".smiles", ".selfies", ".can", ".ism")
    promise: ClassVar[Promise] = Promise(
        lossless="lines of fields between tabs, commas or a space, with a column of molecules",
        dropped="nothing: separators and ends of lines stand aside",
        ids="a mark for the kind of each field, the end of a line, each symbol of SMILES and of "
        "SELFIES and each amino acid; text, rare atoms and single digits are bytes and pieces",
    )

    @property
    def marks(self) -> tuple[str, ...]:
        """Kinds of fields, ends of lines, then symbols."""
        return symbols.MARKS

    def recognises(self, data: bytes) -> bool:
        """Whether a column of its first lines holds molecules."""
        head = data[:_SAMPLED]
        return any(kind in _MOLECULES for kind in self._columns(head)[1])

    def read(self, data: bytes) -> Parsed:
        """The fields of a file.

        Raises:
            DomainError: no column holds molecules or proteins.
        """
        fields, kinds = self._columns(data)
        if not any(kind in _MOLECULES for kind in kinds):
            raise DomainError(
                f"no column holds SMILES, SELFIES or proteins: of line 1, {data[:40]!r}, and those "
                "behind it; expected one that is so in half of the lines, or say columns="
            )
        marked = marked_fields(data, fields, kinds)
        return joined(
            np.frombuffer(data, np.uint8),
            fields,
            marked,
            residue_of(fields.separator, fields.returns),
        )

    def _columns(self, data: bytes) -> tuple[FieldTable, list[int]]:
        content = np.frombuffer(data, np.uint8)
        fields = split(data, content, separator_of(data))
        if self.columns is not None:
            return fields, [symbols.FIELDS.index(each) for each in self.columns]
        return fields, kinds_of_columns(data, content, fields)

    def write(self, parsed: Parsed) -> bytes:
        """The lines again; without what stands aside, with tabs between fields.

        Raises:
            DomainError: a symbol stands where its field cannot have it.
        """
        return written(parsed)


_MOLECULES = (symbols.SMILES, symbols.SELFIES, symbols.PROTEIN)
