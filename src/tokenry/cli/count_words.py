"""``tokenry count-words``: counts of pretokens as a file that merges."""

from __future__ import annotations

import json
from errno import EEXIST
from pathlib import Path
from typing import Annotated

import typer

from tokenry.cli.arguments import Field, Json
from tokenry.corpus import ReadOptions
from tokenry.errors import LearnError
from tokenry.learning.counting_job import CountingJob, count_files
from tokenry.learning.word_counts import WordCounts, is_word_counts
from tokenry.progress import progress_on_stderr


def count_words(
    data: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DATA",
            help="Files, folders or globs, and files of this command.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write.", show_default=False)] = None,
    pretokenizer: Annotated[
        str | None,
        typer.Option(
            help="What cuts text: gpt2, cl100k, o200k, llama3, ... or a regex; o200k.",
            show_default=False,
        ),
    ] = None,
    numbers: Annotated[
        str | None, typer.Option(help="A number policy, such as r2l3.", show_default=False)
    ] = None,
    field: Field = "text",
    workers: Annotated[int, typer.Option(help="Processes; 1: all threads.", min=1)] = 1,
    ray: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Ray cluster that does it.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Count the pretokens of a corpus, and merge counts; `tokenry learn` learns from the file.

    Count on as many machines as there are, merge the files, learn from the result: it is what all
    documents at once would give.

    [bold]Examples[/bold]

    tokenry count-words part-7/ --pretokenizer o200k --out 7.words

    tokenry count-words 'data/*.jsonl.gz' --workers 8 --out 8.words

    tokenry count-words *.words --out all.words

    tokenry learn all.words --vocab-size 48k --out my-bpe
    """
    if not data or out is None:
        raise LearnError("give DATA to count and the file --out")
    if out.exists():
        raise FileExistsError(EEXIST, "exists; give another --out", str(out))
    counted = [WordCounts.read(each) for each in data if is_word_counts(each)]
    rest = [each for each in data if not is_word_counts(each)]
    if rest:
        first = counted[0] if counted else None
        name = pretokenizer or (first.pretokenizer if first else "o200k")
        policy = numbers or (first.numbers if first else None)
        with progress_on_stderr() as progress:
            job = CountingJob(
                name, policy, ReadOptions(field=field, column=field), None if workers == 1 else 1
            )
            counted.append(count_files(rest, job, workers=workers, ray=ray, progress=progress))
    whole = counted[0].merged(*counted[1:]) if len(counted) > 1 else counted[0]
    if pretokenizer is not None:
        whole.check(pretokenizer, numbers)
    whole.save(out)
    facts = {
        "out": str(out), "pretokenizer": whole.pretokenizer, "numbers": whole.numbers,
        "words": len(whole), "pretokens": int(whole.counts.sum()),
        "documents": whole.documents, "bytes": whole.size,
    }  # fmt: skip
    text = (
        f"{len(whole):,} distinct pretokens, {facts['pretokens']:,} in all, of "
        f"{whole.documents:,} documents with {whole.size:,} bytes"
    )
    typer.echo(json.dumps(facts) if as_json else text)
