"""What commands do with the tokenizer of a domain: files in and out as they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import typer

from tokenry.cli.inputs import open_inputs
from tokenry.cli.outputs import whole_output
from tokenry.domains.domain_tokenizer import DomainTokenizer, EncodedFile
from tokenry.domains.loading import load
from tokenry.domains.naming import domain_named
from tokenry.errors import DomainError, LearnError
from tokenry.text.ragged import Ids

_SHOWN = 3  # fallbacks that are named one by one


def open_domain(folder: str, domain: str | None) -> DomainTokenizer:
    """The tokenizer of a domain, with a class of the user's own where one is named."""
    return load(folder, domain=type(domain_named(domain)) if domain else None)


def encode_files(
    folder: str,
    files: Sequence[str] | None,
    out: Path | None,
    write: Callable[[IO[bytes], str, Iterator[Ids]], None],
    *,
    strict: bool = False,
    domain: str | None = None,
    as_json: bool = False,
) -> None:
    """Write the ids of each file; a file that is not of the domain is named on stderr.

    Raises:
        DomainError: with ``strict``, for such a file.
    """
    tokenizer = open_domain(folder, domain)
    noted = []
    with whole_output(out) as output:
        for name, stream in open_inputs(files):
            data = stream.read()
            encoded = _encoded(tokenizer, data, name, strict)
            noted += [f"{name}: {encoded.fallback}"] if encoded.fallback else []
            if as_json:
                line = {"file": name, **_said(tokenizer, data, encoded)}
                output.write(json.dumps(line).encode() + b"\n")
            else:
                write(output, name, iter([encoded.ids]))
    tell_fallbacks(noted)


def _said(tokenizer: DomainTokenizer, data: bytes, encoded: EncodedFile) -> dict[str, object]:
    """Ids, why the file was taken as bare bytes, channels, and what else its domain tells."""
    channels = {name: values.tolist() for name, values in encoded.channels.items()}
    found = {"ids": encoded.ids.tolist(), "fallback": encoded.fallback, "channels": channels}
    told = tokenizer.domain.told_of(data, encoded.channels) if encoded.fallback is None else {}
    return {**found, **told}


def _encoded(tokenizer: DomainTokenizer, data: bytes, name: str, strict: bool) -> EncodedFile:
    try:
        return tokenizer.encode_file(data, strict=strict)
    except DomainError as error:
        raise DomainError(f"{name}: {error}") from error


def tell_fallbacks(fallbacks: list[str]) -> None:
    """Name on stderr the files that were taken as bare bytes."""
    for line in fallbacks[:_SHOWN]:
        typer.echo(f"tokenry: warning: taken as bare bytes: {line}", err=True)
    if len(fallbacks) > _SHOWN:
        more = len(fallbacks) - _SHOWN
        typer.echo(f"tokenry: warning: and {more} other files as bare bytes", err=True)


def refuse(**given: object) -> None:
    """Refuse options of a command that say nothing to the tokenizer of a domain.

    Raises:
        LearnError: one of them was given.
    """
    for name, value in given.items():
        if value:
            flag = "--" + name.replace("_", "-")
            raise LearnError(f"{flag} is for tokenizers of text; leave it out for a domain")
