"""``tokenry importance``: which tokens of a text the next one hangs on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tokenry.cli.arguments import Json, Pattern, open_tokenizer
from tokenry.cli.tables import print_table
from tokenry.progress import progress_on_stderr


def importance(
    model: Annotated[
        Path,
        typer.Argument(metavar="MODEL", help="The folder of a causal model.", show_default=False),
    ],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What it reads.", show_default=False)],
    tokenizer: Annotated[
        str | None,
        typer.Option(help="Its tokenizer, where the folder has none.", show_default=False),
    ] = None,
    rounds: Annotated[int, typer.Option(help="Replacements of each run.", min=1)] = 30,
    seed: Annotated[int, typer.Option(help="Of all draws.")] = 0,
    pattern: Pattern = None,
    as_json: Json = False,
) -> None:
    """Say which tokens of a text a model's next token hangs on, by replacing them (ReAGent).

    [bold]Examples[/bold]

    tokenry importance smollm2/ 'The capital of France is'

    tokenry importance smollm2/ 'def add(a, b): return a +' --json
    """
    from tokenry.auditing.attribution import replacement_importance
    from tokenry.models import causal_model

    opened = open_tokenizer(tokenizer or str(model), pattern)
    with progress_on_stderr() as progress:
        progress("read", 0, None)
        network = causal_model(model)
        ids = opened.encode(text)
        target = int(network.start([ids]).last[0, : len(opened)].argmax())
        progress("replace", 0, None)
        found = replacement_importance(network, ids, target, rounds=rounds, seed=seed)
    pieces = [opened.decode([id_]) for id_ in ids]
    if as_json:
        tokens = [
            {"id": id_, "text": piece, "importance": value}
            for id_, piece, value in zip(ids, pieces, found.tolist(), strict=True)
        ]
        said = {"next": opened.decode([target]), "tokens": tokens}
        typer.echo(json.dumps(said, ensure_ascii=False))
        return
    most = max(found.tolist())
    rows = [
        [repr(piece), f"{value:.3f}", "#" * round(30 * value / most)]
        for piece, value in zip(pieces, found.tolist(), strict=True)
    ]
    print_table(["token", "importance", ""], rows)
    typer.echo(f"for {opened.decode([target])!r} as the next token")
