"""What kind of file a path is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from tokenry.corpus.compression import plain_suffix

_NAMES: Final = {
    "text": ".txt .text",
    "markdown": ".md .markdown .rst .adoc",
    "records": ".jsonl .ndjson .parquet .arrow .tar",
    "python": ".py .pyi .pyx",
    "c": ".c .h .cc .hh .cpp .hpp .cxx .cu .cuh",
    "javascript": ".js .mjs .ts .tsx .jsx",
    "java": ".java .kt .scala",
    "rust": ".rs",
    "go": ".go",
    "shell": ".sh .bash .zsh",
    "web": ".html .htm .xml .svg .css",
    "data": ".json .csv .tsv .yaml .yml .toml .ini .cfg .sql",
    "tex": ".tex .bib",
}
_KINDS: Final = {suffix: kind for kind, names in _NAMES.items() for suffix in names.split()}


def kind_of(path: str | os.PathLike[str]) -> str:
    """``python``, ``markdown``, ...; the extension itself where it is not one that we know.

    >>> kind_of(Path("a/b.py.gz"))
    'python'
    """
    path = Path(path)
    suffix = plain_suffix(path)
    return _KINDS.get(suffix, suffix.removeprefix(".") or "text")
