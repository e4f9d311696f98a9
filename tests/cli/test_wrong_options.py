"""Every option of every command names itself where its value is not what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
import typer
from typer.models import OptionInfo
from typer.testing import CliRunner

from tokenry.cli.commands import COMMANDS, build

APP = build()
# Not a number in any way, nor a word that some option takes.
WRONG = ("3e2x", "1,2;")


def functions() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Commands and those of groups, with the words that call them."""
    for name in COMMANDS:
        found = COMMANDS.load(name)
        if isinstance(found, typer.Typer):
            for each in found.registered_commands:
                assert each.callback is not None
                yield (name, each.name or each.callback.__name__.replace("_", "-")), each.callback
        else:
            yield (name,), found


def numbers() -> Iterator[tuple[tuple[str, ...], str]]:
    """The options that take a number or one of some words."""
    for path, function in functions():
        for name, hint in get_type_hints(function, include_extras=True).items():
            kind, *notes = get_args(hint) or (None,)
            info = next((each for each in notes if isinstance(each, OptionInfo)), None)
            kinds = {kind, *get_args(kind)}
            strict = kinds & {int, float} or get_origin(kind) is Literal
            if info is not None and strict and str not in kinds:
                spelled = [each for each in info.param_decls or () if each.startswith("--")]
                yield path, spelled[0] if spelled else f"--{name.replace('_', '-')}"


OPTIONS = [*numbers()]


@pytest.mark.parametrize(
    ("path", "option"), OPTIONS, ids=[" ".join([*path, option]) for path, option in OPTIONS]
)
def test_a_value_of_another_kind_is_named(path: tuple[str, ...], option: str) -> None:
    for wrong in WRONG:
        result = CliRunner().invoke(APP, [*path, f"{option}={wrong}"])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.exit_code == 2
        assert option in result.output


def test_options_of_most_commands_are_among_them() -> None:
    assert len(OPTIONS) > 30
    assert len({path[0] for path, _ in OPTIONS}) > 8
