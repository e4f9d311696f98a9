"""HiddenTables: what a table costs in tokens, as its schema alone, cell by cell, and as text.

Source: Watson, Cho, Balch, Veloso 2024, "HiddenTables & PyQTax: a cooperative game and dataset for
TableQA to ensure scale and data privacy across a myriad of taxonomies", arXiv:2406.10803: a model
writes code from the schema and never sees the rows. Here nobody answers questions: what is counted
is what a model would have to read.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import warnings
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import ratio, saving
from experiments.harness.verdicts import Check, check, check_bounded
from tokenry import learn as learn_text
from tokenry.domains import DomainTokenizer, learn
from tokenry.domains.domain_tokenizer import REST
from tokenry.domains.tables.domain import Tables
from tokenry.errors import SmallerVocabularyWarning

TRAIN: Final = "tatqa_finance/tatqa_dataset_dev.json.gz"
TEST: Final = "tatqa_finance/tatqa_dataset_test_gold.json.gz"
IDS: Final = 4096
MATTERS: Final = 0.05
MUCH: Final = 0.5
Counts = NDArray[np.int64]
Grid = list[list[str]]


def grids(content: bytes) -> list[Grid]:
    """The tables of a file, each with a row of names in front, as the schema needs one."""
    found = []
    for each in json.loads(gzip.decompress(content)):
        rows = [[" ".join(cell.split()) for cell in row] for row in each["table"]["table"]]
        width = max(map(len, rows))
        names = ["item", *(f"value {number}" for number in range(1, width))]
        found.append([names, *(row + [""] * (width - len(row)) for row in rows)])
    return found


def as_csv(grid: Grid) -> bytes:
    """A table as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(grid)
    return out.getvalue().encode()


def as_json(grid: Grid) -> bytes:
    """The same as a list of objects."""
    names, *rows = grid
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows]).encode()


def as_markdown(grid: Grid) -> bytes:
    """The same with bars."""
    names, *rows = [[cell.replace("|", "/") for cell in row] for row in grid]
    lines = [names, ["---"] * len(names), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines).encode()


FORMATS: Final[dict[str, Callable[[Grid], bytes]]] = {
    "csv": as_csv,
    "json": as_json,
    "markdown": as_markdown,
}


def run(setting: Setting) -> Findings:
    """Learn one tokenizer of text and one of tables for each format, and count held-out tables."""
    count = setting.pick(None, 20)
    train, test = (grids(setting.data.file(name).read_bytes())[:count] for name in (TRAIN, TEST))
    tokens: dict[tuple[str, str], Counts] = {}
    for name, written in FORMATS.items():
        setting.tell(f"{name}: text and cells")
        learnt, held = [written(each) for each in train], [written(each) for each in test]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SmallerVocabularyWarning)
            text = learn_text([each.decode() for each in learnt], vocab_size=IDS)
            cells = learn(Tables(format=name), learnt, vocab_size=IDS)  # type: ignore[arg-type]
        tokens[name, "text"] = np.array([text.count(each) for each in held], np.int64)
        tokens[name, "cells"] = np.array([seen(cells, each) for each in held], np.int64)
        schema = DomainTokenizer(Tables(format=name, view="schema"), cells.tokenizer)  # type: ignore[arg-type]
        tokens[name, "schema"] = np.array([seen(schema, each) for each in held], np.int64)
    return Findings(
        tables=(_table(tokens, len(test)),),
        checks=_checks(tokens),
        notes=(
            "Tables of annual reports have no names of columns; each was given 'item' and "
            "'value n'. So a schema is names and kinds of few columns, and wider tables of other "
            "kinds would save less.",
            "What stands aside (padding, quotes) is not counted: a model does not read it. What a "
            "piece may not cross costs tokens where cells share a piece in text.",
        ),
    )


def seen(tokenizer: DomainTokenizer, data: bytes) -> int:
    """Ids of a file that a model reads: those before what stands aside."""
    ids = tokenizer.encode(data, strict=True)
    aside = np.flatnonzero(ids == REST)
    return int(aside[0]) if len(aside) else len(ids)


def _checks(tokens: dict[tuple[str, str], Counts]) -> tuple[Check, ...]:
    schema = {name: saving(tokens[name, "text"], tokens[name, "schema"]) for name in FORMATS}
    more = {name: ratio(tokens[name, "cells"], tokens[name, "text"]) - 1.0 for name in FORMATS}
    return (
        check(
            "the schema alone costs less than half the tokens of the table, in every format",
            schema,
            claimed=MUCH,
            matters=MATTERS,
            found="saved: " + ", ".join(f"{name} {each:.0%}" for name, each in schema.items()),
        ),
        check_bounded(
            "cells that no piece crosses cost no more tokens than the same table as text",
            more,
            0.0,
            loose=MATTERS,
            found="more: " + ", ".join(f"{name} {each:.1%}" for name, each in more.items()),
        ),
    )


def _table(tokens: dict[tuple[str, str], Counts], count: int) -> Table:
    base = tokens["csv", "text"]
    rows = tuple(
        (
            name,
            view,
            round(float(found.mean()), 1),
            f"{ratio(found, base):.2f}",
        )
        for (name, view), found in tokens.items()
    )
    columns = ("format", "view", "tokens a table", "of CSV as text")
    return Table(
        "Tokens of held-out tables",
        columns,
        rows,
        f"{count} tables; every tokenizer learnt with {IDS:,} ids from other tables in the same "
        "format. Intervals over tables.",
    )


EXPERIMENT: Final = Experiment(
    name="HiddenTables",
    claim="A model that is shown the schema of a table instead of its rows reads a small part of "
    "the tokens; a tokenizer that keeps cells apart costs no more than text.",
    scale="Paper: WikiSQL, WikiTQ and SQA with GPT-3.5. Here: tables of TAT-QA, 278 to learn from "
    "and those of the test set held out, tokens counted alone.",
    baseline="The same tables as CSV, JSON and Markdown under BPE of the same size, learnt from "
    "the same tables.",
    needs=("tatqa_finance",),
    run=run,
)
