"""Readers and tokenizers of domains on one core, beside what people use."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.domains import binary, structured
from benchmarks.domains.row import Row
from benchmarks.result import OURS, Case, Goal, Settings
from benchmarks.timing import pin, repeated, speeds

ROWS: tuple[Callable[[Path], list[Row]], ...] = (binary.rows, structured.rows)
PIECES = 1_000  # learnt from the files themselves


def run(settings: Settings) -> list[Case]:
    """Reading, encoding and decoding of each kind of files."""
    pin()
    data = Path(settings.data or "")
    return [case for rows in ROWS for row in rows(data) for case in _cases(row, settings)]


def _cases(row: Row, settings: Settings) -> list[Case]:
    from tokenry.domains import domain_named, learn
    from tokenry.domains.domain_tokenizer import spelled_marks

    domain = domain_named(row.domain, **row.options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        size = len(spelled_marks(domain)) + 256 + PIECES
        tokenizer = learn(domain, row.files, vocab_size=size)
    rows = [tokenizer.encode(file) for file in row.files]
    bytes_ = sum(map(len, row.files))
    an_id = bytes_ / sum(map(len, rows))
    note = f"{len(row.files)} files, {bytes_ / 1e6:.1f} MB, {an_id:.2f} bytes an id"

    def case(name: str, ours: Callable[[Any], Any], given: Any, rivals: Any, goal: bool) -> Case:
        calls = {OURS: lambda files: [ours(each) for each in files]}
        found = repeated(calls, given, settings.rounds)
        for rival, call in rivals.items():
            found |= repeated({rival: call}, given, settings.rounds)
        figures = {
            name: speeds([bytes_] * settings.rounds, seconds) for name, seconds in found.items()
        }
        asked = Goal(f">= {row.goal:g} MB/s", limit=row.goal) if goal else None
        full = f"{row.domain} {row.kind}: {name}"
        return Case("domains", full, "MB/s", engines=figures, goal=asked, note=note)

    return [
        case("read", domain.read, row.files, row.rivals, goal=True),
        case("encode", tokenizer.encode, row.files, {}, goal=True),
        case("decode", tokenizer.decode, rows, {}, goal=False),
    ]
