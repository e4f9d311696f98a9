"""``tokenry choose-size``: what each vocabulary size costs, and the one to take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tokenry.cli.arguments import Field, Json, Layers, Params, Width, read_shape, read_size
from tokenry.corpus import Corpus, ReadOptions
from tokenry.drawing.sizes import draw_sizes
from tokenry.errors import VocabularyError
from tokenry.measuring.size import SizeSweep
from tokenry.study.sizes import LanguageSizes
from tokenry.study.sizes import choose_size as choose

DEFAULT_SIZES = "2k,4k,8k,16k,32k,64k"


def choose_size(
    data: Annotated[
        list[str],
        typer.Argument(metavar="DATA", help="Files, folders or globs.", show_default=False),
    ],
    sizes: Annotated[
        str, typer.Option(help="Vocabulary sizes, with commas; k is a thousand.")
    ] = DEFAULT_SIZES,
    kind: Annotated[str, typer.Option(help="A learner whose vocabularies nest.")] = "bpe",
    params: Params = None,
    width: Width = None,
    layers: Layers = None,
    untied: Annotated[
        bool, typer.Option("--untied", help="The output layer has rows of its own.")
    ] = False,
    tolerance: Annotated[
        float, typer.Option(help="Share of operations per byte that a smaller size may cost more.")
    ] = 0.01,
    holdout: Annotated[float, typer.Option(help="Share of the text to measure on.")] = 0.1,
    parallel: Annotated[
        Path | None,
        typer.Option(
            help="A folder of translations, one file a language, line by line: also find the size "
            "that each language needs.",
            show_default=False,
        ),
    ] = None,
    reference_language: Annotated[
        str, typer.Option(help="The language, a file of --parallel, to measure the others against.")
    ] = "eng_Latn",
    target: Annotated[float, typer.Option(help="The premium that each language is to pay.")] = 1.0,
    plot: Annotated[
        Path | None, typer.Option(help="A .svg or .png to draw.", show_default=False)
    ] = None,
    field: Field = "text",
    as_json: Json = False,
) -> None:
    """Learn once, measure every size, and recommend one for a model.

    [bold]Examples[/bold]

    tokenry choose-size texts/ --sizes 4k,8k,16k,32k --width 1024 --layers 24

    tokenry choose-size texts/ --params 350M

    tokenry choose-size texts/ --parallel flores/ --target 1.1 --plot sizes.svg
    """
    wanted = read_sizes(sizes)
    if plot is not None and plot.suffix not in (".svg", ".png"):
        raise VocabularyError(f"--plot {plot}: expected a name that ends in .svg or .png")
    shape = read_shape(params, width, layers, tied=not untied)
    found = choose(
        Corpus.from_paths(list(data), ReadOptions(unit="block", field=field, column=field)),
        wanted,
        kind=kind,
        shape=shape,
        tolerance=tolerance,
        holdout=holdout,
        parallel=parallel,
        reference_language=reference_language,
        target=target,
    )
    if plot is not None:
        draw_sizes(found.sweep, found.languages.tokens if found.languages else {}, plot)
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        if params is not None:
            typer.echo(f"--params {params}: width {shape.width:,}, {shape.layers} layers")
        _show(found.sweep, found.languages)


def read_sizes(text: str) -> list[int]:
    """Ascending sizes from ``4k,8000``.

    Raises:
        VocabularyError: a part is no size.
    """
    return sorted({read_size(part, "--sizes") for part in text.split(",")})


def _show(sweep: SizeSweep, languages: LanguageSizes | None) -> None:
    typer.echo(
        f"{'ids':>9} {'tokens':>12} {'bytes/token':>12} {'95% interval':>17} "
        f"{'row parameters':>15} {'of all':>7} {'Mflop/byte':>11}"
    )
    for point in sweep.points:
        interval = point.bytes_per_token.interval
        between = f"{interval.low:.3f} to {interval.high:.3f}" if interval else "-"
        mark = "  <- recommended" if point.size == sweep.recommended else ""
        typer.echo(
            f"{point.size:>9,} {point.tokens:>12,} {point.bytes_per_token.value:>12.3f} "
            f"{between:>17} {point.row_parameters:>15,} {point.row_share:>7.1%} "
            f"{point.flops_per_byte / 1e6:>11,.2f}{mark}"
        )
    typer.echo(f"recommended: {sweep.recommended:,} ids, {sweep.rule}")
    if sweep.recommended == sweep.points[-1].size:
        typer.echo("no larger size was measured; larger ones may cost less still")
    if languages is None:
        return
    typer.echo(
        f"\nids with which a language pays {languages.target:g} times what {languages.reference} "
        f"pays with {languages.size:,}:"
    )
    for row in languages.found:
        size = "more than measured" if row.size is None else f"{row.size:,}"
        typer.echo(f"{row.language:>16} premium {row.premium:.3f}  {size}")
