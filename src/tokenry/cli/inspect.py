"""``tokenry inspect``: what a tokenizer file is."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from tokenry.cli.arguments import Json, Pattern, Special, TokenizerFile, open_tokenizer
from tokenry.formats import notes
from tokenry.formats.detect import split_pattern
from tokenry.measuring.description import describe
from tokenry.tokenizer_files import describe_file


def inspect(
    tokenizer: TokenizerFile,
    unreachable: Annotated[
        bool, typer.Option("--unreachable", help="Also find the ids that no text produces.")
    ] = False,
    pattern: Pattern = None,
    special: Special = None,
    as_json: Json = False,
) -> None:
    """Say what a tokenizer file holds: format, model, split, specials, faults, fingerprints.

    [bold]Examples[/bold]

    tokenry inspect tokenizer.json

    tokenry inspect o200k_base.tiktoken --unreachable --json
    """
    loaded = open_tokenizer(tokenizer, pattern, special)
    file = describe_file(split_pattern(tokenizer)[0])
    facts = {**file.to_json(), **describe(loaded).to_json()}
    warned = loaded.pipeline.metadata.get(notes.KEY)
    if warned is not None:
        facts["warnings"] = warned
    if unreachable:
        found = loaded.unreachable()
        facts["unreachable"] = {
            name: len(getattr(found, name)) for name in found.__dataclass_fields__
        }
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    width = max(map(len, facts)) + 2
    for name, value in facts.items():
        typer.echo(f"{name.replace('_', ' '):<{width}}{_shown(value)}")


def _shown(value: object) -> str:
    if isinstance(value, list):
        more = f" and {len(value) - 8} more" if len(value) > 8 else ""
        return (" ".join(map(str, value[:8])) or "none") + more
    if isinstance(value, dict):
        return ", ".join(f"{name} {count:,}" for name, count in value.items()) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    text = "none" if value is None else str(value)
    return text if len(text) <= 200 else text[:197] + "..."
