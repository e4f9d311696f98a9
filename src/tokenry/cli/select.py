"""``tokenry select``: which documents of files are taken, by a method and a budget of tokens."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, cast

import typer

from tokenry.cli.arguments import Field, Json, Pattern, open_tokenizer, read_size
from tokenry.cli.tables import print_table
from tokenry.corpus import Corpus, ReadOptions
from tokenry.corpus.options import Unit
from tokenry.corpus.registry import RECIPES, SCORERS
from tokenry.corpus.selecting import GroupShares, Selected, evened, select_documents, tempered
from tokenry.corpus.selection.choosing import Shares
from tokenry.corpus.selection.token_signals import write_spans
from tokenry.errors import CorpusError
from tokenry.progress import progress_on_stderr


def select(
    data: Annotated[
        list[str] | None,
        typer.Argument(metavar="DATA", help="Files, folders or globs.", show_default=False),
    ] = None,
    tokenizer: Annotated[
        str | None,
        typer.Option(help="A tokenizer file or folder, or FILE:pattern.", show_default=False),
    ] = None,
    tokens: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="The budget, such as 100M; a recipe needs none.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file of the choice.", show_default=False)
    ] = None,
    method: Annotated[
        str,
        typer.Option(help=f"One of {', '.join(SCORERS)}; or a recipe: {', '.join(RECIPES)}."),
    ] = "chance",
    target: Annotated[
        list[str] | None,
        typer.Option(help="Files with examples of what is wanted.", show_default=False),
    ] = None,
    shares: Annotated[
        str,
        typer.Option(
            help="Of the budget for each group: none (the best of all), natural, equal, "
            "temperature=3, unimax=4 (as even as so many passes allow), or a file of "
            "`tokenry mix --json`."
        ),
    ] = "none",
    scores: Annotated[
        Path | None,
        typer.Option(help="Write the score of each document, as a span.", show_default=False),
    ] = None,
    unit: Annotated[
        str, typer.Option(help="What a document of a text file is: file, block, paragraph, line.")
    ] = "file",
    seed: Annotated[int, typer.Option(help="Of all that is drawn.")] = 0,
    field: Field = "text",
    pattern: Pattern = None,
    as_json: Json = False,
) -> None:
    """Choose documents for a budget of tokens; `tokenry shards --choice` writes them.

    Groups are folders, files or kinds of files. With a mixture that needs more of a group than
    there is, its documents come more than once.

    [bold]Examples[/bold]

    tokenry select data/ --tokenizer my-bpe --tokens 1B --shares unimax=4 --out chosen

    tokenry select data/ --tokenizer my-bpe --tokens 1B --method skills --target good/ --out chosen

    tokenry select data/ --tokenizer my-bpe --method redwhale --target good/ --out chosen

    tokenry shards data/ --tokenizer my-bpe --choice chosen --out shards
    """
    if not data or tokenizer is None or out is None or (tokens is None and method not in RECIPES):
        raise CorpusError("give DATA, the --tokenizer, the budget --tokens and the file --out")
    options = ReadOptions(unit=cast(Unit, unit), field=field, column=field)
    budget = math.inf if tokens is None else read_size(tokens, "--tokens")
    examples = [each.data for each in Corpus.from_paths(target, options)] if target else []
    with progress_on_stderr() as progress:
        found = select_documents(
            Corpus.from_paths(data, options), open_tokenizer(tokenizer, pattern), budget,
            method=method, target=examples, shares=_shares(shares, budget),
            repeat=shares not in ("none", "natural", "equal"), seed=seed, progress=progress,
        )  # fmt: skip
    found.choice.save(out)
    if scores is not None:
        _write_scores(scores, method, found)
    _tell(found, as_json)


def _shares(text: str, budget: float) -> GroupShares | None:
    name, mark, number = text.partition("=")
    try:
        if text in ("none", "natural", "equal"):
            return None if text == "none" else cast(Shares, text)
        if mark and name == "temperature":
            return tempered(float(number))
        if mark and name == "unimax":
            return evened(budget, float(number))
        mixture: dict[str, float] = json.loads(Path(text).read_bytes())["best"]["shares"]
        return mixture
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise CorpusError(
            f"--shares {text!r}; expected none, natural, equal, temperature=N, unimax=N or a file "
            f"of `tokenry mix --json` ({error})"
        ) from None


def _write_scores(path: Path, method: str, found: Selected) -> None:
    ids = [f"{source}:{record + 1}" for source, record in found.places]
    pairs = zip(found.scores.tolist(), found.sizes.tolist(), strict=True)
    write_spans(path, ids, ({method: [(0, size, score)]} for score, size in pairs))


def _tell(found: Selected, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({
            "documents": len(found.choice), "digest": found.choice.digest,
            "groups": [each.to_json() for each in found.groups],
        }))  # fmt: skip
        return
    rows = [
        [each.group, f"{each.taken_documents:,} of {each.documents:,}",
         f"{each.taken_tokens:,} of {each.tokens:,}",
         f"{each.taken_tokens / max(each.tokens, 1):.1%}"]
        for each in found.groups
    ]  # fmt: skip
    print_table(["group", "documents", "tokens", ""], rows)
