"""``tokenry decoding``: ways to generate, side by side."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tokenry.cli.arguments import Json, Pattern
from tokenry.cli.generation import (
    BatchSize,
    Device,
    Draft,
    Dtype,
    ModelFolder,
    MostNew,
    Seed,
    Temperature,
    TokenizerOption,
    TopP,
    open_writer,
    read_prompts,
    request_of,
)
from tokenry.cli.guard import guarded
from tokenry.cli.tables import print_table
from tokenry.progress import progress_on_stderr

decoding = typer.Typer(
    name="decoding",
    help="Ways to generate text, side by side.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


def compare(
    model: ModelFolder,
    prompts: Annotated[
        Path,
        typer.Option(help="A text is one prompt; .jsonl has a prompt a record."),
    ],
    methods: Annotated[
        str | None,
        typer.Option(help="Names with commas; without it, all that the models allow."),
    ] = None,
    draft: Draft = None,
    max_new_tokens: MostNew = 64,
    temperature: Temperature = 0.0,
    top_p: TopP = 1.0,
    seed: Seed = 0,
    batch_size: BatchSize = 1,
    tokenizer: TokenizerOption = None,
    device: Device = "cpu",
    dtype: Dtype = "auto",
    pattern: Pattern = None,
    as_json: Json = False,
) -> None:
    """What each method costs on a model, and whether its text is that of plain decoding.

    Calls and positions are of the model; FLOPs and seconds are of drafts, too.

    [bold]Examples[/bold]

    tokenry decoding compare build/models/smollm2-135m --prompts prompts.jsonl

    tokenry decoding compare MODEL --prompts p.jsonl --draft SMALL --methods lookup,dyspec --json
    """
    from tokenry.decoding.generation.comparing import compare as compared
    from tokenry.decoding.generation.registry import method, runnable

    names = methods.split(",") if methods else runnable(draft is not None)
    chosen = {name: method(name) for name in names}
    texts = read_prompts(prompts)
    writer = open_writer(model, tokenizer, draft, pattern, device=device, dtype=dtype)
    request = request_of(max_new_tokens, temperature, top_p, seed)
    with progress_on_stderr() as progress:
        found = compared(writer, texts, chosen, request, batch=batch_size, progress=progress)
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found]))
        return
    heads = ("method", "lossless", "calls", "ids/call", "positions", "draft calls", "GFLOPs",
             "seconds", "same text", "agreement")  # fmt: skip
    rows = [
        (x.method, "yes" if x.lossless else "no", f"{x.calls:,}", f"{x.ids_per_call:.2f}",
         f"{x.positions:,}", f"{x.helper_calls:,}", f"{x.flops / 1e9:,.1f}", f"{x.seconds:.1f}",
         f"{x.same:.0%}", f"{x.agreement:.0%}")
        for x in found
    ]  # fmt: skip
    print_table(heads, rows, names=2)


decoding.command()(guarded(compare))
