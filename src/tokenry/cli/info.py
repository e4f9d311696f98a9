"""``tokenry info``: what to write into an issue."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from tokenry.cli.arguments import Json
from tokenry.environment import environment


def info(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a table for an issue.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print versions, processor, vector path and threads.

    [bold]Example[/bold]

    tokenry info --markdown
    """
    facts = environment()
    if as_json:
        typer.echo(json.dumps(facts))
    elif markdown:
        typer.echo("| what | value |\n|---|---|")
        for name, value in facts.items():
            typer.echo(f"| {name} | {value} |")
    else:
        width = max(map(len, facts))
        for name, value in facts.items():
            typer.echo(f"{name:<{width}}  {value}")
