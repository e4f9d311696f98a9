"""``tokenry learn``: a tokenizer from data."""

from __future__ import annotations

import ast
import json
import warnings
from errno import EEXIST
from pathlib import Path
from typing import Annotated, Any

import typer

from tokenry.cli.arguments import Json
from tokenry.corpus import Corpus, ReadOptions
from tokenry.errors import LearnError
from tokenry.formats.detect import FOLDER_NAMES
from tokenry.learning import SmallerVocabularyWarning, learner
from tokenry.study.progress import Progress, progress_on_stderr

CHECKPOINT = "checkpoint.json"


def learn(
    data: Annotated[
        list[str],
        typer.Argument(metavar="DATA", help="Files, folders or globs.", show_default=False),
    ],
    out: Annotated[Path, typer.Option(help="The folder to write.", show_default=False)],
    kind: Annotated[str, typer.Option(help="bpe or superbpe.")] = "bpe",
    vocab_size: Annotated[int, typer.Option(help="Ids in all.")] = 32_000,
    field: Annotated[
        str, typer.Option(help="The field of .jsonl records or .parquet rows that holds the text.")
    ] = "text",
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Any other option of the learner (repeatable): min_frequency=2, "
            "pretokenizer=gpt2, special_tokens=('<|end|>',).",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Learn a tokenizer and save it; an interruption leaves a state that --resume continues.

    [bold]Examples[/bold]

    tokenry learn texts/ --vocab-size 32000 --out my-bpe

    tokenry learn texts/*.txt --kind superbpe --set transition=20000 --out my-superbpe
    """
    checkpoint = out / CHECKPOINT
    if any((out / name).exists() for name in FOLDER_NAMES):
        raise FileExistsError(EEXIST, "holds a tokenizer; give another --out", str(out))
    if checkpoint.exists() and not resume:
        message = "holds a learner's state; go on with --resume, or give another --out"
        raise FileExistsError(EEXIST, message, str(out))
    chosen = learner(kind, vocab_size=vocab_size, **dict(map(_parse, option or ())))
    corpus = Corpus.from_paths(list(data), ReadOptions(field=field, column=field))
    try:
        with progress_on_stderr() as progress, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", SmallerVocabularyWarning)
            tokenizer = chosen.learn(
                corpus, progress=_teller(kind, progress), checkpoint=checkpoint
            )
    except KeyboardInterrupt:
        typer.echo("stopped; go on with the same command and --resume", err=True)
        raise
    for warning in caught:
        typer.echo(f"tokenry: warning: {warning.message}", err=True)
    report = tokenizer.save(out)
    checkpoint.unlink(missing_ok=True)
    facts = {
        "out": str(out),
        "kind": kind,
        "vocabulary_size": tokenizer.n_vocab,
        "fingerprint": tokenizer.fingerprint(),
        "export": report.to_json(),
    }
    typer.echo(json.dumps(facts) if as_json else f"{kind} with {tokenizer.n_vocab:,} ids: {report}")


def _parse(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator or not name.isidentifier():
        raise LearnError(f"--set {text!r}: expected NAME=VALUE, such as min_frequency=2")
    try:
        return name, ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return name, value


def _teller(kind: str, progress: Progress) -> Any:
    stages: list[str] = []

    def tell(stage: str, done: int, total: int | None) -> None:
        if stages[-1:] != [stage]:
            stages.append(stage)
            progress.stage(f"learning {kind}: {stage}")
        if total:
            progress.advance(done, total)

    return tell
