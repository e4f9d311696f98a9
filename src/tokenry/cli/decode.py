"""``tokenry decode``: ids to bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from tokenry.cli.arguments import (
    Inputs,
    Json,
    OwnDomain,
    Pattern,
    Special,
    TokenizerFile,
    open_tokenizer,
)
from tokenry.cli.domain_files import open_domain, refuse
from tokenry.cli.inputs import open_inputs
from tokenry.cli.outputs import whole_output
from tokenry.domains.saving import is_domain_folder
from tokenry.errors import FormatError

NO_ID = re.compile(rb"\d*[^\d\s]\S*|\d{11,}")


def decode(
    tokenizer: TokenizerFile,
    files: Inputs = None,
    raw: Annotated[bool, typer.Option("--raw", help="Read ids as little-endian uint32.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Write to this file, which is there only when all is written."),
    ] = None,
    pattern: Pattern = None,
    special: Special = None,
    domain: OwnDomain = None,
    as_json: Json = False,
) -> None:
    """Write the bytes that ids stand for, exactly and nothing else.

    Ids are numbers between white space, a JSON list, or the JSON that `tokenry encode` prints.

    [bold]Examples[/bold]

    echo 13225 11 2375 | tokenry decode o200k_base.tiktoken

    tokenry decode out/tokenizers/bpe --raw book.u32 --out book.txt
    """
    decode_ids = _decoder(tokenizer, pattern, special, domain)
    with whole_output(out) as output:
        for name, stream in open_inputs(files):
            data = stream.read()
            decoded = decode_ids(_from_raw(data, name) if raw else _from_text(data, name))
            if as_json:
                found = {"file": name, "text": decoded.decode("utf-8", "replace")}
                decoded = json.dumps(found, ensure_ascii=False).encode() + b"\n"
            output.write(decoded)
            output.flush()


def _decoder(
    tokenizer: str, pattern: str | None, special: list[str] | None, domain: str | None
) -> Callable[[NDArray[np.uint32] | list[int]], bytes]:
    if is_domain_folder(tokenizer):
        refuse(pattern=pattern, special=special)
        return open_domain(tokenizer, domain).decode
    return open_tokenizer(tokenizer, pattern, special).decode_bytes


def _from_raw(data: bytes, name: str) -> NDArray[np.uint32]:
    if len(data) % 4:
        raise FormatError(
            f"{name}: {len(data)} bytes are no whole number of uint32 ids; is it text? "
            "Then leave --raw out"
        )
    return np.frombuffer(data, dtype="<u4").astype(np.uint32)


def _from_text(data: bytes, name: str) -> NDArray[np.uint32] | list[int]:
    if data.lstrip()[:1] in (b"[", b"{"):
        return _from_json(data.decode("utf-8", "replace"), name)
    wrong = NO_ID.search(data)
    if wrong:
        word = wrong[0][:40].decode("utf-8", "replace")
        raise FormatError(f"{name}: {word!r} is no id; ids are numbers between spaces")
    # One pass without an object for each id: 46 million ids take 0.6 GB, not 5.4.
    ids = np.fromstring(data, dtype=np.uint64, sep=" ") if data.strip() else np.zeros(0, np.uint64)
    if ids.size and ids.max() >= 2**32:
        raise FormatError(f"{name}: {ids.max()} is no id; ids are below 4294967296")
    return ids.astype(np.uint32)


def _from_json(text: str, name: str) -> list[int]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise FormatError(f"{name}: not the JSON of ids ({error})") from None
    ids = value.get("ids") if isinstance(value, dict) else value
    if not isinstance(ids, list) or not all(type(each) is int and each >= 0 for each in ids):
        raise FormatError(f"{name}: expected a JSON list of ids, or an object with 'ids'")
    return ids
