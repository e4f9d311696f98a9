"""``tokenry encode``: text to ids."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from tokenry.cli.arguments import (
    AllowedSpecial,
    Inputs,
    Json,
    Pattern,
    Special,
    TokenizerFile,
    allowed,
    open_tokenizer,
)
from tokenry.cli.inputs import open_inputs
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
    pattern: Pattern = None,
    special: Special = None,
    as_json: Json = False,
) -> None:
    """Print the ids of each input on one line.

    Input is bytes and need not be UTF-8.

    [bold]Examples[/bold]

    echo 'Hello, world' | tokenry encode o200k_base.tiktoken

    tokenry encode out/tokenizers/bpe book.txt --raw > book.u32
    """
    loaded = open_tokenizer(tokenizer, pattern, special)
    specials = allowed(loaded, allow_special)
    for name, stream in open_inputs(files):
        if add_special_tokens:
            whole = loaded.encode_to_numpy(
                stream.read(), allowed_special=specials, add_special_tokens=True
            )
            parts = iter([whole])
        else:
            parts = (
                loaded.encode_to_numpy(piece, allowed_special=specials)
                for piece in exact_pieces(stream, loaded.pipeline, specials)
            )
        if raw:
            for part in parts:
                sys.stdout.buffer.write(part.astype("<u4").tobytes())
            sys.stdout.buffer.flush()
        elif as_json:
            ids = [id_ for part in parts for id_ in part.tolist()]
            typer.echo(json.dumps({"file": name, "ids": ids}))
        else:
            _write_line(parts)


def _write_line(parts: Iterator[NDArray[np.uint32]]) -> None:
    first = True
    for part in parts:
        if len(part):
            sys.stdout.write(("" if first else " ") + " ".join(map(str, part.tolist())))
            first = False
    sys.stdout.write("\n")
