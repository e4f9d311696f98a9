"""``tokenry diff``: what changes where one tokenizer takes the place of another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tokenry.card import CardOptions
from tokenry.card.difference import Difference, measure_difference
from tokenry.cli.arguments import (
    Budget,
    Field,
    Html,
    Json,
    On,
    ParallelFolder,
    Price,
    ReferenceLanguage,
    TokenizerFile,
)
from tokenry.cli.tables import print_table
from tokenry.drawing.canvas import check_plots
from tokenry.files import write_text
from tokenry.progress import progress_on_stderr


def diff(
    first: TokenizerFile,
    second: TokenizerFile,
    on: On = None,
    parallel: ParallelFolder = None,
    reference_language: ReferenceLanguage = None,
    field: Field = "text",
    budget: Budget = 1_000_000,
    price: Price = None,
    seed: Annotated[int, typer.Option(help="Of bootstraps.")] = 0,
    html: Html = None,
    id_map: Annotated[
        Path | None,
        typer.Option(
            "--map", help="Write, as JSON, the id of SECOND for each id of FIRST, -1 for none."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare two tokenizers: tokens by domain and language, words cut otherwise, ids in common.

    [bold]Examples[/bold]

    tokenry diff cl100k_base.tiktoken o200k_base.tiktoken --html diff.html

    tokenry diff old/ new/ --on texts/ --parallel flores/ --price 2.5 --map ids.json
    """
    if html is not None:
        check_plots()
    options = CardOptions(
        tokenizers=(first, second),
        on=tuple(on or ()),
        field=field,
        budget=budget,
        parallel=parallel,
        reference_language=reference_language,
        price=price,
        seed=seed,
    )
    with progress_on_stderr() as progress:
        found = measure_difference(options, progress=progress)
    if html is not None:
        write_text(html, found.to_html())
    if id_map is not None:
        write_text(id_map, json.dumps(found.id_map.tolist()))
    typer.echo(found.dumps()) if as_json else _print(found)


def _print(found: Difference) -> None:
    print_table(*found.table(), names=2)
    words, ids, total = found.words, found.ids, found.total
    typer.echo(
        f"\n{total.change:+.1%} tokens in all; {words.changed_occurrences:,} of "
        f"{words.occurrences:,} words are cut otherwise; {ids.shared:,} ids in common, "
        f"{ids.same_id:,} of them under the same number"
    )
