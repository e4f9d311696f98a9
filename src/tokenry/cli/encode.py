"""``tokenry encode``: text to ids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, BinaryIO

import typer

from tokenry import Tokenizer
from tokenry.cli.arguments import (
    AllowedSpecial,
    AsBytes,
    Field,
    Inputs,
    Json,
    OwnDomain,
    Pattern,
    Special,
    TokenizerFile,
    allowed,
    open_tokenizer,
)
from tokenry.cli.domain_files import encode_files, refuse
from tokenry.cli.inputs import open_documents
from tokenry.cli.outputs import whole_output
from tokenry.domains.saving import is_domain_folder
from tokenry.text.ragged import Ids
from tokenry.text.safe_cuts import exact_pieces


def encode(
    tokenizer: TokenizerFile,
    files: Inputs = None,
    allow_special: AllowedSpecial = None,
    add_special_tokens: Annotated[
        bool, typer.Option("--add-special-tokens", help="Put the template's ids around each input.")
    ] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="Write ids as little-endian uint32, nothing else.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Write to this file, which is there only when all is written."),
    ] = None,
    pattern: Pattern = None,
    special: Special = None,
    field: Field = "text",
    as_bytes: AsBytes = False,
    domain: OwnDomain = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Of a domain: refuse files that are not of its kind."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the ids of each document on one line.

    Input is bytes and need not be UTF-8. A file is one document, a record of .jsonl or .parquet
    too; folders are all text files in them, and .gz and .zst are undone, as for learn; --bytes
    takes files as they are.

    [bold]Examples[/bold]

    echo 'Hello, world' | tokenry encode o200k_base.tiktoken

    tokenry encode out/tokenizers/bpe corpus.jsonl.gz --raw --out corpus.u32

    tokenry encode my-dna genome.fa --raw --out genome.u32
    """
    write = _WRITERS["raw" if raw else "json" if as_json else "text"]
    if is_domain_folder(tokenizer):
        refuse(allow_special=allow_special, add_special_tokens=add_special_tokens,
               pattern=pattern, special=special)  # fmt: skip
        encode_files(
            tokenizer, files, out, write, strict=strict, domain=domain, as_json=as_json and not raw
        )
        return
    loaded = open_tokenizer(tokenizer, pattern, special)
    specials = allowed(loaded, allow_special)
    with whole_output(out) as output:
        for name, documents in open_documents(files, as_bytes=as_bytes, field=field):
            for stream in documents:
                if add_special_tokens:
                    parts = iter([_in_template(loaded, stream.read(), specials)])
                else:
                    parts = _pieces(loaded, stream, specials)
                write(output, name, parts)


def _in_template(tokenizer: Tokenizer, data: bytes, specials: frozenset[str]) -> Ids:
    return tokenizer.encode_to_numpy(data, allowed_special=specials, add_special_tokens=True)


def _pieces(tokenizer: Tokenizer, stream: BinaryIO, specials: frozenset[str]) -> Iterator[Ids]:
    for piece in exact_pieces(stream, tokenizer.pipeline, specials):
        yield tokenizer.encode_to_numpy(piece, allowed_special=specials)


def _write_raw(output: IO[bytes], _name: str, parts: Iterator[Ids]) -> None:
    for part in parts:
        output.write(part.astype("<u4").tobytes())
    output.flush()


def _write_json(output: IO[bytes], name: str, parts: Iterator[Ids]) -> None:
    ids = [id_ for part in parts for id_ in part.tolist()]
    output.write(json.dumps({"file": name, "ids": ids}).encode() + b"\n")


def _write_line(output: IO[bytes], _name: str, parts: Iterator[Ids]) -> None:
    first = True
    for part in parts:
        if len(part):
            line = ("" if first else " ") + " ".join(map(str, part.tolist()))
            output.write(line.encode())
            first = False
    output.write(b"\n")


_WRITERS = {"raw": _write_raw, "json": _write_json, "text": _write_line}
