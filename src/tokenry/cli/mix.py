"""``tokenry mix``: the mixture of groups of text that a tokenizer is best learnt from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, cast

import typer

from tokenry.cli.arguments import Field, Json, read_size
from tokenry.cli.tables import print_table
from tokenry.corpus import Corpus, ReadOptions
from tokenry.errors import LearnError
from tokenry.learning import Bpe
from tokenry.learning.mixing import MixtureProblem, MixtureSearch, Objective, search_mixture
from tokenry.learning.word_counts import WordCounts
from tokenry.progress import prefixed, progress_on_stderr


def mix(
    groups: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="GROUP...", help="Files, folders or globs, each a group.", show_default=False
        ),
    ] = None,
    vocab_size: Annotated[str, typer.Option(metavar="N", help="Ids of each trial.")] = "8k",
    pretokenizer: Annotated[str, typer.Option(help="What cuts text.")] = "o200k",
    objective: Annotated[
        str,
        typer.Option(
            help="compression: tokens a byte, each group alike; parity: the most tokens of a group "
            "over the least, for parallel text."
        ),
    ] = "compression",
    trials: Annotated[
        str, typer.Option(help="How many mixtures are tried in each round.")
    ] = "16,8,8",
    holdout: Annotated[
        float, typer.Option(help="Share of documents that is held out.", min=0.01, max=0.9)
    ] = 0.2,
    seed: Annotated[int, typer.Option(help="Of all that is drawn.")] = 0,
    field: Field = "text",
    as_json: Json = False,
) -> None:
    """Search the mixture of groups that a tokenizer is best learnt from.

    For each mixture a tokenizer is learnt from counts of pretokens and measured on text that was
    held out, which takes seconds; a regression says which mixtures to try next (CLIMB).

    [bold]Examples[/bold]

    tokenry mix english/ swahili/ code/ --vocab-size 16k

    tokenry mix flores/*.txt --objective parity --trials 32,16,16 --json
    """
    if not groups or len(groups) < 2:
        raise LearnError("give two groups or more, each a file, a folder or a glob")
    if objective not in ("compression", "parity"):
        raise LearnError(f"--objective {objective!r}; expected compression or parity")
    rounds = _rounds(trials)
    learner = Bpe(vocab_size=read_size(vocab_size, "--vocab-size"), pretokenizer=pretokenizer)
    with progress_on_stderr() as progress:
        sides = {
            _name(group): _counted(group, field, pretokenizer, holdout, seed) for group in groups
        }
        if len(sides) < len(groups):
            raise LearnError("two groups have one name; give files or folders of other names")
        train, held = ({name: each[i] for name, each in sides.items()} for i in (0, 1))
        problem = MixtureProblem(learner, train, held, cast(Objective, objective))
        told = prefixed(progress, "mixing")
        found = search_mixture(problem, trials=rounds, seed=seed, progress=told)
    if as_json:
        typer.echo(json.dumps({**found.to_json(), "best": found.best.to_json()}))
    else:
        _print(found)


def _rounds(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in text.split(","))
    except ValueError:
        raise LearnError(f"--trials {text!r}; expected numbers by commas, such as 16,8,8") from None


def _name(group: str) -> str:
    return Path(group).stem or group


def _counted(
    group: str, field: str, pretokenizer: str, holdout: float, seed: int
) -> tuple[WordCounts, WordCounts]:
    """Counts of what is learnt from and of what is held out."""
    corpus = Corpus.from_paths([group], ReadOptions(field=field, column=field, unit="paragraph"))
    sides = corpus.split(holdout, seed=seed)
    train, held = (WordCounts.of(side, pretokenizer=pretokenizer) for side in sides)
    return train, held


def _print(found: MixtureSearch) -> None:
    groups = sorted(found.best.shares)
    rows = []
    for name, trial in (
        ("best", found.best),
        ("uniform", found.uniform),
        ("natural", found.natural),
    ):
        shares = [f"{trial.shares[group]:.3f}" for group in groups]
        rates = [f"{trial.tokens_per_byte[group]:.4f}" for group in groups]
        rows += [[name, "share", *shares, f"{trial.score:.4f}"], ["", "tokens/byte", *rates, ""]]
    print_table(["mixture", "", *groups, "score"], rows, names=2, marked="best")
