"""Errors as one line, interruptions as the exit codes that shells expect."""

from __future__ import annotations

import functools
import inspect
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, get_args, get_type_hints

import typer
from typer.models import OptionInfo

from tokenry.errors import ArgumentError, TokenryError

P = ParamSpec("P")
R = TypeVar("R")
ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT
# Arguments of the library that are options under another name.
_CALLED: Final = {"column": "field", "special_tokens": "special", "hold_out": "holdout"}
# What these are given is text to write behind, before or between.
_TEXTS: Final = frozenset(("prompt", "text", "suffix", "prefix", "separator"))
_ARGUMENT: Final = re.compile(r"\b([a-z_]+)=(?:True\b)?(?=[\s,;:.)]|$)")


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what a command raises on purpose into a line on stderr and an exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            _refuse_empty(command, kwargs)
            result = command(*args, **kwargs)
            sys.stdout.flush()
            return result
        except KeyboardInterrupt:
            _say("interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            _quiet_stdout()
            raise typer.Exit(0) from None
        except (TokenryError, OSError) as error:
            _say(f"error: {_named(_in_options(_one_line(error), command), command, kwargs)}")
            raise typer.Exit(ERROR) from None

    return run


def _one_line(error: BaseException) -> str:
    if isinstance(error, OSError) and not isinstance(error, TokenryError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())


def _in_options(text: str, command: Callable[..., Any]) -> str:
    """A message of the library with its arguments as the command's options: out= is --out."""
    options = _options(command)

    def option(found: re.Match[str]) -> str:
        name = found[1]
        return options.get(name) or options.get(_CALLED.get(name, ""), found[0])

    return _ARGUMENT.sub(option, text)


def _refuse_empty(command: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """No option takes a text without a character, which is what an unset variable gives a shell."""
    for name, option in _options(command).items():
        value = given.get(name)
        empty = value == "" or (isinstance(value, list) and "" in value)
        if empty and name not in _TEXTS and value != _default(command, name):
            raise ArgumentError(f"{option} is empty; give it a value, or leave it out")


def _named(text: str, command: Callable[..., Any], given: Mapping[str, Any]) -> str:
    """An error that says a value and no option, with the option that was given the value."""
    options = _options(command)
    if any(option in text for option in options.values()):
        return text
    for name, option in options.items():
        value = given.get(name)
        if value is None or value == _default(command, name):
            continue
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, str | Path) and _says(text, str(each)) for each in values):
            return f"{option}: {text}"
    return text


def _default(command: Callable[..., Any], name: str) -> Any:
    return inspect.signature(command).parameters[name].default


def _says(text: str, value: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def _options(command: Callable[..., Any]) -> dict[str, str]:
    """What a command calls each of its options, by the parameter's name."""
    found: dict[str, str] = {}
    for name, hint in get_type_hints(command, include_extras=True).items():
        for declared in get_args(hint)[1:]:
            if isinstance(declared, OptionInfo):
                # Inside of Annotated, typer takes the first flag for a default until it runs.
                given = (declared.default, *(declared.param_decls or ()))
                flags = [str(each) for each in given if str(each).startswith("--")]
                found[name] = flags[0] if flags else f"--{name.replace('_', '-')}"
    return found


def _say(text: str) -> None:
    sys.stderr.write(f"tokenry: {text}\n")


def _quiet_stdout() -> None:
    """Let the interpreter's last flush of stdout go nowhere: its reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
