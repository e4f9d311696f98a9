"""``tokenry domains``: the kinds of data that are not prose, and what is promised of each."""

from __future__ import annotations

import json

import typer

from tokenry.cli.arguments import Json
from tokenry.domains import DOMAINS
from tokenry.domains.contract import Domain
from tokenry.domains.naming import options_of


def domains(as_json: Json = False) -> None:
    """List domains: what comes back, what is dropped, how ids are laid out, options, source.

    [bold]Examples[/bold]

    tokenry domains

    tokenry learn --domain dna genomes/ --vocab-size 4096 --out my-dna
    """
    rows = [_row(name) for name in DOMAINS]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['domain']}: {row['summary']}")
        for name in ("lossless", "dropped", "ids", "options", "files", "source"):
            value = row[name]
            shown = ", ".join(value) if isinstance(value, list) else value
            if shown:
                typer.echo(f"  {name:9}{shown}")


def _row(name: str) -> dict[str, object]:
    entry = DOMAINS.entry(name)
    kind: type[Domain] = entry.load()
    return {
        "domain": name,
        "summary": entry.summary,
        "lossless": kind.promise.lossless,
        "dropped": kind.promise.dropped,
        "ids": kind.promise.ids,
        "options": [f"{option}={value!r}" for option, value in options_of(kind).items()],
        "files": list(kind.suffixes),
        "source": entry.source,
        "systems": list(entry.systems),
        "extra": entry.extra,
    }
