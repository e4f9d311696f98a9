"""``tokenry count``: how many tokens an input has."""

from __future__ import annotations

import json

import typer

from tokenry.cli.arguments import (
    AllowedSpecial,
    AsBytes,
    Field,
    Inputs,
    Json,
    Pattern,
    Special,
    TokenizerFile,
    allowed,
    open_tokenizer,
)
from tokenry.cli.inputs import open_documents
from tokenry.text.safe_cuts import exact_pieces


def count(
    tokenizer: TokenizerFile,
    files: Inputs = None,
    allow_special: AllowedSpecial = None,
    pattern: Pattern = None,
    special: Special = None,
    field: Field = "text",
    as_bytes: AsBytes = False,
    as_json: Json = False,
) -> None:
    """Count tokens and bytes of each file; large files are read in pieces where that is exact.

    Folders are all text files in them, .gz and .zst are undone, and of .jsonl and .parquet the text
    of each record counts, as for learn; --bytes takes files as they are.

    [bold]Examples[/bold]

    tokenry count o200k_base.tiktoken *.py

    tokenry count o200k_base.tiktoken texts/ corpus.jsonl.gz --field content

    cat book.txt | tokenry count out/tokenizers/superbpe --json
    """
    loaded = open_tokenizer(tokenizer, pattern, special)
    specials = allowed(loaded, allow_special)
    rows: list[tuple[str, int, int]] = []
    for name, documents in open_documents(files, as_bytes=as_bytes, field=field):
        tokens = size = 0
        for stream in documents:
            for piece in exact_pieces(stream, loaded.pipeline, specials):
                tokens += loaded.count(piece, allowed_special=specials)
                size += len(piece)
        rows.append((name, tokens, size))
        if not as_json:
            _print(name, tokens, size)
    total = ("total", sum(row[1] for row in rows), sum(row[2] for row in rows))
    if as_json:
        found = [{"file": name, "tokens": tokens, "bytes": size} for name, tokens, size in rows]
        typer.echo(json.dumps({"files": found, "tokens": total[1], "bytes": total[2]}))
    elif len(rows) > 1:
        _print(*total)


def _print(name: str, tokens: int, size: int) -> None:
    ratio = f"{size / tokens:.3f}" if tokens else "-"
    typer.echo(f"{tokens:>12} tokens {size:>13} bytes {ratio:>8} bytes/token  {name}")
