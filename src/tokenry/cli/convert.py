"""``tokenry convert``: one tokenizer file into another."""

from __future__ import annotations

import json
from enum import StrEnum
from errno import EEXIST
from pathlib import Path
from typing import Annotated

import typer

from tokenry.cli.arguments import Json, Pattern, Special, TokenizerFile, open_tokenizer
from tokenry.formats import native_file


class Target(StrEnum):
    """What can be written."""

    tokenizer_json = "tokenizer.json"
    tiktoken = "tiktoken"
    tokenry = "tokenry"


def convert(
    tokenizer: TokenizerFile,
    out: Annotated[
        Path,
        typer.Argument(help="A folder for tokenizer.json, a file otherwise.", show_default=False),
    ],
    to: Annotated[Target, typer.Option(help="The format to write.")] = Target.tokenizer_json,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    pattern: Pattern = None,
    special: Special = None,
    as_json: Json = False,
) -> None:
    """Write a tokenizer for another program, and say how faithful the file is.

    [bold]Examples[/bold]

    tokenry convert o200k_base.tiktoken o200k/ --to tokenizer.json

    tokenry convert tokenizer.json ranks.tiktoken --to tiktoken
    """
    loaded = open_tokenizer(tokenizer, pattern, special)
    _refuse_existing(out, to, force)
    if to is Target.tokenry:
        written = native_file.save(loaded.pipeline, out)
        facts = {"paths": [str(written)], "format": "tokenry", "exact": True}
        text = f"{written}: exact; it is tokenry's own format"
    else:
        report = loaded.save(out) if to is Target.tokenizer_json else loaded.to_tiktoken(out)
        facts, text = report.to_json(), str(report)
    typer.echo(json.dumps(facts) if as_json else text)


def _refuse_existing(out: Path, to: Target, force: bool) -> None:
    there = out / "tokenizer.json" if to is Target.tokenizer_json else out
    if there.exists() and not there.is_dir() and not force:
        raise FileExistsError(EEXIST, "exists; give another place, or --force", str(there))
