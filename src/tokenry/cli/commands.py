"""The commands by name, and an application of them that imports only what may be asked for.

A command that learns or measures imports most of the package, which takes longer than encoding a
megabyte; whoever pipes text through ``tokenry encode`` must not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from tokenry.cli.guard import guarded
from tokenry.cli.variadic import VariadicCommand
from tokenry.registry import Entry, Registry
from tokenry.version import __version__


@dataclass(frozen=True)
class Command(Entry[Any]):
    """A function of the command line, or a group of them; ``bare``: it needs no arguments."""

    bare: bool = False


_COMMANDS: Final = (
    Command("study", "tokenry.cli.study:study", bare=True),
    Command("learn", "tokenry.cli.learn:learn"),
    Command("encode", "tokenry.cli.encode:encode"),
    Command("decode", "tokenry.cli.decode:decode"),
    Command("count", "tokenry.cli.count:count"),
    Command("inspect", "tokenry.cli.inspect:inspect"),
    Command("convert", "tokenry.cli.convert:convert"),
    Command("complete", "tokenry.cli.complete:complete"),
    Command("generate", "tokenry.cli.generate:generate"),
    Command("decoding", "tokenry.cli.decoding:decoding"),
    Command("info", "tokenry.cli.info:info", bare=True),
    Command("measure", "tokenry.cli.measure:measure"),
    Command("diff", "tokenry.cli.diff:diff"),
    Command("serve", "tokenry.cli.serve:serve", bare=True),
    Command("choose-size", "tokenry.cli.choose_size:choose_size"),
    Command("compare-models", "tokenry.cli.compare_models:compare_models"),
    Command("surgery", "tokenry.cli.surgery:surgery"),
    Command("codec", "tokenry.cli.codec:codec"),
    Command("domains", "tokenry.cli.domains:domains", bare=True),
    Command("shards", "tokenry.cli.shards:shards"),
    Command("count-words", "tokenry.cli.count_words:count_words"),
    Command("mix", "tokenry.cli.mix:mix"),
    Command("select", "tokenry.cli.select:select"),
    Command("mixture", "tokenry.cli.mixture:mixture"),
    Command("glitches", "tokenry.cli.glitches:glitches"),
    Command("traps", "tokenry.cli.traps:traps"),
    Command("capacity", "tokenry.cli.capacity:capacity"),
    Command("importance", "tokenry.cli.importance:importance"),
    Command("transplant", "tokenry.cli.transplant:transplant"),
)
COMMANDS: Final[Registry[Any]] = Registry("command", _COMMANDS)


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
    for command in _COMMANDS:
        if wanted not in COMMANDS or command.name == wanted:
            _add(app, command)
    app.callback()(_options)
    return app


def _add(app: typer.Typer, command: Command) -> None:
    found = command.load()
    if isinstance(found, typer.Typer):
        app.add_typer(found)
    else:
        kind, help_instead = VariadicCommand, not command.bare
        app.command(command.name, cls=kind, no_args_is_help=help_instead)(guarded(found))


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
