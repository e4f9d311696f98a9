"""DNA and proteins: what stands in the ids, what aside, and what is refused."""

from __future__ import annotations

import pytest

from tokenry.domains import learn
from tokenry.domains.domain_tokenizer import RAW
from tokenry.domains.parsed import of_sections
from tokenry.domains.sequences.dna import Dna
from tokenry.domains.sequences.proteins import Proteins
from tokenry.errors import DomainError

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.SmallerVocabularyWarning")
GENOME = b">one x\nACGTacgtAC\nGT\n>two\nAC" + b"N" * 40 + b"GT\n"
READS = b"@r1\nACGT\n+\nIIII\n@r2\nNN\n+r2\n!!\n"


def test_letters_stand_in_one_case_across_lines() -> None:
    parsed = Dna().read(GENOME)
    assert parsed.run == b"one xACGTACGTACGTtwoACGT"
    marks = [Dna().marks[mark] for mark in parsed.marks.tolist()]
    assert marks == ["record", "sequence", "record", "sequence", "gap"]


def test_policies_of_case_gap_and_quality() -> None:
    assert b"acgt" in Dna(case="keep").read(GENOME).run
    assert b"N" * 40 in Dna(gap=0).read(GENOME).run
    assert not Dna(case="drop").lossless
    dropped = Dna(case="drop")
    assert dropped.write(dropped.read(GENOME)) == GENOME.replace(b"acgt", b"ACGT")
    for quality in ("keep", "aside"):
        domain = Dna(quality=quality)
        assert (b"IIII" in domain.read(READS).run) == (quality == "keep")
        assert domain.write(domain.read(READS)) == READS
    bare = Dna(quality="drop")
    assert bare.write(bare.read(READS)) == READS.replace(b"IIII", b"!!!!")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b">x\nACGE\n", "b'E' is no nucleotide, and 1 such letters"),
        (b">x\nAC GT\n", "b' ' is no nucleotide"),
        (b"@r\nACGT\n+\nIII\n", "3 qualities of 4 bases"),
        (b"@r\nACGT\n+\n", "3 lines; a FASTQ has four a read"),
        (b"@r\nACGT\n-\nIIII\n", "line 3 does not begin with '[+]'"),
        (b"@r\nACGT\n+other\nIIII\n", "behind '[+]' stands b'other'"),
    ],
)
def test_what_is_no_dna_is_named_and_taken_as_bytes(data: bytes, message: str) -> None:
    with pytest.raises(DomainError, match=message):
        Dna().read(data)
    tokenizer = learn(Dna(), [GENOME], vocab_size=270)
    encoded = tokenizer.encode_file(data)
    assert encoded.ids[0] == RAW
    assert encoded.fallback
    assert tokenizer.decode(encoded.ids) == data


def test_amino_acids_are_proteins_and_no_dna() -> None:
    data = b">p\nMKVLAA\n"
    assert Proteins().write(Proteins().read(data)) == data
    assert Proteins().recognises(data)
    assert not Dna().recognises(data)
    with pytest.raises(DomainError, match="is no nucleotide"):
        Dna().read(data)


def test_what_a_model_writes_has_the_usual_form() -> None:
    parsed = of_sections([(0, b"made"), (1, b"ACGT" * 20), (3, b"TT")])
    lines = Dna().write(parsed).split(b"\n")
    assert lines[0] == b">made"
    assert lines[1] == b"ACGT" * 15
    assert b"".join(lines[1:]) == b"ACGT" * 20 + b"N" * 100 + b"TT"
    with pytest.raises(DomainError, match="must be followed"):
        Dna().write(of_sections([(1, b"A"), (1, b"C")]))
