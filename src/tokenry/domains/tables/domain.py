"""Tables: CSV, JSON, Markdown and parquet; no piece crosses a cell, and signs are marks.

Source: Watson et al. 2024, "HiddenTables", arXiv:2406.10803: a model that sees the schema of a
table and never its rows; the view ``schema`` is that. Separators, brackets and line ends are marks,
so a comma within a cell is another id than one between two cells, and padding stands aside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from tokenry.domains.contract import Domain, Promise
from tokenry.domains.parsed import Parsed
from tokenry.domains.residue import Array
from tokenry.domains.tables import formats, parquet, schema
from tokenry.domains.tables.formats import MARKS, SEPARATORS
from tokenry.domains.tables.structure import Codes, Mask, bytes_of, parsed_of, with_residue

FORMATS = ("csv", "json", "markdown", "parquet")


@dataclass(frozen=True, kw_only=True)
class Tables(Domain):
    """Files of tables.

    Attributes:
        format: of all files; ``auto`` looks at each.
        view: ``cells``: all of the table; ``schema``: names and kinds of columns only.
        parquet: ``exact``: what gives the file back stands aside; ``cells``: it is given back as
            JSON lines.
    """

    name: ClassVar[str] = "tables"
    suffixes: ClassVar[tuple[str, ...]] = (
        ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".md", ".parquet"
    )  # fmt: skip
    promise: ClassVar[Promise] = Promise(
        lossless="CSV and its like with rows of equal width, JSON, JSON lines, Markdown, parquet",
        dropped="nothing; all cells with view=schema, the encoding of parquet with parquet=cells",
        ids="marks for separators, rows, brackets, colons and commas; pieces are of one cell, key "
        "or value; padding stands aside, and of parquet its settings, or else the file",
    )

    format: Literal["auto", "csv", "json", "markdown", "parquet"] = "auto"
    view: Literal["cells", "schema"] = "cells"
    parquet: Literal["exact", "cells"] = "exact"

    @property
    def marks(self) -> tuple[str, ...]:
        """Of the signs of all formats, and of a schema."""
        return (*MARKS, "schema")

    @property
    def lossless(self) -> bool:
        """Whether the whole table is kept."""
        return self.view == "cells" and self.parquet == "exact"

    def recognises(self, data: bytes) -> bool:
        """Whether it is parquet, JSON, or begins with two lines of cells."""
        found = format_of(data)
        lines = data[:4096].split(b"\n")[:2]
        separator = bytes([formats.separator_of(data)])
        counts = {line.count(separator) for line in lines}
        return found != "csv" or (len(lines) > 1 and len(counts) == 1 and counts != {0})

    def read(self, data: bytes) -> Parsed:
        """Cells and signs.

        Raises:
            DomainError: ragged rows, a quote that is not closed, brackets that do not match.
            MissingExtraError: parquet without the package pyarrow.
        """
        kind = format_of(data) if self.format == "auto" else self.format
        if self.view == "schema":
            return schema.read(data, kind)
        if kind == "parquet":
            rows, settings = parquet.read(data, exact=self.parquet == "exact")
            return self._text(rows, kind, settings)
        return self._text(data, kind, b"")

    def _text(self, data: bytes, kind: str, more: bytes) -> Parsed:
        codes = np.frombuffer(data, np.uint8)
        separator = formats.separator_of(data)
        classify: dict[str, Callable[[Codes], tuple[Codes, Mask]]] = {
            "csv": lambda each: formats.delimited(each, separator),
            "json": formats.json,
            "markdown": formats.markdown,
            "parquet": formats.json,
        }
        numbers, padding = classify[kind](codes)
        extra = {"format": [FORMATS.index(kind), separator, len(more)]}
        return parsed_of(codes, numbers, padding, extra, more)

    def write(self, parsed: Parsed) -> bytes:
        """The file again; without a residue CSV, or JSON where brackets stand in it.

        Raises:
            DomainError: signs and what stands aside do not belong together.
        """
        if len(parsed.marks) and int(parsed.marks[0]) == len(MARKS):
            return schema.write(parsed)
        arrays, extra = with_residue(parsed)
        kind, separator, more = _format(arrays.get("format", np.zeros(0, np.int64)), parsed)
        settings = extra[len(extra) - more :] if more else b""
        text = bytes_of(parsed, _signs(kind, separator), arrays, extra[: len(extra) - more])
        return parquet.write(text, settings) if kind == "parquet" and settings else text


def format_of(data: bytes) -> str:
    """The format that a file looks like."""
    head = data[:4096].lstrip()
    if data[:4] == b"PAR1":
        return "parquet"
    if head[:1] in (b"{", b"["):
        return "json"
    lines = head.split(b"\n")
    bars = any(line.startswith(b"|") and line.rstrip().endswith(b"|") for line in lines[:-1])
    return "markdown" if bars or head[:1] == b"#" else "csv"


def _format(given: Array, parsed: Parsed) -> tuple[str, int, int]:
    """Format, separator, and how many bytes aside are not padding; guessed where none are named."""
    if len(given) == 3 and 0 <= given[0] < len(FORMATS) and given[1] in SEPARATORS:
        return FORMATS[int(given[0])], int(given[1]), max(0, int(given[2]))
    brackets = len(parsed.marks) and int(parsed.marks.max()) > MARKS.index("row")
    return ("json" if brackets else "csv"), ord(","), 0


def _signs(kind: str, separator: int) -> bytes:
    """The byte of each of `MARKS`."""
    cell = b"|" if kind == "markdown" else bytes([separator])
    return cell + b"\n{}[]:,"
