"""``tokenry inspect``: what a tokenizer file is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from tokenry import Tokenizer
from tokenry.cli.arguments import Json, Pattern, TokenizerFile, open_tokenizer
from tokenry.formats.detect import FOLDER_NAMES, detect
from tokenry.formats.files import read_bytes
from tokenry.tokenizer_files import split_pattern


def inspect(
    tokenizer: TokenizerFile,
    unreachable: Annotated[
        bool, typer.Option("--unreachable", help="Also find the ids that no text produces.")
    ] = False,
    pattern: Pattern = None,
    as_json: Json = False,
) -> None:
    """Say what a tokenizer file holds: format, model, split, specials, faults, fingerprints.

    [bold]Examples[/bold]

    tokenry inspect tokenizer.json

    tokenry inspect o200k_base.tiktoken --unreachable --json
    """
    loaded = open_tokenizer(tokenizer, pattern)
    facts = {**_file_facts(split_pattern(tokenizer)[0]), **describe(loaded)}
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


def describe(tokenizer: Tokenizer) -> dict[str, Any]:
    """The facts of a loaded tokenizer."""
    vocabulary = tokenizer.vocabulary
    pieces = [piece for piece in vocabulary.matchable() if piece is not None]
    sizes = [len(piece) for piece in pieces] or [0]
    duplicates = vocabulary.duplicates()
    return {
        "model": type(tokenizer.segmenter).__name__,
        "ids": len(vocabulary),
        "pieces": len(pieces),
        "mean_piece_bytes": round(sum(sizes) / len(sizes), 2),
        "longest_piece_bytes": max(sizes),
        "roles": dict(Counter(vocabulary.roles.values())),
        "split": tokenizer.pretokenizer.native or repr(tokenizer.pretokenizer),
        "normalizer": None if tokenizer.normalizer is None else repr(tokenizer.normalizer),
        "specials": sorted(tokenizer.special_tokens_set),
        "added_tokens": len(tokenizer.added_tokens),
        "holes": len(vocabulary.holes()),
        "duplicates": sum(len(ids) - 1 for ids in duplicates.values()),
        "pieces_of_partial_utf8": len(vocabulary.partial_utf8()),
        "lossless": tokenizer.lossless,
        "fingerprint": tokenizer.fingerprint(),
        "vocabulary_fingerprint": vocabulary.fingerprint(),
    }


def _file_facts(path: Path) -> dict[str, Any]:
    file = path
    if path.is_dir():
        names = [*FOLDER_NAMES, *sorted(each.name for each in path.glob("*.tiktoken*"))]
        file = next(each for name in names if (each := path / name).is_file())
    return {
        "file": str(file),
        "format": detect(read_bytes(file), str(file)),
        "bytes": file.stat().st_size,
    }


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
