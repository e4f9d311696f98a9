"""What the ids of a vocabulary are, and what their rows cost in a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from tokenry.card.options import CardOptions
from tokenry.card.written import Written
from tokenry.measuring.size import ModelShape
from tokenry.measuring.vocabulary import (
    Duplicates,
    MakeUp,
    by_length,
    by_role,
    by_script,
    duplicates,
    parameter_share,
)
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer

FOLDS: Final[tuple[Literal["case", "space", "both"], ...]] = ("case", "space", "both")


@dataclass(frozen=True, slots=True)
class LanguageIds(Result):
    """Ids that the parallel text of a language uses, and those that no other language uses."""

    used: int
    alone: int


@dataclass(frozen=True, slots=True)
class IdsByLanguage(Result):
    """Ids by the languages that use them.

    Attributes:
        counts: by language.
        total: ids.
        unused: ids that no language uses.
    """

    counts: dict[str, LanguageIds]
    total: int
    unused: int


@dataclass(frozen=True, slots=True)
class ModelRows(Result):
    """Parameters of the rows of the ids in a model of this shape, and their share of it."""

    width: int
    layers: int
    row_parameters: int
    row_share: float


@dataclass(frozen=True, slots=True)
class VocabularyMakeUp(Result):
    """The ids by role, script and length, those that nearly repeat others, and their cost."""

    roles: MakeUp
    scripts: MakeUp
    lengths: MakeUp
    duplicates: dict[str, Duplicates]
    languages: IdsByLanguage | None
    model: ModelRows


def measure_vocabulary(
    tokenizer: Tokenizer, written: Written | None, options: CardOptions
) -> VocabularyMakeUp:
    """The make-up of one vocabulary."""
    shape = ModelShape(width=options.width, layers=options.layers)
    rows, share = parameter_share(tokenizer.n_vocab, shape.width, shape.block_parameters)
    vocabulary = tokenizer.vocabulary
    return VocabularyMakeUp(
        roles=by_role(vocabulary),
        scripts=by_script(vocabulary),
        lengths=by_length(vocabulary),
        duplicates={fold: duplicates(vocabulary, by=fold) for fold in FOLDS},
        languages=None if written is None else ids_by_language(tokenizer, written),
        model=ModelRows(shape.width, shape.layers, rows, share),
    )


def ids_by_language(tokenizer: Tokenizer, written: Written) -> IdsByLanguage:
    """Which languages use which ids of the vocabulary."""
    used = {name: np.unique(found.ids) for name, found in written.ids.items()}
    users = np.zeros(tokenizer.n_vocab, dtype=np.int64)
    for ids in used.values():
        users[ids] += 1
    return IdsByLanguage(
        counts={
            name: LanguageIds(len(ids), int((users[ids] == 1).sum())) for name, ids in used.items()
        },
        total=tokenizer.n_vocab,
        unused=int((users == 0).sum()),
    )
