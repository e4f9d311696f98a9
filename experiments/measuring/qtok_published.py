"""What Qtok's published denominators give, and where they change the order of two vocabularies."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from experiments.measuring import qtok_tables
from experiments.measuring.qtok_models import Model
from experiments.measuring.qtok_tables import Users


@dataclass(frozen=True)
class Order:
    """A language of which two models change places when the denominator does."""

    language: str
    models: tuple[str, str]
    published: tuple[float, float]  # per cent
    corrected: tuple[float, float]


@dataclass(frozen=True)
class Folded:
    """Row Other of a model, in a table of that model alone and in one with all models.

    Attributes:
        alone, together: in per cent.
        rows_alone, rows_together: rows besides.
    """

    alone: float
    together: float
    rows_alone: int
    rows_together: int

    @classmethod
    def of(cls, name: str, alone: qtok_tables.Table, together: qtok_tables.Table) -> Folded:
        """Read two tables."""
        other, tables = qtok_tables.OTHER, (alone, together)
        shares = [table.get(other, {}).get(name, 0.0) for table in tables]
        rows = [len(table.keys() - {other}) for table in tables]
        return cls(shares[0], shares[1], rows[0], rows[1])

    @property
    def change(self) -> float:
        """Points by which other models change it."""
        return abs(self.alone - self.together)


@dataclass(frozen=True)
class Published:
    """What the published denominators give for the same tokens and languages.

    Attributes:
        shares: by model and language, before rows are folded.
        languages, scripts: what the two tables fold.
        orders: changed by the denominator.
        pairs: of models, over all languages.
    """

    shares: dict[str, dict[str, float]]
    languages: dict[str, Folded]
    scripts: dict[str, Folded]
    orders: list[Order]
    pairs: int


def published(models: Mapping[str, Model], users: Users) -> Published:
    """Make Qtok's tables of the models, each alone and all together."""
    tokens = {name: model.tokens for name, model in models.items()}
    shares = {name: qtok_tables.language_shares(each, users) for name, each in tokens.items()}
    orders, pairs = changed_orders(shares, models)
    languages = _folded(tokens, lambda chosen: qtok_tables.language_table(chosen, users))
    scripts = _folded(tokens, qtok_tables.script_table)
    return Published(shares, languages, scripts, orders, pairs)


def _folded(
    tokens: Mapping[str, Sequence[str]],
    table: Callable[[Mapping[str, Sequence[str]]], qtok_tables.Table],
) -> dict[str, Folded]:
    together = table(tokens)
    return {name: Folded.of(name, table({name: each}), together) for name, each in tokens.items()}


def changed_orders(
    shares: Mapping[str, Mapping[str, float]], models: Mapping[str, Model]
) -> tuple[list[Order], int]:
    """Pairs of models that change places, the widest apart first, and how many pairs there are."""
    languages = sorted(set().union(*shares.values()))
    found = []
    pairs = list(itertools.combinations(models, 2))
    for language, (a, b) in itertools.product(languages, pairs):
        old = (shares[a].get(language, 0.0), shares[b].get(language, 0.0))
        new = (
            100 * models[a].languages.share_of_used(language),
            100 * models[b].languages.share_of_used(language),
        )
        if (old[0] - old[1]) * (new[0] - new[1]) < 0:
            found.append(Order(language, (a, b), old, new))
    found.sort(key=lambda each: -abs(each.corrected[0] - each.corrected[1]))
    return found, len(languages) * len(pairs)
