"""``tokenry study``: the main job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tokenry.cli.arguments import (
    Csv,
    Field,
    Figures,
    Json,
    Latex,
    Layers,
    ParallelFolder,
    Params,
    ReferenceLanguage,
    Reserve,
    SpecialTokens,
    Width,
    named_specials,
    read_shape,
    read_size,
)
from tokenry.cli.reports import Forms
from tokenry.cli.tables import print_table
from tokenry.learning import KINDS
from tokenry.progress import progress_on_stderr
from tokenry.study import StudyOptions, StudyResult, run_study
from tokenry.study.options import LEARNERS


def study(
    data: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DATA",
            help="Files, folders or globs (.txt .jsonl .parquet .gz .zst, code). Without any: the "
            "interpreter's standard library, with CLDR names as parallel text.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("study"),
    field: Field = "text",
    vocab_size: Annotated[
        str, typer.Option(metavar="N", help="Ids of each learnt tokenizer, such as 48k.")
    ] = "16000",
    special_tokens: SpecialTokens = None,
    reserve: Reserve = 0,
    learners: Annotated[
        str, typer.Option(help="What to learn, by commas, or 'all', or 'none'.")
    ] = ",".join(LEARNERS),
    against: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE...",
            help="Reference tokenizers: tokenizer.json, .model, or a rank file, with :pattern if "
            "its name does not say it. DATA stands before this option.",
        ),
    ] = None,
    parallel: ParallelFolder = None,
    reference_language: ReferenceLanguage = None,
    holdout: Annotated[float, typer.Option(help="Share of the documents to measure on.")] = 0.05,
    params: Params = None,
    width: Width = None,
    layers: Layers = None,
    seed: Annotated[int, typer.Option(help="Of the hold-out and the intervals.")] = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue the study that --out holds.")
    ] = False,
    markdown: Annotated[
        Path | None, typer.Option(help="Write the tokenizers side by side as a Markdown table.")
    ] = None,
    csv: Csv = None,
    latex: Latex = None,
    figures: Figures = None,
    as_json: Json = False,
) -> None:
    """Learn tokenizers from data, measure them beside references, and report.

    Writes OUT/report.html, OUT/study.json and OUT/tokenizers/LEARNER/.

    [bold]Examples[/bold]

    tokenry study

    tokenry study texts/ --vocab-size 32k --against cl100k_base.tiktoken o200k_base.tiktoken

    tokenry study corpus.jsonl.zst --parallel flores/ --learners bpe

    tokenry study texts/ --learners all

    tokenry study texts/ --learners none --against cl100k_base.tiktoken o200k_base.tiktoken \\
        --params 7B
    """
    options = StudyOptions(
        data=tuple(data or ()),
        out=out,
        field=field,
        vocab_size=read_size(vocab_size, "--vocab-size"),
        special_tokens=named_specials(special_tokens, reserve),
        learners=_names(learners),
        against=tuple(against or ()),
        parallel=parallel,
        reference_language=reference_language,
        holdout=holdout,
        seed=seed,
        shape=read_shape(params, width, layers),
    )
    forms = Forms(csv=csv, latex=latex, markdown=markdown, figures=figures)
    forms.check()
    try:
        with progress_on_stderr() as progress:
            result = run_study(options, resume=resume, progress=progress)
    except KeyboardInterrupt:
        typer.echo(f"stopped; continue with the same command and --resume (out: {out})", err=True)
        raise
    forms.write(result)
    if as_json:
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False))
    else:
        _print(result)


def _names(learners: str) -> tuple[str, ...]:
    if learners.strip() == "all":
        return tuple(KINDS)
    if learners.strip() == "none":
        return ()
    return tuple(name.strip() for name in learners.split(",") if name.strip())


def _print(result: StudyResult) -> None:
    study = result.study
    print_table(*result.table(), marked=study.to_take)
    typer.echo(f"\n{study.winner.summary}")
    typer.echo(f"Winner: {study.winner.reason}")
    if study.advice is not None:
        typer.echo(f"To take: {study.advice.reason}")
    typer.echo(f"Report: {result.report}")
    if study.options.learners:
        typer.echo(f"Winner's files: {result.winner_folder}")
