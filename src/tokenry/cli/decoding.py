"""``tokenry decoding``: ways to generate, side by side."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from errno import EEXIST
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tokenry.cli.arguments import Json, Pattern
from tokenry.cli.generation import (
    BatchSize,
    Device,
    Draft,
    Dtype,
    MethodSettings,
    ModelFolder,
    MostNew,
    RouterFolder,
    Seed,
    Temperature,
    TokenizerOption,
    TopP,
    WarmTexts,
    open_writer,
    read_prompts,
    request_of,
    routed,
    settings_by_method,
    warmed_by,
)
from tokenry.cli.guard import guarded
from tokenry.cli.tables import print_table
from tokenry.errors import ModelError
from tokenry.progress import progress_on_stderr

if TYPE_CHECKING:
    from tokenry.models.causal import CausalModel

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
    router: RouterFolder = None,
    warm: WarmTexts = None,
    settings: MethodSettings = None,
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

    tokenry decoding compare MODEL --prompts p.jsonl --set recycling.nodes=24
    """
    from tokenry.decoding.generation.comparing import compare as compared
    from tokenry.decoding.generation.registry import method, runnable

    names = methods.split(",") if methods else runnable(draft is not None)
    given_to = settings_by_method(settings, names)
    chosen = {name: method(name, **given_to.get(name, {})) for name in names}
    texts = read_prompts(prompts)
    writer = open_writer(model, tokenizer, draft, pattern, device=device, dtype=dtype)
    for option, given, name in (("--router", router, "r2r"), ("--warm", warm, "recycling")):
        if given is not None and name not in chosen:
            raise ModelError(f"{option} is for method {name}; add it to --methods, or leave it out")
    if router is not None:
        chosen["r2r"] = routed(chosen["r2r"], router, writer)
    if warm is not None:
        chosen["recycling"] = warmed_by(chosen["recycling"], warm, writer)
    request = request_of(max_new_tokens, temperature, top_p, seed)
    refused: dict[str, str] | None = None if methods else {}
    with progress_on_stderr() as progress:
        found = compared(
            writer, texts, chosen, request, batch=batch_size, progress=progress, refused=refused
        )
    for name, why in (refused or {}).items():
        typer.echo(f"{name} is left out: {why}", err=True)
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


def train_router(
    model: ModelFolder,
    prompts: Annotated[
        Path,
        typer.Option(help="A text is one prompt; .jsonl has a prompt a record; two or more."),
    ],
    draft: Annotated[Path, typer.Option(help="A folder with a small model of the same ids.")],
    out: Annotated[Path, typer.Option(help="The folder of the router.")],
    recall: Annotated[
        float,
        typer.Option(
            help="Share of the places where the texts would part that go to MODEL.",
            min=0.0,
            max=1.0,
        ),
    ] = 0.95,
    steps: Annotated[int, typer.Option(help="Of training.", min=1)] = 300,
    max_new_tokens: MostNew = 64,
    seed: Seed = 0,
    tokenizer: TokenizerOption = None,
    device: Device = "cpu",
    dtype: Dtype = "auto",
    pattern: Pattern = None,
) -> None:
    """A router between a model and a small one, for --method r2r.

    MODEL goes on with the prompts. Where the small model would have written another id and the text
    would have become less likely, the router learns to ask MODEL.

    [bold]Example[/bold]

    tokenry decoding train-router MODEL --draft SMALL --prompts prompts.jsonl --out router
    """
    from tokenry.decoding.generation.routing.learnt import RouterSizes
    from tokenry.decoding.generation.routing.making import make_router
    from tokenry.decoding.generation.routing.saved import save_router

    if out.exists():
        raise FileExistsError(EEXIST, "exists already; give another folder", str(out))
    texts = read_prompts(prompts)
    writer = open_writer(model, tokenizer, draft, pattern, device=device, dtype=dtype)
    request = replace(request_of(max_new_tokens, 0, 1, seed), ends=writer.ends)
    ids = [writer.ids(text) for text in texts]
    sizes = RouterSizes(steps=steps, recall=recall)
    with progress_on_stderr() as progress:
        made = make_router(
            writer.target, cast("CausalModel", writer.draft), ids, request, sizes, progress=progress
        )
    save_router(made, out)
    typer.echo(f"{out}: the small model's ids go to {model} where the score is above "
               f"{made.threshold:.3f}")  # fmt: skip


decoding.command()(guarded(compare))
decoding.command()(guarded(train_router))
