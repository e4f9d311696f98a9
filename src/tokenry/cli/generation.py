"""What the commands that generate share: models, prompts, how much is asked for."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tokenry.cli.arguments import Pattern, open_tokenizer
from tokenry.errors import ModelError

if TYPE_CHECKING:
    from tokenry.decoding.generation.generate import Writer
    from tokenry.decoding.generation.method import Method, Request

ModelFolder = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A folder with a model.", show_default=False)
]
Draft = Annotated[
    Path | None,
    typer.Option(help="A folder with a small model that has the same ids.", show_default=False),
]
TokenizerOption = Annotated[
    str | None, typer.Option(help="Its tokenizer; without it, the one in the folder.")
]
MostNew = Annotated[int, typer.Option("--max-new-tokens", help="New ids at most.", min=1)]
Temperature = Annotated[float, typer.Option(help="0 takes the likeliest.", min=0.0)]
TopP = Annotated[
    float, typer.Option(help="Of the likeliest that have this share.", min=0.0, max=1.0)
]
Seed = Annotated[int, typer.Option(help="Of all chance.")]
BatchSize = Annotated[int, typer.Option(help="Prompts that share calls.", min=1)]
Device = Annotated[str, typer.Option(help="Where models run: cpu, cuda.")]
Dtype = Annotated[str, typer.Option(help="Of weights: float32, bfloat16; auto: as they are.")]
RouterFolder = Annotated[
    Path | None,
    typer.Option(
        "--router",
        help="For r2r: a folder of `tokenry decoding train-router`; without it, by entropy.",
        show_default=False,
    ),
]
WarmTexts = Annotated[
    Path | None,
    typer.Option(
        "--warm",
        help="For recycling: a file or a folder of texts, whose commonest successors its table "
        "begins with.",
        show_default=False,
    ),
]
MethodSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="METHOD.NAME=VALUE",
        help="A parameter of a method (repeatable), such as recycling.nodes=24.",
        show_default=False,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A parameter of the method (repeatable), such as nodes=40.",
        show_default=False,
    ),
]

__all__ = [
    "Pattern",
    "open_writer",
    "read_prompts",
    "read_settings",
    "request_of",
    "routed",
    "settings_by_method",
    "warmed_by",
]


def open_writer(
    model: Path, tokenizer: str | None, draft: Path | None, pattern: str | None, **how: str
) -> Writer:
    """The models of a command, with their tokenizer."""
    from tokenry.decoding.generation.generate import Writer

    loaded = open_tokenizer(tokenizer or str(model), pattern, None)
    return Writer.open(model, loaded, draft, **how)


def routed(method: Method, router: Path | None, writer: Writer) -> Method:
    """A method with the router of a folder, if one is given.

    Raises:
        ModelError: the method has no router, or the folder has none for this draft.
    """
    from dataclasses import replace

    from tokenry.decoding.generation.routing.routed import Routed

    if router is None:
        return method
    if not isinstance(method, Routed):
        raise ModelError("--router is for method r2r alone; leave it out, or choose --method r2r")
    if writer.draft is None:
        raise ModelError("a router stands between two models; give --draft")
    from tokenry.decoding.generation.routing.saved import open_router

    return replace(method, router=open_router(router, writer.draft))


def warmed_by(method: Method, texts: Path | None, writer: Writer) -> Method:
    """Token recycling whose table begins with what texts hold, if some are given.

    Raises:
        ModelError: the method keeps no such table.
        CorpusError: there are no texts.
    """
    from dataclasses import replace

    from tokenry.decoding.generation.drafters.recycling import Recycling, warmed
    from tokenry.decoding.generation.speculative import Speculative

    if texts is None:
        return method
    if not isinstance(method, Speculative) or not isinstance(method.drafter, Recycling):
        raise ModelError("--warm is for method recycling alone; leave it out, or choose recycling")
    from tokenry.corpus import Corpus

    ids = (writer.tokenizer.encode(each.data) for each in Corpus.from_paths(texts))
    table = warmed(ids, writer.target.vocab_size, method.drafter.ranks)
    return replace(method, drafter=replace(method.drafter, warm=table))


def request_of(most: int, temperature: float, top_p: float, seed: int) -> Request:
    """How much is asked for."""
    from tokenry.decoding.drawing import Drawing
    from tokenry.decoding.generation.method import Request

    return Request(most, drawing=Drawing(temperature, top_p), seed=seed)


def read_prompts(path: Path) -> list[str]:
    """The prompts of a file: one a record of ``.jsonl``, in the field ``prompt``; else the text.

    Raises:
        ModelError: a record is none, or has no prompt; the file is no text, or there is none.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(
            f"{path} is not UTF-8 at byte {error.start}; prompts are text (tokenry complete takes "
            "bytes)"
        ) from None
    if path.suffix not in (".jsonl", ".ndjson"):
        return [text]
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise ModelError(f"{path} holds no prompts; expected a record with a prompt on each line")
    return [_prompt(path, number, line) for number, line in lines]


def _prompt(path: Path, number: int, line: str) -> str:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ModelError(f"{path}, line {number}: no JSON ({error.msg})") from None
    prompt = record.get("prompt") if isinstance(record, dict) else None
    if not isinstance(prompt, str):
        raise ModelError(f'{path}, line {number}: expected {{"prompt": "text"}}')
    return prompt


def read_settings(settings: Sequence[str] | None) -> dict[str, Any]:
    """Parameters of a method, as ``--set`` gives them.

    >>> read_settings(["nodes=40", "widths=4,2,1"])
    {'nodes': 40, 'widths': (4, 2, 1)}
    """
    found: dict[str, Any] = {}
    for each in settings or ():
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise ModelError(f"--set {each}: expected NAME=VALUE")
        try:
            found[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            raise ModelError(f"--set {each}: {value!r} is no number and no list of them") from None
    return found


def settings_by_method(
    settings: Sequence[str] | None, methods: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Parameters of several methods, as ``--set`` gives them where methods are compared.

    Raises:
        ModelError: no method is named, or one that is not compared.

    >>> settings_by_method(["recycling.nodes=24", "fixed.widths=2,1"], ["recycling", "fixed"])
    {'recycling': {'nodes': 24}, 'fixed': {'widths': (2, 1)}}
    """
    found: dict[str, dict[str, Any]] = {}
    for given, value in read_settings(settings).items():
        name, dot, parameter = given.partition(".")
        if not dot or name not in methods:
            raise ModelError(
                f"--set {given}={value}: expected METHOD.NAME=VALUE with a method that is "
                f"compared: {', '.join(methods)}"
            )
        found.setdefault(name, {})[parameter] = value
    return found
