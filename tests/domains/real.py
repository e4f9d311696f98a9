"""Real files of each domain, where they are: of the shared data, or of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy

DATA = Path(os.environ.get("TOKENRY_DATA", "/nowhere"))
HEADERS = Path("/usr/include")
PYTHON = Path(os.__file__).parent


def programs() -> list[Path]:
    """Headers of C and C++, modules of Python, and what Fortran numpy tests itself with."""
    fortran = Path(numpy.__file__).parent.joinpath("f2py", "tests", "src")
    found = [*HEADERS.glob("*.h"), *HEADERS.glob("c++/*/bits/*.h"), *PYTHON.glob("*.py")]
    found += fortran.rglob("*.f90")
    found += (DATA / "programs").rglob("*.c")
    found += (DATA / "programs").rglob("*.f90")
    return sorted(found)


def of_rdkit(pattern: str) -> list[Path]:
    """Files of molecules that rdkit brings, where it is installed."""
    spec = find_spec("rdkit")
    return sorted(Path(spec.origin).parent.rglob(pattern)) if spec and spec.origin else []


REAL: dict[str, Callable[[], list[Path]]] = {
    "binaries": lambda: sorted(Path("/usr/bin").glob("[a-f]*"))[:60],
    "code": programs,
    "dna": lambda: sorted((DATA / "dna").glob("*.f*a")),
    "layouts": lambda: sorted((DATA / "layouts").glob("*.jsonl")),
    "mixed": lambda: sorted(Path(__file__).parents[2].joinpath("docs").glob("*.md")),
    "molecules": lambda: of_rdkit("*.smi"),
    "packets": lambda: sorted((DATA / "pcap").glob("*.pcap*")),
    "tables": lambda: sorted((DATA / "legalbench").glob("*.tsv"))[:40],
}


def real(name: str) -> list[Path]:
    """Files of a domain; none where the data are absent."""
    return [path for path in REAL.get(name, list)() if path.is_file()]
