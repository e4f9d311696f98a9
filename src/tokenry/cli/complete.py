"""``tokenry complete``: a text that goes on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tokenry import Tokenizer
from tokenry.cli.arguments import Pattern, open_tokenizer
from tokenry.errors import ModelError

if TYPE_CHECKING:
    from tokenry.decoding.constrained.constraint import Constraint

STDIN: Final = Path("-")


def complete(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A folder with a model.")],
    prompt_file: Annotated[
        Path, typer.Option(help="What comes before, as bytes; - is stdin.")
    ] = STDIN,
    tokenizer: Annotated[
        str | None, typer.Option(help="Its tokenizer; without it, the one in the folder.")
    ] = None,
    bytewise: Annotated[
        bool,
        typer.Option("--bytewise", help="Draw bytes, summed over all ids that write them."),
    ] = False,
    suffix_file: Annotated[
        Path | None, typer.Option(help="What comes behind, for a model that fills in.")
    ] = None,
    regex: Annotated[
        str | None, typer.Option(help="What is written matches it as a whole.")
    ] = None,
    json_schema: Annotated[
        Path | None, typer.Option(help="What is written satisfies the schema in a file.")
    ] = None,
    max_bytes: Annotated[int, typer.Option(help="Bytes at most.", min=1)] = 256,
    temperature: Annotated[float, typer.Option(help="0 takes the likeliest.", min=0.0)] = 1.0,
    top_p: Annotated[
        float, typer.Option(help="Of the likeliest that have this share.", min=0.0, max=1.0)
    ] = 1.0,
    particles: Annotated[
        int, typer.Option(help="Texts side by side under a constraint.", min=1)
    ] = 8,
    begin: Annotated[
        list[str] | None,
        typer.Option(help="A special before the prompt (repeatable), instead of the tokenizer's."),
    ] = None,
    end: Annotated[
        list[str] | None,
        typer.Option(help="A special that ends a text (repeatable), instead of the tokenizer's."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of all chance.")] = 0,
    pattern: Pattern = None,
) -> None:
    """Go on with a prompt and write the bytes as they come.

    A prompt may end inside of a word or of a character: --bytewise goes on from there exactly.

    [bold]Examples[/bold]

    echo -n 'The capital of France is Pa' | tokenry complete build/models/smollm2-135m --bytewise

    tokenry complete MODEL --prompt-file question.txt --json-schema answer.schema.json --seed 7
    """
    from tokenry.decoding.completing import Completion
    from tokenry.decoding.completing import complete as completed
    from tokenry.decoding.drawing import Drawing

    loaded = open_tokenizer(tokenizer or str(model), pattern, None)
    how = Completion(
        bytewise=bytewise,
        max_bytes=max_bytes,
        drawing=Drawing(temperature, top_p),
        constraint=_constraint(regex, json_schema),
        particles=particles,
        seed=seed,
    )
    suffix = None if suffix_file is None else _read(suffix_file)
    pieces = completed(
        model,
        loaded,
        _read(prompt_file),
        suffix=suffix,
        how=how,
        begin=_ids(loaded, begin),
        ends=_ids(loaded, end),
    )
    for piece in pieces:
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()


def _constraint(regex: str | None, schema: Path | None) -> Constraint | None:
    from tokenry.decoding.constrained import Regex, json_schema

    if regex is not None and schema is not None:
        raise ModelError("--regex and --json-schema are two constraints; give one")
    if regex is not None:
        return Regex(regex)
    return None if schema is None else json_schema(schema.read_text(encoding="utf-8"))


def _read(path: Path) -> bytes:
    return sys.stdin.buffer.read() if path == STDIN else path.read_bytes()


def _ids(tokenizer: Tokenizer, names: list[str] | None) -> list[int] | None:
    return None if names is None else [tokenizer.encode_single_token(name) for name in names]
