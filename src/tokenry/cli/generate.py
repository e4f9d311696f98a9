"""``tokenry generate``: text in fewer calls of a model."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from tokenry.cli.arguments import Json, Pattern
from tokenry.cli.generation import (
    BatchSize,
    Device,
    Draft,
    Dtype,
    ModelFolder,
    MostNew,
    RouterFolder,
    Seed,
    Settings,
    Temperature,
    TokenizerOption,
    TopP,
    WarmTexts,
    open_writer,
    read_prompts,
    read_settings,
    request_of,
    routed,
    warmed_by,
)

STDIN: Final = Path("-")


def generate(
    model: ModelFolder,
    prompt_file: Annotated[
        Path,
        typer.Option(help="A text is one prompt; .jsonl has a prompt a record; - is stdin."),
    ] = STDIN,
    method: Annotated[
        str,
        typer.Option(
            help="plain, lookup, recycling, fixed, dyspec, s2d, r2r, swireasoning, kvlink, skip."
        ),
    ] = "plain",
    draft: Draft = None,
    router: RouterFolder = None,
    warm: WarmTexts = None,
    settings: Settings = None,
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
    """Go on with prompts, and say what it cost.

    With --json a line a prompt: text, calls, positions, layers, flops, seconds. Prompts that share
    a batch share layers, flops and seconds.

    [bold]Examples[/bold]

    tokenry generate build/models/smollm2-135m --prompt-file question.txt --method recycling

    tokenry generate MODEL --prompt-file prompts.jsonl --method dyspec --draft SMALL --json

    tokenry generate MODEL --prompt-file p.txt --method recycling --set nodes=40 --set ranks=4

    tokenry generate MODEL --prompt-file p.txt --method recycling --warm texts/

    tokenry generate MODEL --prompt-file p.txt --method r2r --draft SMALL --router ROUTER
    """
    from tokenry.decoding.generation.registry import method as method_named

    chosen = method_named(method, **read_settings(settings))
    prompts = [sys.stdin.read()] if prompt_file == STDIN else read_prompts(prompt_file)
    writer = open_writer(model, tokenizer, draft, pattern, device=device, dtype=dtype)
    chosen = warmed_by(routed(chosen, router, writer), warm, writer)
    request = request_of(max_new_tokens, temperature, top_p, seed)
    for written in writer.write(prompts, chosen, request, batch=batch_size):
        if as_json:
            typer.echo(json.dumps(written.to_json(), ensure_ascii=False))
        else:
            typer.echo(written.text)
            typer.echo(written.ledger.sentence(), err=True)
