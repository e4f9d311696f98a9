"""``tokenry capacity``: bits per byte, information capacity and context of a causal model."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tokenry.cli.arguments import Field, Json, Pattern, open_tokenizer
from tokenry.cli.tables import print_table
from tokenry.corpus import Corpus, ReadOptions
from tokenry.errors import ArgumentError, SpareRowsWarning
from tokenry.progress import progress_on_stderr

if TYPE_CHECKING:
    from tokenry.auditing.capacity import Capacity
    from tokenry.auditing.threads import ThreadScore


def capacity(
    model: Annotated[
        Path,
        typer.Argument(metavar="MODEL", help="The folder of a causal model.", show_default=False),
    ],
    data: Annotated[
        list[str],
        typer.Argument(metavar="DATA", help="Files, folders or globs.", show_default=False),
    ],
    tokenizer: Annotated[
        str | None,
        typer.Option(help="Its tokenizer, where the folder has none.", show_default=False),
    ] = None,
    texts: Annotated[int, typer.Option(help="Texts that are read at most.", min=1)] = 64,
    longest: Annotated[int, typer.Option(help="Tokens of each text at most.", min=2)] = 1024,
    offset: Annotated[
        float, typer.Option(help="The term b, which the authors fitted for each data set.")
    ] = -24.0,
    threads: Annotated[
        str | None,
        typer.Option(
            metavar="STEPS,PAIRS",
            help="Also ask it to follow threads of so many steps in lists of so many pairs.",
            show_default=False,
        ),
    ] = None,
    pattern: Pattern = None,
    field: Field = "text",
    as_json: Json = False,
) -> None:
    """Say how well a causal model compresses text for what it computes.

    Bits per byte and per character, information capacity, and what its context holds in characters:
    tokens of two tokenizers are not compared by number.

    [bold]Examples[/bold]

    tokenry capacity smollm2/ texts/ --json

    tokenry capacity smollm2/ texts/ --threads 1,16
    """
    from tokenry.auditing.capacity import information_capacity
    from tokenry.auditing.threads import follow_threads
    from tokenry.models import causal_model

    asked = _two_numbers(threads)
    opened = open_tokenizer(tokenizer or str(model), pattern)
    corpus = Corpus.from_paths(list(data), ReadOptions(field=field, column=field))
    with progress_on_stderr() as progress, warnings.catch_warnings():
        warnings.simplefilter("ignore", SpareRowsWarning)
        chosen = [
            document.data.decode("utf-8", "replace")
            for document, _ in zip(corpus, range(texts), strict=False)
        ]
        network = causal_model(model)
        found = information_capacity(
            network, opened, chosen, offset=offset, longest=longest, progress=progress
        )
        followed = None
        if asked:
            steps, pairs = asked
            followed = follow_threads(network, opened, steps=steps, pairs=pairs, progress=progress)
    if as_json:
        more = {} if followed is None else {"threads": followed.to_json()}
        typer.echo(json.dumps({**found.to_json(), **more}))
        return
    _print(found, followed)


def _two_numbers(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, _, second = text.partition(",")
    if not (first.strip().isdecimal() and second.strip().isdecimal()):
        raise ArgumentError(f"--threads {text!r}; expected two numbers, such as 1,16")
    return int(first), int(second)


def _print(found: Capacity, followed: ThreadScore | None) -> None:
    held = "any number" if found.context_tokens is None else f"{found.context_tokens:,} tokens"
    if found.context_characters is not None:
        held += f", about {found.context_characters:,} characters of this text"
    rows = [
        ["information capacity", f"{found.capacity:.4f}"],
        ["bits per byte", f"{found.bits_per_byte:.4f}"],
        ["bits per character", f"{found.bits_per_character:.4f}"],
        ["bytes per token", f"{found.bytes_per_token:.3f}"],
        ["Mflop per token", f"{found.flops_per_token / 1e6:,.1f}"],
        ["context", held],
        ["texts", f"{found.texts:,} ({found.cut:,} cut)"],
    ]
    if followed is not None:
        rows.append(
            [f"threads of {followed.steps} in {followed.pairs} pairs",
             f"{followed.correct:.0%} right (chance {followed.chance:.0%}), "
             f"{followed.characters:,.0f} characters, {followed.tokens:,.0f} tokens"]
        )  # fmt: skip
    print_table(["", "figure"], rows)
