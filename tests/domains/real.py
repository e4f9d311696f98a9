"""Real files of each domain, where they are: of the shared data, or of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

DATA = Path(os.environ.get("TOKENRY_DATA", "/nowhere"))
REAL: dict[str, Callable[[], list[Path]]] = {
    "binaries": lambda: sorted(Path("/usr/bin").glob("[a-f]*"))[:60],
    "dna": lambda: sorted((DATA / "dna").glob("*.f*a")),
    "tables": lambda: sorted((DATA / "legalbench").glob("*.tsv"))[:40],
}


def real(name: str) -> list[Path]:
    """Files of a domain; none where the data are absent."""
    return [path for path in REAL.get(name, list)() if path.is_file()]
