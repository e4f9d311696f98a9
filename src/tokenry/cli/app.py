"""All commands in one application."""

from __future__ import annotations

from typing import Annotated

import typer

from tokenry import __version__
from tokenry.cli import (
    choose_size,
    convert,
    count,
    decode,
    diff,
    encode,
    experiment,
    info,
    inspect,
    learn,
    measure,
    serve,
    study,
)
from tokenry.cli.guard import guarded
from tokenry.cli.surgery import surgery
from tokenry.cli.variadic import VariadicCommand

app = typer.Typer(
    name="tokenry",
    help="The token layer of foundation models: learn tokenizers, encode exactly and fast, "
    "measure what they cost.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    study.study,
    learn.learn,
    encode.encode,
    decode.decode,
    count.count,
    inspect.inspect,
    convert.convert,
    info.info,
    measure.measure,
    diff.diff,
    experiment.experiment,
    serve.serve,
    choose_size.choose_size,
):
    app.command(
        cls=VariadicCommand, no_args_is_help=command not in (study.study, info.info, serve.serve)
    )(guarded(command))
app.add_typer(surgery)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tokenry {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass
