"""``python -m experiments``: published claims, run again."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from experiments.harness.experiment import Size
from experiments.harness.record import read_record, write_record
from experiments.harness.registry import EXPERIMENTS
from experiments.harness.run import run_experiment
from experiments.harness.show import show
from tokenry.cli.guard import guarded
from tokenry.errors import CorpusError, StudyError

RESULTS = Path(__file__).parent / "results"
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command(no_args_is_help=True)
@guarded
def run(
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
    size: Annotated[
        Size,
        typer.Option(
            help="small takes seconds instead of minutes: it shows that all runs, says nothing of "
            "the claim, and leaves no record."
        ),
    ] = "full",
    out: Annotated[
        Path, typer.Option(help="The folder of records.", show_default="experiments/results")
    ] = RESULTS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Run published claims again on real data, and say whether they hold here.

    Prints claim, scale, baseline, figures and verdict, and writes OUT/ID.json.

    [bold]Examples[/bold]

    python -m experiments --list

    python -m experiments S042 --data data/

    python -m experiments --all --data data/
    """
    if listed:
        _list(as_json)
        return
    chosen = list(EXPERIMENTS) if every else list(ids or ())
    if not chosen:
        raise StudyError("name an experiment, or --all; --list shows what there is")
    for entry in map(EXPERIMENTS.entry, chosen):
        path = out / f"{entry.name}.json"
        if every and size == "full" and path.exists():
            read_record(path)
            typer.echo(f"{entry.name} has a record in {out}; delete it to run it again", err=True)
            continue
        record = run_experiment(entry, _folder(data), size=size, tell=_teller(entry.name))
        if size == "full":
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
    found = [(entry, entry.load()) for entry in EXPERIMENTS.values()]
    if not as_json:
        for entry, experiment in found:
            typer.echo(f"{entry.name:10} {experiment.name}: {experiment.claim}")
        return
    facts = ("name", "claim", "scale", "baseline", "needs")
    listed = [
        {
            "id": entry.name,
            "systems": entry.systems,
            "source": entry.source,
            **{fact: getattr(experiment, fact) for fact in facts},
        }
        for entry, experiment in found
    ]
    typer.echo(json.dumps(listed, ensure_ascii=False))


def _teller(id_: str) -> Callable[[str], None]:
    start = time.monotonic()

    def tell(text: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - start:6.1f}s] {id_}: {text}\n")
        sys.stderr.flush()

    return tell
