"""DNA: sequences of FASTA and FASTQ files without line ends, in one case, gaps as one id.

Source: Zhou et al. 2024, "DNABERT-2", arXiv:2306.15006: BPE over bases without pretokens. There
files are stripped to upper-case ACGTN first; here what is stripped stands aside, so that the file
comes back. A sequence and its reverse complement, or the same one shifted by a base, have unrelated
ids; `tokenry.domains.sequences.strands` says how unrelated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tokenry.domains.contract import Promise
from tokenry.domains.sequences.letters import Sequences


@dataclass(frozen=True, kw_only=True)
class Dna(Sequences):
    """FASTA, FASTQ or a bare sequence of nucleotides; options in `Sequences`."""

    name: ClassVar[str] = "dna"
    alphabet: ClassVar[bytes] = b"ACGTUNRYSWKMBDHV-*."
    noun: ClassVar[str] = "nucleotide"
    unknown: ClassVar[bytes] = b"N"
    learning: ClassVar[Mapping[str, Any]] = {"max_piece_length": 16}
    suffixes: ClassVar[tuple[str, ...]] = (".fa", ".fna", ".fasta", ".ffn", ".fq", ".fastq")
    promise: ClassVar[Promise] = Promise(
        lossless="FASTA, FASTQ and bare sequences of IUPAC nucleotides, any line lengths and case",
        dropped="nothing; letter case with case=drop, qualities with quality=drop",
        ids="marks for header, sequence, quality and a gap of N; pieces are bases in upper case; "
        "line lengths, runs of lower case and lengths of gaps stand aside",
    )
