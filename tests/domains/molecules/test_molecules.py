"""Molecules in columns: what is well-formed, which symbols it has, how the rest falls back."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from shares import draw, share
from tokenry.domains.molecules import symbols
from tokenry.domains.molecules.columns import kinds_of_columns, separator_of, split
from tokenry.domains.molecules.domain import Molecules
from tokenry.domains.molecules.smiles import put_marks, well_formed
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


def spans_of(lines: list[str]) -> NDArray[np.int64]:
    sizes = np.array([len(line.encode()) for line in lines])
    begins = np.cumsum(sizes + 1) - sizes - 1
    return np.stack([begins, begins + sizes], 1)


def good(lines: list[str]) -> list[bool]:
    return well_formed("\n".join(lines).encode(), spans_of(lines)).tolist()


def marks_of(line: str) -> list[bytes]:
    """What the marks of a line and the bytes that they do not say spell, in order."""
    data = line.encode()
    marks, spelt = np.full(len(data), np.int16(-1)), np.ones(len(data), bool)
    put_marks(data, spans_of([line]), marks, spelt)
    found = []
    for at, (mark, byte) in enumerate(zip(marks.tolist(), spelt.tolist(), strict=True)):
        found += [symbols.SPELT[mark]] * (mark >= 0) + [data[at : at + 1]] * byte
    return found


def test_what_is_well_formed() -> None:
    assert all(good(SMILES))
    assert not any(good(NOT_SMILES))
    mixed = [each for pair in zip(SMILES, NOT_SMILES, strict=False) for each in pair]
    assert good(mixed) == [True, False] * len(SMILES)


def test_symbols_of_smiles() -> None:
    expected = [b"C", b"Cl", b"[nH]", b"c", b"1", b"Br", b"%", b"1", b"2", b"["]
    expected += [b"1", b"3", b"C", b"H", b"4"]
    assert marks_of("CCl[nH]c1Br%12[13CH4]1%12") == [*expected, b"1", b"%", b"1", b"2"]
    assert marks_of("C1") == [b"C", b"1"]  # bytes: a ring is open


def test_marks_are_those_of_the_twin() -> None:
    chance = draw("symbols of smiles")
    for _ in range(share(2000)):
        letters = list(chance.choice(SMILES) + chance.choice(SMILES))
        for _ in range(chance.randint(0, 3)):
            at = chance.randrange(len(letters))
            letters[at : at + chance.randint(0, 2)] = chance.choice(
                [*"CNc12()[]=%#+H.@/l", "Br", "[Zr+3:7]"]
            )
        line = "".join(letters) or "C"
        expected = twin(line)
        assert good([line]) == [expected is not None], line
        if expected is not None:
            assert b"".join(marks_of(line)) == b"".join(
                each[:-1] if each[:1] == b"[" and each not in symbols.SPELT else each
                for each in expected
            ), line


NAMES = (
    "* H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se "
    "Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy "
    "Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf "
    "Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
)
ELEMENTS = frozenset(NAMES.split())
ATOM = re.compile(
    r"\[\d*([A-Z][a-z]?|as|se|te|si|[bcnops]|\*)(@(@|TH[12]|AL[12]|SP[1-3]|TB\d\d?|OH\d\d?)?)?"
    r"(H\d*)?(\+\d+|-\d+|\+{1,7}|-{1,7})?(:\d+)?\]"
)
SYMBOL = re.compile(
    r"(?P<atom>\[[^][]*\]|Cl|Br|[BCNOPSFIbcnops*])|(?P<bond>[-=#$:/\\~])|(?P<ring>%\d\d|\d)|"
    r"(?P<open>\()|(?P<close>\))|(?P<dot>\.)"
)
END = ("atom", "ring", "close")
BEFORE = {  # what may stand before each
    "atom": ("", "atom", "bond", "first bond", "ring", "open", "close", "dot"),
    "bond": END,
    "first bond": ("open",),
    "ring": ("atom", "ring", "close", "bond"),
    "open": END,
    "close": END,
    "dot": (*END, "open"),
}


def twin(line: str) -> list[bytes] | None:
    """The symbols of a line; None where it is not well-formed."""
    found, last, depth, at = [], "", 0, 0
    rings: set[str] = set()
    while at < len(line):
        match = SYMBOL.match(line, at)
        if match is None:
            return None
        kind, text = str(match.lastgroup), match[0]
        if kind == "bond" and last == "open":
            kind = "first bond"
        bad = kind == "atom" and text[0] == "[" and not _is_atom(text)
        if bad or last not in BEFORE[kind]:
            return None
        depth += (kind == "open") - (kind == "close")
        if depth < 0:
            return None
        # %05 and 5 are rings of their own here.
        rings ^= {text} if kind == "ring" else set()
        found.append(text.encode())
        last, at = kind, match.end()
    return found if last in END and not depth and not rings else None


def _is_atom(text: str) -> bool:
    if text[1:-1].encode() in {each[1:-1] for each in symbols.SPELT if each[:1] == b"["}:
        return True
    match = ATOM.fullmatch(text)
    return match is not None and match[1].capitalize() in ELEMENTS


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
    for line, fine in zip(lines, good(lines), strict=True):
        parsed = chem.MolFromSmiles(line, plain) is not None
        # What rdkit reads is well-formed; it refuses rings that bind two atoms twice, too.
        assert fine or not parsed, line
        assert parsed == fine or _binds_twice(line), line


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
