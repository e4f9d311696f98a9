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
from tokenry.progress import Progress, progress_on_stderr
from tokenry.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokenry.auditing.glitches import Suspect
    from tokenry.auditing.token_forcing import Forced

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
    force: Annotated[
        int,
        typer.Option(
            help="So many ids are also forced as the first one, to find texts hidden in the model.",
            min=0,
        ),
    ] = 0,
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

    tokenry glitches tuned/ --model tuned/ --no-repeat --force 2000
    """
    if model is None and (most is not None or force):
        asked = "--suspects" if most is not None else "--force"
        raise ArgumentError(f"{asked} asks a model; name its folder with --model")
    opened = open_tokenizer(tokenizer, pattern)
    found: tuple[Suspect, ...] = ()
    forced: list[Forced] = []
    with progress_on_stderr() as progress:
        progress("scan", 0, None)
        scan = scan_glitches(opened)
        if model is not None:
            from tokenry.auditing.glitches import undertrained

            found = undertrained(model, opened, scan, most=most, repeat=repeat, progress=progress)
            forced = _forced(model, opened, force, progress)
    if as_json:
        suspects = [each.to_json() for each in found]
        texts = [{"id": each.id, "text": _text(opened, each), "probability": each.probability,
                  "loops": each.loops} for each in forced]  # fmt: skip
        told = {**scan.to_json(), "suspects": suspects, "forced": texts}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    _print(scan, opened)
    if found:
        _print_suspects(found)
    if forced:
        rows = [[repr(_text(opened, each)), f"{each.probability:.1%}"] for each in forced[:SHOWN]]
        print_table(["said after its first id alone", "probability of an id"], rows)


def _forced(model: Path, tokenizer: Tokenizer, count: int, progress: Progress) -> list[Forced]:
    if not count:
        return []
    from tokenry.auditing.token_forcing import force_tokens
    from tokenry.models import causal_model

    bos = tokenizer.pipeline.config.bos
    begin = [] if bos is None else [tokenizer.pipeline.specials()[bos]]
    ids = range(min(count, len(tokenizer)))
    return force_tokens(causal_model(model), ids, begin=begin, progress=progress)


def _text(tokenizer: Tokenizer, forced: Forced) -> str:
    return tokenizer.decode([forced.id, *forced.ids])


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
