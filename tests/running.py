"""Loaders of formats give Pipelines; tests that run what they load wrap them with `running`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from tokenry.text.pipeline import Pipeline
from tokenry.tokenizer import Tokenizer

P = ParamSpec("P")


def running(load: Callable[P, Pipeline]) -> Callable[P, Tokenizer]:
    """``load``, with the pipeline that it gives in a Tokenizer."""

    @wraps(load)
    def run(*args: P.args, **options: P.kwargs) -> Tokenizer:
        return Tokenizer.of(load(*args, **options))

    return run
