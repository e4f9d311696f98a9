"""Every option of every command names itself where its value is not what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
import typer
from typer.models import OptionInfo
from typer.testing import CliRunner

from tokenry import learn
from tokenry.cli import guard
from tokenry.cli.commands import COMMANDS, build
from tokenry.errors import ArgumentError

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


def texts() -> Iterator[tuple[tuple[str, ...], str]]:
    """The options that take text, alone or repeated."""
    for path, function in functions():
        for name, option in guard._options(function).items():
            kind = get_args(get_type_hints(function, include_extras=True)[name])[0]
            kinds = {kind, *get_args(kind), *(get_args(each) for each in get_args(kind))}
            free = name in guard._TEXTS or guard._default(function, name) == ""
            if {str, list[str], (str,)} & kinds and not free:
                yield path, option


def test_an_empty_text_is_named() -> None:
    for path, option in texts():
        function = next(each for known, each in functions() if known == path)
        names = {spelled: name for name, spelled in guard._options(function).items()}
        for empty in ("", [""]):
            with pytest.raises(ArgumentError, match=f"{option} is empty"):
                guard._refuse_empty(function, {names[option]: empty})
    result = CliRunner().invoke(APP, ["info", "--pattern="])
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("measure", "tok", "--on", "none.txt"), "--on"),
        (("measure", "tok", "--on", "texts", "--gold", "none.tsv"), "--gold"),
        (("measure", "tok", "--reference-language", "zzz"), "--reference-language"),
        (("measure", "tok", "--made-for", "zzz"), "--made-for"),
        (("learn", "texts", "--out", "new", "--kind", "zzz"), "--kind"),
        (("learn", "texts", "--out", "new", "--pretokenizer", "zzz"), "--pretokenizer"),
        (("surgery", "prune", "tok", "texts", "--out", "new", "--size", "zzz"), "--size"),
        (("surgery", "extend", "tok", "--words", "none.txt", "--out", "new"), "--words"),
        (("surgery", "reserve", "tok", "2", "--special", "zzz", "--out", "new"), "--special"),
        (("surgery", "prune", "tok", "texts", "--out", "new", "--pattern", ""), "--pattern"),
        (("encode", "tok", "texts/a.txt", "--allow-special", "zzz"), "--allow-special"),
    ],
)  # fmt: skip
def test_a_text_that_is_none_of_those_it_takes_is_named(
    words: tuple[str, ...], option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("texts").mkdir()
    Path("texts/a.txt").write_text("low lower lowest newer\n" * 50)
    learn([Path("texts/a.txt").read_text()], vocab_size=264).save("tok")
    result = CliRunner().invoke(APP, words)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert option in result.output
