"""Commands put into an application, and imported only where they may be asked for.

A command that learns or measures imports most of the package, which takes longer than encoding a
megabyte; whoever pipes text through ``tokenry encode`` must not wait for it.
"""

from __future__ import annotations

import importlib
from typing import Annotated

import typer

from tokenry import __version__
from tokenry.cli.guard import guarded
from tokenry.cli.variadic import VariadicCommand

# Modules of this folder; each has its command under its own name.
COMMANDS = (
    "study",
    "learn",
    "encode",
    "decode",
    "count",
    "inspect",
    "convert",
    "info",
    "measure",
    "diff",
    "serve",
    "choose_size",
)
WITHOUT_ARGUMENTS = ("study", "info", "serve")


def build(wanted: str | None = None) -> typer.Typer:
    """The application; with only one command where ``wanted`` names one."""
    app = typer.Typer(
        name="tokenry",
        help="The token layer of foundation models: learn tokenizers, encode exactly and fast, "
        "measure what they cost.",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    module = (wanted or "").replace("-", "_")
    for name in (module,) if module in COMMANDS else COMMANDS:
        command = getattr(importlib.import_module(f"tokenry.cli.{name}"), name)
        without = name in WITHOUT_ARGUMENTS
        app.command(cls=VariadicCommand, no_args_is_help=not without)(guarded(command))
    if module not in COMMANDS:
        from tokenry.cli.surgery import surgery

        app.add_typer(surgery)
    app.callback()(_options)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tokenry {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass
