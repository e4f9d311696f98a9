"""``tokenry transplant``: another tokenizer under a trained model, with a certificate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from errno import EEXIST
from pathlib import Path
from typing import Annotated, Any

import typer

from tokenry.cli.arguments import Field, Json, Pattern, Special, open_tokenizer
from tokenry.cli.tables import print_table
from tokenry.corpus import Corpus, ReadOptions
from tokenry.errors import ModelError
from tokenry.progress import Progress, progress_on_stderr
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.certificate.certify import PAGE, certify
from tokenry.transfer.certificate.content import Certificate
from tokenry.transfer.registry import DEFAULT, INITIALISERS, initialiser
from tokenry.transfer.transplant import REPORT, TransplantReport
from tokenry.transfer.transplant import transplant as make_transplant

READ = 1 << 22  # bytes of the corpus that are read
HELD = 20  # of so many texts one is kept to measure on
TOKENS = 5  # new ones that are shown


def transplant(
    model: Annotated[
        Path | None,
        typer.Argument(help="The folder of a model that transformers loads.", show_default=False),
    ] = None,
    tokenizer: Annotated[
        str | None,
        typer.Option(
            help="The new tokenizer: a file or folder, or FILE:pattern.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write.", show_default=False)
    ] = None,
    init: Annotated[str, typer.Option(help="How new rows are made; --list names them.")] = DEFAULT,
    donor: Annotated[
        Path | None,
        typer.Option(
            help="A model with the new vocabulary, for 'omp' and others.", show_default=False
        ),
    ] = None,
    corpus: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DATA...",
            help="Texts: for vectors, to heal on, and to measure bits per byte.",
            show_default=False,
        ),
    ] = None,
    heal_steps: Annotated[
        int, typer.Option(help="Steps of training on the corpus: rows first, then all.", min=0)
    ] = 0,
    eos: Annotated[
        str | None,
        typer.Option(
            help="The new tokenizer's end of text, where it does not say.", show_default=False
        ),
    ] = None,
    multiple: Annotated[int, typer.Option(help="Fill rows up to a multiple of it.", min=1)] = 1,
    seed: Annotated[int, typer.Option(help="Of what is drawn or trained.")] = 0,
    field: Field = "text",
    pattern: Pattern = None,
    special: Special = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Name the initialisers and their sources.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put another tokenizer under a trained model, and certify that nothing is broken.

    The folder gets the model, its tokenizer, transplant.json and the certificate as JSON and as a
    page. The exit status is 1 where a hard check of the certificate fails.

    [bold]Examples[/bold]

    tokenry transplant smollm2/ --tokenizer o200k_base.tiktoken --out smollm2-o200k

    tokenry transplant smollm2/ --tokenizer mine/ --corpus texts/ --heal-steps 200 --out healed

    tokenry transplant --list
    """
    if listed:
        _list(as_json)
        return
    if model is None or tokenizer is None or out is None:
        raise ModelError("give MODEL, --tokenizer and the folder --out; --list names initialisers")
    if out.exists():
        raise FileExistsError(EEXIST, "exists already; give another --out", str(out))
    if heal_steps and not corpus:
        raise ModelError("--heal-steps trains on text; give it with --corpus")
    loaded = open_tokenizer(tokenizer, pattern, special)
    texts, held = _texts(corpus or (), field)
    with progress_on_stderr() as progress:
        made = out if not heal_steps else out.with_name(f"{out.name}-unhealed")
        report = _transplanted(
            made, loaded, heal_steps > 0,
            lambda: make_transplant(
                model, loaded, made, init=initialiser(init), donor=donor, corpus=texts,
                specials={"eos": eos} if eos else None, multiple=multiple, seed=seed,
                progress=progress,
            ).report,
        )  # fmt: skip
        found = certify(model, made, held, seed=seed)
        if heal_steps:
            found = _healed(model, made, out, texts, held, heal_steps, seed, progress)
    if as_json:
        content = {"out": str(out), "report": report.to_json(), "certificate": found.to_json()}
        typer.echo(json.dumps({**content, "passes": found.passes}, ensure_ascii=False))
    else:
        _show(out, report, found)
    if not found.passes:
        raise typer.Exit(1)


def _transplanted(
    folder: Path, tokenizer: Tokenizer, resuming: bool, make: Any
) -> TransplantReport:
    """Make it, or take what a run that was stopped while it healed has left."""
    if folder.exists():
        if resuming and (folder / REPORT).is_file():
            report = TransplantReport.read(folder / REPORT)
            if report.new_tokenizer == tokenizer.fingerprint():
                return report
        raise FileExistsError(EEXIST, "is of another run; remove it or rename --out", str(folder))
    made: TransplantReport = make()
    return made


def _healed(
    model: Path, made: Path, out: Path, texts: Sequence[str], held: Sequence[str], steps: int,
    seed: int, progress: Progress,
) -> Certificate:  # fmt: skip
    from tokenry.transfer.heal import HealOptions, heal

    heal(
        made, texts, out, HealOptions(steps=steps, seed=seed), work=made / "healing",
        progress=progress,
    )  # fmt: skip
    return certify(model, out, held, trained=True, seed=seed)


def _texts(names: Sequence[str], field: str) -> tuple[list[str], list[str]]:
    """The first megabytes of a corpus, and every twentieth text of it, to measure on."""
    if not names:
        return [], []
    texts, size = [], 0
    options = ReadOptions(unit="block", field=field, column=field)
    for document in Corpus.from_paths(list(names), options):
        texts.append(document.data.decode("utf-8", "replace"))
        size += len(document.data)
        if size > READ:
            break
    held = texts[HELD - 1 :: HELD]
    if not held:
        return texts, texts
    return [text for at, text in enumerate(texts) if at % HELD != HELD - 1], held


def _show(out: Path, report: TransplantReport, found: Certificate) -> None:
    typer.echo(
        f"{report.architecture}: {report.old_ids:,} ids to {report.new_ids:,}, "
        f"{'one matrix' if report.tied else 'two matrices'} of {report.new_rows:,} rows"
    )
    for role, counts in report.rows.items():
        made = ", ".join(f"{count:,} by {name or 'nothing'}" for name, count in counts.items())
        typer.echo(f"{role} rows: {made}")
    for note in report.notes:
        typer.echo(f"note: {note}")
    print_table(
        ("check", "", "found"), [(each.name, each.status, each.found) for each in found.checks],
        names=3,
    )  # fmt: skip
    print_table(
        ("figure", "value"),
        [
            (name, "-" if value is None else f"{value:,.4g}")
            for name, value in found.figures.items()
        ],
    )
    for token in found.tokens[:TOKENS]:
        bits = "" if token.bits is None else f", {token.bits:.1f} bits a use"
        made = "".join(f"; {role} {made}" for role, made in token.made.items())
        typer.echo(f"new {token.piece}: {token.uses} uses{bits}{made}")
    if not found.tokens:
        typer.echo("note: bits per byte and new tokens are measured on text; give --corpus")
    typer.echo(f"{out / PAGE}: {'passes' if found.passes else 'FAILS'}")


def _list(as_json: bool) -> None:
    rows = [
        {
            "name": name,
            "summary": entry.summary,
            "source": entry.source,
            "systems": list(entry.systems),
            "default": name == DEFAULT,
        }
        for name, entry in INITIALISERS.items()
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['name']:16}{row['summary']} [{row['source'] or 'ours'}]")
