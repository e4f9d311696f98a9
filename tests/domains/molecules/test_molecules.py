"""Molecules in columns: what is well-formed, which symbols it has, how the rest falls back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from shares import draw, share
from tokenry.domains.molecules import symbols
from tokenry.domains.molecules.columns import kinds_of_columns, separator_of, split
from tokenry.domains.molecules.domain import Molecules
from tokenry.domains.molecules.notation import Symbols
from tokenry.domains.molecules.smiles import smiles_symbols
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError

SMILES = [
    "CCO", "c1ccccc1", "CC(=O)Oc1ccccc1C(=O)O", "[Na+].[Cl-]", "C[C@H](N)C(=O)O", "C%12CC%12",
    "N#Cc1ccc(Br)cc1", "F/C=C/F", "[13CH4]", "O=C1CCCN1", "[Fe+2]", "CCl", "*C", "C1CC1C2CC2",
]  # fmt: skip
NOT_SMILES = [
    "C1CC", "C(C", "CC)", "C==C", "[C", "C]", "[]", "[Xx]", "Hello", "=C", "C(=1)CC1", "C%1CC%1",
    "1CC1", "()", "C.", "CC(", "[C[N]]", "C C",
]  # fmt: skip


def found(lines: list[str]) -> Symbols:
    data = "\n".join(lines).encode()
    sizes = np.array([len(line.encode()) for line in lines])
    begins = np.cumsum(sizes + 1) - sizes - 1
    return smiles_symbols(np.frombuffer(data, np.uint8), np.stack([begins, begins + sizes], 1))


def test_what_is_well_formed() -> None:
    assert found(SMILES).good.all()
    assert not found(NOT_SMILES).good.any()
    mixed = [each for pair in zip(SMILES, NOT_SMILES, strict=False) for each in pair]
    assert found(mixed).good.tolist() == [True, False] * len(SMILES)


def test_symbols_of_smiles() -> None:
    marks = [symbols.SPELT[mark] for mark in found(["CCl[nH]c1Br%12[13CH4]"]).marks]
    assert marks == [b"C", b"Cl", b"[nH]", b"c", b"1", b"Br", b"%", b"1", b"2", b"["]


def test_well_formed_is_what_rdkit_parses() -> None:
    chem = pytest.importorskip("rdkit.Chem")
    pytest.importorskip("rdkit").RDLogger.DisableLog("rdApp.*")
    chance = draw("smiles and their mutations")
    lines = []
    for _ in range(share(2000)):
        letters = list(chance.choice(SMILES) + chance.choice(SMILES))
        for _ in range(chance.randint(0, 3)):
            at = chance.randrange(len(letters))
            letters[at : at + chance.randint(0, 2)] = chance.choice("CNOc12()[]=%#+-H.@/")
        lines.append("".join(letters) or "C")
    plain = chem.SmilesParserParams()
    plain.sanitize = False
    for line, good in zip(lines, found(lines).good.tolist(), strict=True):
        parsed = chem.MolFromSmiles(line, plain) is not None
        # What rdkit reads is well-formed; it refuses rings that bind two atoms twice, too.
        assert good or not parsed, line
        assert parsed == good or _binds_twice(line), line


def _binds_twice(line: str) -> bool:
    """Whether a ring may bind an atom to itself or to its neighbour: chemistry, not grammar."""
    return any(digit in line for digit in "0123456789")


def test_columns_are_told() -> None:
    data = b"name,smiles,logp\nethanol,CCO,-0.31\nbenzene,c1ccccc1,2.1\nsodium,[Na+],1e-3\n"
    content = np.frombuffer(data, np.uint8)
    fields = split(data, content, separator_of(data))
    kinds = [symbols.FIELDS[kind] for kind in kinds_of_columns(data, content, fields)]
    assert kinds == ["text", "smiles", "number"]


@pytest.mark.parametrize(
    "data",
    [
        b"CCO\tethanol\nCC\tethane\n",
        b"CCO ethanol of wine\nCC ethane\n",
        b"smiles,logp\r\nCCO,-0.31\r\nc1ccccc1,2.1\r\n",
        b'CCO,"a, quoted ""name"""\nCC,b\nCN,c\n',
        b"[C][C][O]\n[C][=Branch1][C][=O][N].[Na+1]\n[C][Unknown99][O]",
        b"MKTAYIAKQRQISFVKSHFSRQ\nMKVLAAGIVGLLLSACSSNAK*\n",
        b"CCO\nnot smiles\nCC\nC1CC\nCN\nC\nCl\n[nH]1cccc1\nO\nS\n\nF",
        b"CCO\t\t\nCC\t1\t\n",
    ],
)
def test_lines_come_back(data: bytes) -> None:
    assert Molecules().write(Molecules().read(data)) == data


def test_what_is_no_smiles_is_marked() -> None:
    lines = [b"CCO"] * 9 + [b"C1CC"]
    parsed = Molecules().read(b"\n".join(lines))
    assert [mark for mark, _ in parsed.sections()].count(symbols.BROKEN) == 1
    assert parsed.run == b"C1CC"


def test_text_has_no_id_of_an_atom() -> None:
    parsed = Molecules().read(b"CCO\tCCO is ethanol <|molecules.smiles C|>\n" * 3)
    sections = [*parsed.sections()][:6]
    assert [symbols.MARKS[mark] for mark, _ in sections] == [
        "smiles", "smiles C", "smiles C", "smiles O", "text", "row",
    ]  # fmt: skip
    assert sections[4][1] == b"CCO is ethanol <|molecules.smiles C|>"


def test_digits_are_single() -> None:
    parsed = Molecules().read(b"CCO\t-12.5\nCC\t3\n")
    run = parsed.run
    bounds = parsed.bounds().astype(int).tolist()
    pieces = [run[a:b] for a, b in pairwise(bounds)]
    assert pieces == [b"-", b"1", b"2", b".", b"5", b"3"]


def test_columns_can_be_said() -> None:
    parsed = Molecules(columns=("text", "smiles")).read(b"CC\tCCO\nCC\tCN\n")
    assert [mark for mark, _ in parsed.sections() if mark < symbols.ROW] == [0, 1, 0, 1]


def test_a_file_without_molecules_is_refused() -> None:
    with pytest.raises(DomainError, match="no column holds SMILES, SELFIES or proteins"):
        Molecules().read(b"Call me Ishmael.\nSome years ago\n")


def test_symbols_of_selfies_are_those_of_its_library() -> None:
    selfies = pytest.importorskip("selfies")
    lines = [selfies.encoder(line) for line in SMILES if "*" not in line and "Fe" not in line]
    parsed = Molecules(columns=("selfies",)).read("\n".join(lines).encode())
    names = [mark for mark, _ in parsed.sections() if mark > symbols.ROW]
    assert len(names) == sum(len(list(selfies.split_selfies(line))) for line in lines)


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ([symbols.TEXT, symbols.FIRST_SINGLE], "cannot stand in a field of text"),
        ([symbols.FIRST_AMINO], "cannot stand in a field of row"),
        ([symbols.SMILES, symbols.FIRST_SELFIES], "cannot stand in a field of smiles"),
    ],
)
def test_marks_that_are_no_lines(marks: list[int], message: str) -> None:
    parsed = Parsed(
        run=b"", marks=np.array(marks, np.uint16), places=np.zeros(len(marks), np.uint64)
    )
    with pytest.raises(DomainError, match=message):
        Molecules().write(parsed)
