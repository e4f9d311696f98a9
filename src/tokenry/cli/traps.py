"""``tokenry traps``: two words that a vocabulary cuts in the wrong place, as a test file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, cast

import typer

from tokenry.cli.arguments import Json, Pattern, TokenizerFile, open_tokenizer
from tokenry.cli.tables import print_table
from tokenry.files import write_text
from tokenry.measuring.trap_words import Script, TrapWord, crossing_rate, find_traps
from tokenry.progress import progress_on_stderr


def traps(
    tokenizer: TokenizerFile,
    script: Annotated[str, typer.Option(help="Of the words: Latin or Han.")] = "Latin",
    count: Annotated[int, typer.Option(help="Trap words that are looked for.", min=1)] = 1000,
    out: Annotated[
        Path | None,
        typer.Option(help="Write them as a test file of JSON lines.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 0,
    pattern: Pattern = None,
    as_json: Json = False,
) -> None:
    """Find pairs of words whose boundary a vocabulary misses where no space stands between them.

    Also says how often that happens to random pairs. Each line of the test file has a question and
    its answer for a model.

    [bold]Examples[/bold]

    tokenry traps o200k_base.tiktoken --script Han --out traps.jsonl

    tokenry traps smollm2/ --count 200 --json
    """
    opened = open_tokenizer(tokenizer, pattern)
    kind = cast(Script, script)
    with progress_on_stderr() as progress:
        progress("traps", 0, None)
        found = find_traps(opened, kind, count=count, seed=seed)
        progress("random pairs", 0, None)
        rate = crossing_rate(opened, kind, seed=seed)
    if out is not None:
        write_text(out, "".join(f"{line_of(trap)}\n" for trap in found))
    if as_json:
        listed = [trap.to_json() for trap in found]
        typer.echo(
            json.dumps({"crossing_rate": rate.to_json(), "traps": listed}, ensure_ascii=False)
        )
        return
    rows = [[trap.answer, trap.trap, " | ".join(trap.pieces)] for trap in found[:12]]
    print_table(["words", "piece across", "cut as"], rows, names=3)
    between = f" ({rate.interval.low:.1%} to {rate.interval.high:.1%})" if rate.interval else ""
    typer.echo(
        f"{len(found):,} trap words; of {rate.pairs:,} random pairs {rate.value:.1%}{between} are "
        f"cut across their boundary ({rate.words:,} words)"
    )


def line_of(trap: TrapWord) -> str:
    """A line of the test file."""
    question = f"Write {trap.text!r} as the two words that it is made of."
    return json.dumps(
        {"question": question, "answer": trap.answer, **trap.to_json()}, ensure_ascii=False
    )
