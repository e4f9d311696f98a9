"""The schema of a table without its rows: names of columns and the kinds of their values.

Source: Watson et al. 2024, "HiddenTables", arXiv:2406.10803: what a model may see of a table that
is private.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from tokenry.domains.parsed import Parsed, of_sections
from tokenry.domains.tables import formats, parquet
from tokenry.domains.tables.formats import MARKS
from tokenry.errors import DomainError

CELL, ROW, SCHEMA = MARKS.index("cell"), MARKS.index("row"), len(MARKS)
KINDS = ("empty", "boolean", "integer", "number", "text")
SAMPLE = 1_000  # rows that say of what kind a column is


def read(data: bytes, kind: str) -> Parsed:
    """Each column as a name and a kind.

    Raises:
        DomainError: the file holds no table with named columns.
    """
    columns = schema_of(data, kind)
    sections: list[tuple[int, bytes]] = [(SCHEMA, b"")]
    for name, of in columns:
        sections += [(CELL, name.encode()), (ROW, of.encode())]
    return of_sections(sections)


def write(parsed: Parsed) -> bytes:
    """A CSV of one row: kinds under names.

    Raises:
        DomainError: marks do not come as name, kind.
    """
    sections = [*parsed.sections()][1:]
    if [mark for mark, _ in sections] != [CELL, ROW] * (len(sections) // 2):
        raise DomainError("a schema is name and kind of each column; these marks are others")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for column in (sections[::2], sections[1::2]):
        writer.writerow([content.decode("utf-8", "replace") for _, content in column])
    return out.getvalue().encode()


def schema_of(data: bytes, kind: str) -> list[tuple[str, str]]:
    """(name, kind of values) of each column; kinds are `KINDS`.

    Raises:
        DomainError: the file holds no table with named columns.
    """
    try:
        names, rows = _table(data, kind)
    except (ValueError, csv.Error) as error:
        raise DomainError(f"no table with named columns: {error}") from error
    if not names:
        raise DomainError("no table with named columns: the first row, or object, is empty")
    return [(name, _kind(row[i] for row in rows if i < len(row))) for i, name in enumerate(names)]


def _table(data: bytes, kind: str) -> tuple[list[str], list[list[Any]]]:
    text = (parquet.read(data, exact=False)[0] if kind == "parquet" else data).decode(
        "utf-8", "replace"
    )
    if kind in ("json", "parquet"):
        return _objects(text)
    if kind == "markdown":
        lines = [line.strip().strip("|") for line in text.splitlines() if line.startswith("|")]
        rows = [[cell.strip() for cell in line.split("|")] for line in lines]
        return (rows[0], rows[2 : 2 + SAMPLE]) if rows else ([], [])
    separator = chr(formats.separator_of(data))
    found = [
        row
        for row, _ in zip(
            csv.reader(io.StringIO(text), delimiter=separator), range(SAMPLE + 1), strict=False
        )
    ]
    return (found[0], found[1:]) if found else ([], [])


def _objects(text: str) -> tuple[list[str], list[list[Any]]]:
    try:
        found = json.loads(text)
        found = found if isinstance(found, list) else [found]
    except ValueError:
        found = [json.loads(line) for line in text.splitlines()[:SAMPLE] if line.strip()]
    objects = [each for each in found[:SAMPLE] if isinstance(each, dict)]
    names = list(dict.fromkeys(name for each in objects for name in each))
    return names, [[each.get(name) for name in names] for each in objects]


def _kind(values: Iterable[Any]) -> str:
    """The narrowest kind that all values have."""
    return KINDS[max((_rank(value) for value in values), default=0)]


def _rank(value: Any) -> int:
    text = str(value).strip()
    if value is None or not text:
        return 0
    if text.lower() in ("true", "false"):
        return 1
    try:
        float(text)
    except ValueError:
        return 4
    return 2 if text.lstrip("+-").isdigit() else 3
