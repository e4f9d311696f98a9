"""``tokenry glitches``: ids that no text produces, and ids that a model never learnt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokenry.cli.arguments import Json, Pattern, TokenizerFile, open_tokenizer
from tokenry.cli.tables import print_table
from tokenry.errors import ArgumentError
from tokenry.measuring.glitches import GlitchScan, scan_glitches
from tokenry.progress import progress_on_stderr
from tokenry.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokenry.auditing.glitches import Suspect

SHOWN = 12


def glitches(
    tokenizer: TokenizerFile,
    model: Annotated[
        Path | None,
        typer.Option(help="The folder of a model that reads these ids.", show_default=False),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(
            "--suspects",
            help="How many ids the model is asked to repeat; by default 2% of them.",
            show_default=False,
            min=1,
        ),
    ] = None,
    repeat: Annotated[
        bool, typer.Option(help="Ask the model; without, its embeddings alone are read.")
    ] = True,
    pattern: Pattern = None,
    as_json: Json = False,
) -> None:
    """Scan a vocabulary for glitches: ids that were never trained.

    Without a model: ids that no text produces, that their own text does not become, that look like
    junk of the data. With one: ids whose embeddings are like those of unused ids, each verified by
    asking the model to repeat it.

    [bold]Examples[/bold]

    tokenry glitches o200k_base.tiktoken

    tokenry glitches smollm2/ --model smollm2/ --suspects 200 --json
    """
    if model is None and most is not None:
        raise ArgumentError("--suspects asks a model; name its folder with --model")
    opened = open_tokenizer(tokenizer, pattern)
    found: tuple[Suspect, ...] = ()
    with progress_on_stderr() as progress:
        progress("scan", 0, None)
        scan = scan_glitches(opened)
        if model is not None:
            from tokenry.auditing.glitches import undertrained

            found = undertrained(model, opened, scan, most=most, repeat=repeat, progress=progress)
    if as_json:
        suspects = [each.to_json() for each in found]
        typer.echo(json.dumps({**scan.to_json(), "suspects": suspects}, ensure_ascii=False))
        return
    _print(scan, opened)
    if found:
        _print_suspects(found)


def _print(scan: GlitchScan, tokenizer: Tokenizer) -> None:
    pieces = tokenizer.vocabulary.pieces
    rows = []
    for way, count in scan.counts().items():
        some = [(pieces[id_] or b"").decode("utf-8", "replace") for id_ in getattr(scan, way)[:5]]
        rows.append([way.replace("_", " "), f"{count:,}", " ".join(map(repr, some))])
    print_table([f"of {scan.ids:,} ids", "ids", "such as"], rows)


def _print_suspects(found: tuple[Suspect, ...]) -> None:
    asked = [each for each in found if each.repeated is not None]
    bad = [each for each in asked if each.undertrained]
    rows = [
        [repr(each.text), str(each.id), f"{each.indicator:.3f}",
         "-" if each.repeated is None else f"{each.repeated:.2%}"]
        for each in (bad or list(found))[:SHOWN]
    ]  # fmt: skip
    print_table(["suspect", "id", "indicator", "repeated with"], rows)
    if asked:
        typer.echo(f"the model cannot repeat {len(bad):,} of {len(asked):,} suspects")
