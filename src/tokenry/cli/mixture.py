"""``tokenry mixture``: the text that a tokenizer was learnt from, told from its merges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tokenry.cli.arguments import Field, Json, Pattern, TokenizerFile, open_tokenizer
from tokenry.cli.tables import print_table
from tokenry.corpus import Corpus, ReadOptions
from tokenry.errors import CorpusError
from tokenry.measuring.mixture import Mixture, MixtureOptions, infer_mixture
from tokenry.progress import progress_on_stderr


def mixture(
    tokenizer: TokenizerFile,
    samples: Annotated[
        Path,
        typer.Option(
            metavar="DIR",
            help="A folder: each file and each folder in it is a category.",
            show_default=False,
        ),
    ],
    merges: Annotated[
        int | None,
        typer.Option(
            help="How many of the first merges; by default as many as the samples bear, at most "
            "3,000.",
            show_default=False,
            min=2,
        ),
    ] = None,
    pretokenizer: Annotated[
        str | None,
        typer.Option(
            help="What cut the training text, where it was not the tokenizer's own splitter.",
            show_default=False,
        ),
    ] = None,
    replicates: Annotated[
        int, typer.Option(help="Draws of the merges for the intervals.", min=0)
    ] = 20,
    seed: Annotated[int, typer.Option(help="Of these draws.")] = 0,
    pattern: Pattern = None,
    field: Field = "text",
    as_json: Json = False,
) -> None:
    """Infer the mixture of text that a tokenizer's merges were learnt from.

    Shares are of bytes; ``other`` is text of no category that is given. The samples need not be the
    text that the tokenizer was learnt from, only of its kinds.

    [bold]Examples[/bold]

    tokenry mixture tokenizer.json --samples samples/

    tokenry mixture cl100k_base.tiktoken --samples samples/ --merges 3000 --json
    """
    with progress_on_stderr() as progress:
        found = infer_mixture(
            open_tokenizer(tokenizer, pattern),
            categories_in(samples, field),
            MixtureOptions(
                merges=merges, pretokenizer=pretokenizer, replicates=replicates, seed=seed
            ),
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        _print(found)


def categories_in(folder: Path, field: str) -> dict[str, Corpus]:
    """A corpus for each file and each folder of a folder, by name without its extension.

    Raises:
        CorpusError: it is no folder, or two have one name.
    """
    if not folder.is_dir():
        raise CorpusError(f"--samples {folder} is no folder; give one with a file a category in it")
    options = ReadOptions(field=field, column=field)
    found: dict[str, Corpus] = {}
    for path in sorted(folder.iterdir()):
        name = path.name.split(".")[0] or path.name
        if name in found:
            raise CorpusError(f"{folder} has two categories named {name!r}; rename one")
        found[name] = Corpus.from_paths(path, options)
    return found


def _print(found: Mixture) -> None:
    rows = [
        [
            name,
            f"{share:.2%}",
            f"{found.intervals[name].low:.2%}",
            f"{found.intervals[name].high:.2%}",
        ]
        for name, share in sorted(found.mixture.items(), key=lambda item: -item[1])
    ]
    print_table(["category", "share of bytes", "95% from", "to"], rows)
    typer.echo(
        f"{found.merges:,} merges ({found.left_out:,} redundant ones left out), {found.rows:,} "
        f"inequalities in {found.rounds} rounds; the merges lack {found.fit:.2%} of what they need"
    )
    if found.untold:
        typer.echo(f"the merges say nothing of {', '.join(found.untold)}: they hardly occur there")
    if found.unexplained_merges:
        shown = " ".join(map(repr, found.unexplained[:10]))
        typer.echo(f"no category explains {found.unexplained_merges:,} merges, such as {shown}")
