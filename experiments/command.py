"""``python -m experiments``: published claims, run again."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from experiments.harness.experiment import Experiment, Size
from experiments.harness.record import read_record, write_record
from experiments.harness.registry import EXPERIMENTS
from experiments.harness.run import Draws, run_experiment
from experiments.harness.show import show
from tokenry.cli.guard import guarded
from tokenry.errors import CorpusError, StudyError, TokenryError
from tokenry.json_data import Json
from tokenry.registry import Entry

RESULTS = Path(__file__).parent / "results"
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


SecondData = Annotated[
    Path | None,
    typer.Option(
        help="Another folder of data of the same kind, for the second draw on which verdicts have "
        "to stand too, in place of the halves of --data.",
        show_default=False,
    ),
]
OneDraw = Annotated[
    str,
    typer.Option(
        metavar="WHY",
        help="Read all of --data once, in place of one half after the other; the page of the "
        "record says why.",
        show_default=False,
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Keep finished draws and parts in TOKENRY_WORK (build/experiments), and go on from "
        "those that a stopped run has left.",
    ),
]


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
    second_data: SecondData = None,
    one_draw: OneDraw = "",
    resume: Resume = False,
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

    python -m experiments --all --size full --resume --data data/
    """
    if listed:
        _list(as_json)
        return
    chosen = list(EXPERIMENTS) if every else list(ids or ())
    if not chosen:
        raise StudyError("name an experiment, or --all; --list shows what there is")
    halves = size == "full" and not one_draw
    data_of = Draws(_folder(data), second_data, halves, one_draw)
    job = _Job(data_of, size, out, resume, as_json)
    if every:
        raise typer.Exit(_run_all(job))
    for entry in map(EXPERIMENTS.entry, chosen):
        job.run(entry)


@dataclass(frozen=True)
class _Job:
    """How to run any of them."""

    draws: Draws
    size: Size
    out: Path
    resume: bool
    as_json: bool

    def run(self, entry: Entry[Experiment]) -> Json:
        tell = _teller(entry.name)
        record = run_experiment(entry, self.draws, size=self.size, resume=self.resume, tell=tell)
        if self.size == "full":
            write_record(record, self.out)
        typer.echo(json.dumps(record, ensure_ascii=False)) if self.as_json else show(record)
        return record


def _run_all(job: _Job) -> int:
    """Run what has no record yet; one that cannot run stops no other. Says what each costs."""
    costs: list[tuple[str, str, str]] = []
    for entry in EXPERIMENTS.values():
        path = job.out / f"{entry.name}.json"
        try:
            found = read_record(path) if job.size == "full" and path.exists() else None
            when = "before" if found else "now"
            found = found or job.run(entry)
            costs.append(
                (entry.name, found["verdict"], f"{found['cpu_seconds']:,.0f} CPU s {when}")
            )
        except TokenryError as error:
            costs.append((entry.name, "left out", str(error)))
    for name, said, cost in costs:
        typer.echo(f"{name:12} {said:20} {cost}", err=True)
    return int(any(said == "left out" for _, said, _ in costs))


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
