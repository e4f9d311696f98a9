"""``tokenry convert``: one tokenizer file into another."""

from __future__ import annotations

import json
from enum import StrEnum
from errno import EEXIST
from pathlib import Path
from typing import Annotated

import typer

from tokenry.cli.arguments import Json, Pattern, Special, TokenizerFile, open_tokenizer
from tokenry.errors import VocabularyError
from tokenry.formats import native_file


class Target(StrEnum):
    """What can be written."""

    tokenizer_json = "tokenizer.json"
    tiktoken = "tiktoken"
    tokenry = "tokenry"


def convert(
    tokenizer: TokenizerFile,
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="[OUT]",
            help="A folder for tokenizer.json, a file otherwise.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The same, as other commands have it.", show_default=False)
    ] = None,
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
    places = [each for each in (place, out) if each is not None]
    if len(places) != 1:
        raise VocabularyError("say once where to write: OUT behind the tokenizer, or --out OUT")
    [written_to] = places
    loaded = open_tokenizer(tokenizer, pattern, special)
    _refuse_existing(written_to, to, force)
    if to is Target.tokenry:
        written = native_file.save(loaded.pipeline, written_to)
        facts = {"paths": [str(written)], "format": "tokenry", "exact": True}
        text = f"{written}: exact; it is tokenry's own format"
    else:
        save = loaded.save if to is Target.tokenizer_json else loaded.to_tiktoken
        report = save(written_to)
        facts, text = report.to_json(), str(report)
    typer.echo(json.dumps(facts) if as_json else text)


def _refuse_existing(out: Path, to: Target, force: bool) -> None:
    there = out / "tokenizer.json" if to is Target.tokenizer_json else out
    if there.exists() and not there.is_dir() and not force:
        raise FileExistsError(EEXIST, "exists; give another place, or --force", str(there))
