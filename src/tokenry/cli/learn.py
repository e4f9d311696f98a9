"""``tokenry learn``: a tokenizer from data."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from errno import EEXIST
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from tokenry.cli.arguments import (
    Field,
    Json,
    Reserve,
    SpecialTokens,
    name_and_value,
    named_specials,
    read_size,
)
from tokenry.cli.domain_learning import learn_domain
from tokenry.corpus import Corpus, ReadOptions
from tokenry.errors import LearnError
from tokenry.formats.detect import FOLDER_NAMES
from tokenry.learning import KINDS, SmallerVocabularyWarning, learner
from tokenry.learning.contract import Learner, WordLearner
from tokenry.learning.registry import options_of
from tokenry.learning.word_counts import WordCounts, is_word_counts
from tokenry.progress import prefixed, progress_on_stderr
from tokenry.tokenizer import Tokenizer

CHECKPOINT = "checkpoint.json"


def learn(
    data: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DATA",
            help="Files, folders or globs; or counts of count-words.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write.", show_default=False)
    ] = None,
    kind: Annotated[str, typer.Option(help="What to learn; --list names the kinds.")] = "bpe",
    vocab_size: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Ids in all, such as 48k; 32,000 for most kinds.",
            show_default=False,
        ),
    ] = None,
    special_tokens: SpecialTokens = None,
    reserve: Reserve = 0,
    field: Field = "text",
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Any other option of the learner (repeatable): min_frequency=2, "
            "pretokenizer=gpt2.",
        ),
    ] = None,
    domain: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="For data that is not prose: a domain of `tokenry domains`, a schema file of "
            "your records, or module:Class.",
            show_default=False,
        ),
    ] = None,
    domain_option: Annotated[
        list[str] | None,
        typer.Option(
            "--domain-set", metavar="NAME=VALUE", help="An option of the domain (repeatable)."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="Name the kinds, their options and sources.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Learn a tokenizer and save it; an interruption leaves a state that --resume continues.

    [bold]Examples[/bold]

    tokenry learn texts/ --vocab-size 48k --special-tokens '<|end|>,<|pad|>' --out my-bpe

    tokenry learn texts/*.txt --kind superbpe --set inherited=20000 --out my-superbpe

    tokenry learn --domain dna genomes/*.fa --vocab-size 4096 --out my-dna

    tokenry learn --list
    """
    if listed:
        _list(as_json)
        return
    if not data or out is None:
        raise LearnError("give DATA to learn from and the folder --out; --list names the kinds")
    checkpoint = out / CHECKPOINT
    if any((out / name).exists() for name in FOLDER_NAMES):
        raise FileExistsError(EEXIST, "holds a tokenizer; give another --out", str(out))
    if checkpoint.exists() and not resume:
        message = "holds a learner's state; go on with --resume, or give another --out"
        raise FileExistsError(EEXIST, message, str(out))
    options = _options(vocab_size, special_tokens, reserve, option or ())
    if domain is not None:
        facts = learn_domain(
            domain, data, out, kind, options, **dict(map(name_and_value, domain_option or ()))
        )
        shown = f"{domain} with {facts['vocabulary_size']:,} ids: {out}"
        typer.echo(json.dumps(facts) if as_json else shown)
        return
    chosen = learner(kind, **options)
    learn_from = _learning(chosen, data, field)
    try:
        with progress_on_stderr() as progress, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", SmallerVocabularyWarning)
            tokenizer = learn_from(
                progress=prefixed(progress, f"learning {kind}"), checkpoint=checkpoint
            )
    except KeyboardInterrupt:
        goes_on = "go on with the same command and --resume"
        anew = f"{kind} would start anew, for its checkpoint keeps {chosen.checkpointed}"
        typer.echo(f"stopped; {goes_on if chosen.resumes else anew}", err=True)
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


def _learning(chosen: Learner[Any], data: list[str], field: str) -> Callable[..., Tokenizer]:
    """The learner's call for these data: documents, or counts of `tokenry count-words`."""
    counted = [each for each in data if is_word_counts(each)]
    if not counted:
        corpus = Corpus.from_paths(data, ReadOptions(field=field, column=field))
        return partial(chosen.learn, corpus)
    if len(counted) < len(data):
        raise LearnError(
            "some of DATA are counts, others are text; count the text, too: tokenry count-words"
        )
    if not isinstance(chosen, WordLearner):
        raise LearnError(f"{chosen.kind} learns from text, not from counts; give it documents")
    first, *others = map(WordCounts.read, counted)
    return partial(chosen.learn_from_counts, first.merged(*others) if others else first)


def _options(
    vocab_size: str | None, special_tokens: str | None, reserve: int, others: Sequence[str]
) -> dict[str, Any]:
    """Options of the learner, from those of the command."""
    found = dict(map(name_and_value, others))
    specials = named_specials(special_tokens, reserve)
    given: dict[str, Any] = {"special_tokens": specials} if specials else {}
    if vocab_size is not None:
        given["vocab_size"] = read_size(vocab_size, "--vocab-size")
    twice = sorted(given.keys() & found.keys())
    if twice:
        flag = "--" + twice[0].replace("_", "-")
        raise LearnError(f"{twice[0]} is given by {flag} or --reserve and by --set; give one")
    return {**found, **given}


def _list(as_json: bool) -> None:
    if not as_json:
        for name, kind in KINDS.items():
            typer.echo(f"{name:11} {kind.summary} [{kind.source}]")
        return
    rows = [
        {
            "kind": name,
            "summary": kind.summary,
            "source": kind.source,
            "systems": list(kind.systems),
            "resumes": kind.load().resumes,
            "checkpointed": kind.load().checkpointed,
            "options": {option: _shown(value) for option, value in options_of(name).items()},
        }
        for name, kind in KINDS.items()
    ]
    typer.echo(json.dumps(rows, ensure_ascii=False))


def _shown(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)
