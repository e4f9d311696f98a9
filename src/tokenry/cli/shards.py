"""``tokenry shards``: a corpus as files of ids that training reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from tokenry.cli.arguments import Field, Json, Pattern, name_and_value, open_tokenizer
from tokenry.errors import ShardError
from tokenry.json_data import plain
from tokenry.progress import progress_on_stderr
from tokenry.shards import ShardOptions, ShardSet, verify, write_shards
from tokenry.shards.driver import JobReport
from tokenry.shards.registry import FORMATS, PACKERS, TRANSFORMS
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import display_name

NONE = "none"


def shards(
    data: Annotated[
        list[str] | None,
        typer.Argument(metavar="DATA", help="Files, folders or globs.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder of the shards.", show_default=False)
    ] = None,
    tokenizer: Annotated[
        str | None,
        typer.Option(help="A tokenizer file or folder, or FILE:pattern.", show_default=False),
    ] = None,
    format: Annotated[str, typer.Option(help=f"One of {', '.join(FORMATS)}.")] = "own",
    pack: Annotated[
        str, typer.Option(help=f"How rows are filled: {', '.join(PACKERS)}; with --length.")
    ] = "best-fit",
    length: Annotated[
        int | None,
        typer.Option(help="Ids of a row; without it each document stays by itself.", min=2),
    ] = None,
    begin: Annotated[str, typer.Option(help="The special before each document.")] = NONE,
    end: Annotated[
        str, typer.Option(help="The special behind each document; auto: the tokenizer's own.")
    ] = "auto",
    pad: Annotated[
        str | None, typer.Option(help="The special that fills the last rows.", show_default=False)
    ] = None,
    dtype: Annotated[
        str | None,
        typer.Option(
            help="uint16 or uint32; without it what the vocabulary needs.", show_default=False
        ),
    ] = None,
    transform: Annotated[str, typer.Option(help=f"One of {', '.join(TRANSFORMS)}.")] = "plain",
    option: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="An option of the transform: rate=0.9."),
    ] = None,
    field: Field = "text",
    unit: Annotated[
        str, typer.Option(help="What a document of a text file is: file, block, paragraph, line.")
    ] = "file",
    choice: Annotated[
        str | None,
        typer.Option(help="A file of `tokenry select`: which documents.", show_default=False),
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes.", min=1)] = 1,
    rank: Annotated[int, typer.Option(help="Of this call among --world calls.", min=0)] = 0,
    world: Annotated[int, typer.Option(help="Calls that share the work.", min=1)] = 1,
    ray: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Ray cluster that does it.", show_default=False),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Make what is missing or whose sources changed.")
    ] = False,
    verified: Annotated[
        bool,
        typer.Option("--verify", help="Compare files with their digests, and ids with the text."),
    ] = False,
    pattern: Pattern = None,
    as_json: Json = False,
) -> None:
    """Encode files, pack them and write shards; what is there after an interruption is whole.

    [bold]Examples[/bold]

    tokenry shards texts/ --tokenizer my-bpe --out shards --length 2048 --workers 8

    tokenry shards 'data/*.jsonl.gz' --tokenizer llama/ --out shards --format megatron --resume

    tokenry shards data/ --tokenizer my-bpe --out shards --rank $SLURM_ARRAY_TASK_ID --world 64

    tokenry shards data/ --tokenizer my-bpe --choice chosen --out shards --length 2048

    tokenry shards --out shards --tokenizer my-bpe --verify
    """
    if out is None or not (data or verified):
        raise ShardError("give DATA and the folder --out; or --out and --verify to look at shards")
    loaded = open_tokenizer(tokenizer, pattern) if tokenizer else None
    facts: dict[str, Any] = {"out": str(out)}
    if data:
        if loaded is None or tokenizer is None:
            raise ShardError("give the --tokenizer that encodes")
        options = ShardOptions(
            format=format,
            pack=pack,
            length=length,
            begin=None if begin == NONE else begin,
            end=None if end == NONE else end,
            pad=pad,
            dtype=cast(Literal["uint16", "uint32"] | None, dtype),
            transform=transform,
            transform_options=dict(map(name_and_value, option or ())),
            field=field,
            unit=cast(Literal["file"], unit),
            choice=choice,
        )
        name = display_name(Path(tokenizer.partition(":")[0]))
        shares = {"workers": workers, "rank": rank, "world": world, "ray": ray, "resume": resume}
        facts |= _made(data, loaded, out, options, name, shares, as_json)
    if verified:
        facts["verified"] = _verified(out, loaded, as_json)
    if as_json:
        typer.echo(json.dumps(facts))


def _made(
    data: list[str],
    tokenizer: Tokenizer,
    out: Path,
    options: ShardOptions,
    name: str,
    shares: dict[str, Any],
    as_json: bool,
) -> dict[str, Any]:
    with progress_on_stderr() as progress:
        report = write_shards(data, tokenizer, out, options, name=name, progress=progress, **shares)
    if not as_json:
        typer.echo(_told(report))
    found: dict[str, Any] = plain(report)
    return found


def _verified(out: Path, tokenizer: Tokenizer | None, as_json: bool) -> dict[str, Any]:
    found = verify(out, tokenizer)
    if not as_json:
        typer.echo(
            f"verified: {found.files} files have their digests, {found.documents:,} documents "
            f"are their text, of {found.shortened:,} of them packing dropped the end"
        )
    return found.to_json()


def _told(report: JobReport) -> str:
    summary = report.summary
    head = f"{report.made} shards made, {report.kept} kept, of {report.total}"
    return f"{head}; others are missing" if summary is None else f"{head}: {_total(summary)}"


def _total(summary: ShardSet) -> str:
    text = (
        f"{summary.documents:,} documents, {summary.bytes:,} bytes, {summary.tokens:,} tokens "
        f"in {summary.sequences:,} sequences of {summary.dtype}"
    )
    if summary.length is not None:
        text += f", {summary.padding:,} padding, {summary.dropped:,} dropped"
    return text
