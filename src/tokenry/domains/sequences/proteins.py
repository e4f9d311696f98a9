"""Proteins: amino acids of FASTA files, read as DNA is (`tokenry.domains.sequences.dna`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tokenry.domains.contract import Promise
from tokenry.domains.sequences.letters import Sequences


@dataclass(frozen=True, kw_only=True)
class Proteins(Sequences):
    """FASTA or a bare sequence of amino acids; options in `Sequences`."""

    name: ClassVar[str] = "proteins"
    alphabet: ClassVar[bytes] = b"ACDEFGHIKLMNPQRSTVWYBZXJUO*-."
    noun: ClassVar[str] = "amino acid"
    unknown: ClassVar[bytes] = b"X"
    learning: ClassVar[Mapping[str, Any]] = {"max_piece_length": 16}
    suffixes: ClassVar[tuple[str, ...]] = (".faa", ".pep")
    promise: ClassVar[Promise] = Promise(
        lossless="FASTA and bare sequences of IUPAC amino acids, any line lengths and case",
        dropped="nothing; letter case with case=drop",
        ids="marks for header, sequence and a gap of X; pieces are amino acids in upper case; line "
        "lengths, runs of lower case and lengths of gaps stand aside",
    )
