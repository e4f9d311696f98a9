"""``tokenry choose-size``: what each vocabulary size costs, and the one to take."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from tokenry.cli.arguments import Json
from tokenry.corpus import Corpus, ReadOptions
from tokenry.drawing.sizes import draw_sizes
from tokenry.errors import CorpusError, VocabularyError
from tokenry.learning import SmallerVocabularyWarning, learner
from tokenry.measuring import (
    LanguageSize,
    ModelShape,
    Sample,
    SizeSweep,
    language_sizes,
    sweep_sizes,
)
from tokenry.measuring.fairness import check_aligned

DEFAULT_SIZES = "2k,4k,8k,16k,32k,64k"


@dataclass(frozen=True)
class Languages:
    """Sizes by language, and the tokens that they follow from."""

    found: tuple[LanguageSize, ...]
    counts: dict[str, dict[int, int]]
    reference: str
    size: int
    target: float


def choose_size(
    data: Annotated[
        list[str],
        typer.Argument(metavar="DATA", help="Files, folders or globs.", show_default=False),
    ],
    sizes: Annotated[
        str, typer.Option(help="Vocabulary sizes, with commas; k is a thousand.")
    ] = DEFAULT_SIZES,
    kind: Annotated[str, typer.Option(help="A learner whose vocabularies nest.")] = "bpe",
    width: Annotated[int, typer.Option(help="Of the model.")] = 768,
    layers: Annotated[int, typer.Option(help="Of the model.")] = 12,
    untied: Annotated[
        bool, typer.Option("--untied", help="The output layer has rows of its own.")
    ] = False,
    tolerance: Annotated[
        float, typer.Option(help="Share of operations per byte that a smaller size may cost more.")
    ] = 0.01,
    hold_out: Annotated[float, typer.Option(help="Share of the text to measure on.")] = 0.1,
    parallel: Annotated[
        Path | None,
        typer.Option(
            help="A folder of translations, one file a language, line by line: also find the size "
            "that each language needs.",
            show_default=False,
        ),
    ] = None,
    reference: Annotated[
        str, typer.Option(help="The file that the others are measured against.")
    ] = "eng_Latn",
    target: Annotated[float, typer.Option(help="The premium that each language is to pay.")] = 1.0,
    plot: Annotated[
        Path | None, typer.Option(help="A .svg or .png to draw.", show_default=False)
    ] = None,
    field: Annotated[
        str, typer.Option(help="The field of .jsonl records or .parquet rows that holds the text.")
    ] = "text",
    as_json: Json = False,
) -> None:
    """Learn once, measure every size, and recommend one for a model.

    [bold]Examples[/bold]

    tokenry choose-size texts/ --sizes 4k,8k,16k,32k --width 1024 --layers 24

    tokenry choose-size texts/ --parallel flores/ --target 1.1 --plot sizes.svg
    """
    wanted = read_sizes(sizes)
    shape = ModelShape(width=width, layers=layers, tied=not untied)
    if plot is not None and plot.suffix not in (".svg", ".png"):
        raise VocabularyError(f"--plot {plot}: expected a name that ends in .svg or .png")
    corpus = Corpus.from_paths(list(data), ReadOptions(unit="block", field=field, column=field))
    learnt, held = corpus.split(hold_out)
    sample = _sample(held, hold_out)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        tokenizer = learner(kind, vocab_size=wanted[-1]).learn(learnt)
        sweep = sweep_sizes(tokenizer, wanted, sample, shape=shape, tolerance=tolerance)
        languages = _languages(parallel, reference, target, wanted, kind)
    if plot is not None:
        draw_sizes(sweep, languages.counts if languages else {}, plot)
    if as_json:
        typer.echo(json.dumps(_facts(sweep, languages), ensure_ascii=False))
    else:
        _show(sweep, languages)


def read_sizes(text: str) -> list[int]:
    """Ascending sizes from ``4k,8000``.

    Raises:
        VocabularyError: a part is no size.
    """
    found: set[int] = set()
    for part in text.split(","):
        number = part.strip().lower().replace("_", "")
        thousands = number.endswith("k")
        try:
            size = round(float(number[:-1]) * 1000) if thousands else int(number)
        except (ValueError, OverflowError):
            size = 0
        if size < 1:
            raise VocabularyError(f"--sizes {text!r}: {part!r} is no size; write 4k,8k,16k")
        found.add(size)
    return sorted(found)


def _sample(held: Corpus, share: float) -> Sample:
    documents = [document.data for document in held]
    if not documents:
        raise CorpusError(
            f"holding out {share:g} of the documents leaves none to measure on; give more text or "
            "a larger --hold-out"
        )
    return Sample.of(documents)


def _languages(
    folder: Path | None, reference: str, target: float, sizes: list[int], kind: str
) -> Languages | None:
    """Learn each language from every second block of lines, and count on the others."""
    if folder is None:
        return None
    lines = _read_parallel(folder, reference)
    tokenizers = {
        name: learner(kind, vocab_size=sizes[-1]).learn(_side(each, 0))
        for name, each in lines.items()
    }
    largest = min(len(each.vocabulary) for each in tokenizers.values())
    usable = [size for size in sizes if size <= largest]
    if len(usable) < 3:
        raise VocabularyError(
            f"the parallel text gives vocabularies of up to {largest:,} ids, and a curve needs "
            f"three sizes within that; --sizes has {len(usable)}: give smaller ones or more text"
        )
    counts = {
        name: {
            size: int(tokenizer.truncate(size).count_batch(_side(lines[name], 1)).sum())
            for size in usable
        }
        for name, tokenizer in tokenizers.items()
    }
    common = usable[len(usable) // 2]
    found = language_sizes(counts, reference, size=common, target=target)
    return Languages(found, counts, reference, common, target)


def _read_parallel(folder: Path, reference: str) -> dict[str, list[str]]:
    files = sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []
    lines = {path.stem: path.read_text("utf-8", "replace").splitlines() for path in files}
    check_aligned(lines, reference)
    return lines


def _side(lines: list[str], side: int, block: int = 20) -> list[str]:
    return [line for at, line in enumerate(lines) if at // block % 2 == side]


def _facts(sweep: SizeSweep, languages: Languages | None) -> dict[str, Any]:
    facts: dict[str, Any] = sweep.to_json()
    if languages is not None:
        facts["languages"] = {
            "reference": languages.reference,
            "size": languages.size,
            "target": languages.target,
            "found": [row.to_json() for row in languages.found],
            "tokens": languages.counts,
        }
    return facts


def _show(sweep: SizeSweep, languages: Languages | None) -> None:
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
