"""``tokenry measure``: the card of a tokenizer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tokenry.card import CardOptions, measure_card
from tokenry.cli.arguments import (
    Budget,
    Csv,
    Field,
    Figures,
    Html,
    Json,
    Latex,
    Layers,
    On,
    ParallelFolder,
    Params,
    Price,
    ReferenceLanguage,
    Width,
    read_shape,
)
from tokenry.cli.reports import Forms
from tokenry.cli.tables import print_table
from tokenry.drawing.canvas import check_plots
from tokenry.files import write_text
from tokenry.progress import progress_on_stderr


def measure(
    tokenizers: Annotated[
        list[str],
        typer.Argument(
            metavar="TOKENIZER",
            help="Tokenizer files or folders; for a rank file of unknown name, FILE:pattern. The "
            "first is what the others are compared with.",
            show_default=False,
        ),
    ],
    on: On = None,
    parallel: ParallelFolder = None,
    reference_language: ReferenceLanguage = None,
    made_for: Annotated[
        str, typer.Option(help="Languages that the tokenizers are made for, by commas.")
    ] = "",
    gold: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE...",
            help="Words with their morphemes: SIGMORPHON 2022, MorphScore or MorphyNet.",
        ),
    ] = None,
    words: Annotated[
        Path | None,
        typer.Option(help="A list of valid words, one a line: which tokens are words (%TR)."),
    ] = None,
    morphemes: Annotated[
        Path | None, typer.Option(help="A list of roots and affixes: which tokens are pure.")
    ] = None,
    field: Field = "text",
    budget: Budget = 1_000_000,
    price: Price = None,
    params: Params = None,
    width: Width = None,
    layers: Layers = None,
    seed: Annotated[int, typer.Option(help="Of bootstraps and draws.")] = 0,
    html: Html = None,
    markdown: Annotated[
        Path | None,
        typer.Option(
            help="Write a tokenizer card with front matter; of several, a table of all first."
        ),
    ] = None,
    csv: Csv = None,
    latex: Latex = None,
    figures: Figures = None,
    as_json: Json = False,
) -> None:
    """Measure tokenizers: what they cost, whom they hurt, what they are made of.

    Prints a table; --html, --markdown and --json give everything; --csv, --latex and --figures
    are for spreadsheets and papers.

    [bold]Examples[/bold]

    tokenry measure my-tokenizer/ --html card.html

    tokenry measure o200k_base.tiktoken gpt2.json --on legal/ code/ --parallel flores/ --json

    tokenry measure mine/ gpt2.json --parallel flores/ --latex tables.tex --figures figures/
    """
    if html is not None:
        check_plots()
    shape = read_shape(params, width, layers)
    options = CardOptions(
        tokenizers=tuple(tokenizers),
        on=tuple(on or ()),
        field=field,
        budget=budget,
        parallel=parallel,
        reference_language=reference_language,
        made_for=tuple(name.strip() for name in made_for.split(",") if name.strip()),
        gold=tuple(gold or ()),
        words=words,
        morphemes=morphemes,
        price=price,
        width=shape.width,
        layers=shape.layers,
        seed=seed,
    )
    forms = Forms(csv=csv, latex=latex, markdown=markdown, figures=figures)
    forms.check(html)
    with progress_on_stderr() as progress:
        card = measure_card(options, progress=progress)
    if html is not None:
        write_text(html, card.to_html())
    forms.write(card)
    typer.echo(card.dumps()) if as_json else print_table(*card.table())
