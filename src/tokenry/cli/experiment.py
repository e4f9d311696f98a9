"""``tokenry experiment``: published claims, run again."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from tokenry.cli.arguments import Json
from tokenry.errors import CorpusError, StudyError
from tokenry.experiments import EXPERIMENTS, read_record, run_experiment, write_record
from tokenry.experiments import experiment as find


def experiment(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help="Experiments, such as S042.", show_default=False),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            help="The folder of real data; without it, the variable TOKENRY_DATA.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Run all that have no record in --out yet.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="Say what there is, run nothing.")] = False,
    small: Annotated[
        bool,
        typer.Option(
            "--small", help="Seconds instead of minutes: shows that it runs; no record is kept."
        ),
    ] = False,
    out: Annotated[Path, typer.Option(help="The folder of records.")] = Path("experiments/results"),
    as_json: Json = False,
) -> None:
    """Run published claims again on real data, and say whether they hold here.

    Prints claim, scale, baseline, figures and verdict, and writes OUT/ID.json.

    [bold]Examples[/bold]

    tokenry experiment --list

    tokenry experiment S042 --data data/

    tokenry experiment --all --data data/
    """
    if listed:
        _list(as_json)
        return
    chosen = list(EXPERIMENTS) if every else list(ids or ())
    if not chosen:
        raise StudyError("name an experiment, or --all; tokenry experiment --list shows them")
    for each in map(find, chosen):
        if every and not small and (out / f"{each.id}.json").exists():
            read_record(out / f"{each.id}.json")
            typer.echo(f"{each.id} has a record in {out}; delete it to run it again", err=True)
            continue
        record = run_experiment(
            each, _folder(data), size="small" if small else "full", tell=_teller(each.id)
        )
        if not small:
            write_record(record, out)
        typer.echo(json.dumps(record, ensure_ascii=False)) if as_json else show(record)


def _folder(data: Path | None) -> Path:
    folder = data or Path(os.environ.get("TOKENRY_DATA", ""))
    if not str(folder) or folder == Path() or not folder.is_dir():
        named = f"{folder} is no folder" if data else "no folder of data is named"
        raise CorpusError(
            f"{named}; give one with --data, with text/, flores_dev/ and so on in it, or the "
            "archives that hold them"
        )
    return folder


def _list(as_json: bool) -> None:
    found = list(map(find, EXPERIMENTS))
    if as_json:
        facts = ("id", "name", "systems", "source", "claim", "scale", "baseline", "needs")
        typer.echo(json.dumps([{fact: getattr(each, fact) for fact in facts} for each in found]))
        return
    for each in found:
        typer.echo(f"{each.id:10} {each.name}: {each.claim}")


def _teller(id_: str) -> Any:
    start = time.monotonic()

    def tell(text: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - start:6.1f}s] {id_}: {text}\n")
        sys.stderr.flush()

    return tell


def show(record: dict[str, Any]) -> None:
    """Print a record for a person."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    console.print(f"[bold]{record['id']} {record['name']}[/bold]", highlight=False)
    for fact in ("source", "claim", "scale", "baseline"):
        console.print(f"{fact}: {record[fact]}", highlight=False, markup=False)
    for content in record["tables"]:
        table = Table(title=content["title"], title_justify="left", box=None, pad_edge=False)
        for i, column in enumerate(content["columns"]):
            table.add_column(column, justify="left" if i == 0 else "right")
        for row in content["rows"]:
            table.add_row(*map(_cell, row))
        console.print()
        console.print(table)
        if content["note"]:
            console.print(content["note"], highlight=False, markup=False)
    console.print()
    for check in record["checks"]:
        line = f"{check['verdict']}: {check['statement']} — {check['found']}"
        console.print(line, highlight=False, markup=False)
    for note in record["notes"]:
        console.print(f"note: {note}", highlight=False, markup=False)
    console.print(
        f"[bold]verdict: {record['verdict']}[/bold] ({record['size']} size, "
        f"{record['seconds']:,.0f} s)\n",
        highlight=False,
    )


def _cell(value: str | int | float | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else value
