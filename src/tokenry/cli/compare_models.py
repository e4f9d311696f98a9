"""``tokenry compare-models``: tokenizers by what small models learn under them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tokenry.cli.arguments import Field, Json
from tokenry.cli.tables import print_table
from tokenry.progress import progress_on_stderr
from tokenry.study.model_comparison.content import ModelComparison
from tokenry.study.model_comparison.options import ComparisonOptions
from tokenry.study.model_comparison.run import FILE
from tokenry.study.model_comparison.run import compare_models as compare
from tokenry.study.model_comparison.table import table_of

_DEFAULT = ComparisonOptions(("a", "b"), ("text",))


def compare_models(
    tokenizers: Annotated[
        list[str],
        typer.Argument(
            metavar="TOKENIZER",
            help="Two or more tokenizer files or folders; for a rank file of unknown name, "
            "FILE:pattern. The first is held against the others.",
            show_default=False,
        ),
    ],
    data: Annotated[
        list[str],
        typer.Option(
            metavar="DATA...", help="Files, folders or globs to learn from.", show_default=False
        ),
    ],
    out: Annotated[Path, typer.Option(help="The folder to write.")] = _DEFAULT.out,
    budget: Annotated[int, typer.Option(help="Bytes of text to learn from.")] = _DEFAULT.budget,
    holdout: Annotated[float, typer.Option(help="Share of the documents to measure on.")] = 0.1,
    width: Annotated[int, typer.Option(help="Of the models.")] = _DEFAULT.width,
    layers: Annotated[int, typer.Option(help="Of the models.")] = _DEFAULT.layers,
    context: Annotated[
        int, typer.Option(help="Bytes of text that a model sees at a time.")
    ] = _DEFAULT.context,
    seeds: Annotated[int, typer.Option(help="Models of each tokenizer and budget.")] = 3,
    seed: Annotated[int, typer.Option(help="Of the hold-out, and of the first model.")] = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue the comparison that --out holds.")
    ] = False,
    field: Field = "text",
    as_json: Json = False,
) -> None:
    """Train the same small model under each tokenizer; compare bits per byte of held-out text.

    Once with the same text for all, once with the same operations; several seeds, with intervals.
    Writes OUT/comparison.json. It needs torch: pip install 'tokenry[[study,neural]]'.

    [bold]Examples[/bold]

    tokenry compare-models mine/ gpt2.json --data texts/

    tokenry compare-models mine/ gpt2.json --data texts/ --budget 8000000 --width 256 --layers 4
    """
    options = ComparisonOptions(
        tokenizers=tuple(tokenizers),
        data=tuple(data),
        out=out,
        field=field,
        budget=budget,
        holdout=holdout,
        width=width,
        layers=layers,
        context=context,
        seeds=seeds,
        seed=seed,
    )
    try:
        with progress_on_stderr() as progress:
            found = compare(options, resume=resume, progress=progress)
    except KeyboardInterrupt:
        typer.echo(f"stopped; continue with the same command and --resume (out: {out})", err=True)
        raise
    typer.echo(json.dumps(found.to_json(), ensure_ascii=False)) if as_json else _print(found, out)


def _print(found: ModelComparison, out: Path) -> None:
    print_table(*table_of(found))
    typer.echo("")
    for each in found.differences:
        ends = [
            f"{low:.1%} to {high:.1%} over {name}"
            for name, between in (("seeds", each.seeds), ("documents", each.documents))
            if between is not None
            for low, high in [between]
        ]
        typer.echo(f"{each.verdict} ({'; '.join(ends) or 'one seed'}).")
    typer.echo(f"Figures: {out / FILE}")
