"""Errors as one line, interruptions as the exit codes that shells expect."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer

from tokenry.errors import TokenryError

P = ParamSpec("P")
R = TypeVar("R")
ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what a command raises on purpose into a line on stderr and an exit code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
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
            _say(f"error: {_one_line(error)}")
            raise typer.Exit(ERROR) from None

    return run


def _one_line(error: BaseException) -> str:
    if isinstance(error, OSError) and not isinstance(error, TokenryError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())


def _say(text: str) -> None:
    sys.stderr.write(f"tokenry: {text}\n")


def _quiet_stdout() -> None:
    """Let the interpreter's last flush of stdout go nowhere: its reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
