"""Tables of vocabularies by script, class and language, with both denominators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple

import numpy as np

from experiments.harness.experiment import Cell, Table
from experiments.measuring.qtok_models import ENGLISH, Model
from experiments.measuring.qtok_published import Order, Published
from tokenry.measuring.vocabulary import MakeUp


def role_table(models: Mapping[str, Model]) -> Table:
    """Ids by class."""
    return _make_up_table(
        "Ids by class, % of all ids", {name: each.roles for name, each in models.items()}, 10
    )


def script_table(models: Mapping[str, Model]) -> Table:
    """Ids by script."""
    return _make_up_table(
        "Ids by script, % of all ids", {name: each.scripts for name, each in models.items()}, 12
    )


def _make_up_table(title: str, made: Mapping[str, MakeUp], most: int) -> Table:
    """The kinds with the largest share in any model, largest first; all others are one column."""
    largest = {
        kind: max(each.share(kind) for each in made.values())
        for kind in set().union(*(each.counts for each in made.values()))
    }
    kinds = sorted(largest, key=lambda kind: (-largest[kind], kind))[:most]
    rows: list[tuple[Cell, ...]] = []
    for name, each in made.items():
        shares = [100 * each.share(kind) for kind in kinds]
        rows.append(
            (name, each.total, *(round(x, 2) for x in shares), round(abs(100 - sum(shares)), 2))
        )
    return Table(title, ("vocabulary", "ids", *kinds, "all others"), tuple(rows))


def use_table(models: Mapping[str, Model]) -> Table:
    """Ids that parallel sentences use in each language."""
    columns = ("English %", "most", "its %", "median language %", "fewest", "its % ")
    return Table(
        "Ids that the same sentences use in each language, % of all ids",
        ("vocabulary", *columns),
        tuple(_use_row(name, model) for name, model in models.items()),
    )


def _use_row(name: str, model: Model) -> tuple[Cell, ...]:
    shares = {each: 100 * count / model.roles.total for each, count in model.used.items()}
    most, fewest = (pick(shares, key=shares.__getitem__) for pick in (max, min))
    middle = float(np.median(list(shares.values())))
    figures = [round(each, 2) for each in (shares[ENGLISH], shares[most], middle, shares[fewest])]
    return (name, figures[0], most, figures[1], figures[2], fewest, figures[3])


def denominator_table(models: Mapping[str, Model], found: Published) -> Table:
    """Shares of languages with both denominators."""
    english = ("English, published", "English, of used", "English, of counted")
    return Table(
        "Shares of languages in Latin script, with both denominators, %",
        ("vocabulary", "tokens counted", "sum, published", *english),
        tuple(_denominator_row(name, model, found) for name, model in models.items()),
        "Corrected shares sum to 100 over the tokens that any of the languages uses.",
    )


def _denominator_row(name: str, model: Model, found: Published) -> tuple[Cell, ...]:
    published, corrected = found.shares[name], model.languages
    shares = (
        sum(published.values()),
        published.get(ENGLISH, 0.0),
        100 * corrected.share_of_used(ENGLISH),
        100 * corrected.share(ENGLISH),
    )
    return (name, corrected.total, *(round(each, 2) for each in shares))


def folding_table(found: Published) -> Table:
    """What the published rule folds into the row Other."""
    columns = ("Other alone %", "Other together %", "rows alone", "rows together")
    kinds = [f"{kind}: {column}" for kind in ("languages", "scripts") for column in columns]
    rows = (
        (name, *astuple(found.languages[name]), *astuple(found.scripts[name]))
        for name in found.languages
    )
    return Table(
        "What the published rule folds into one row",
        ("vocabulary", *kinds),
        tuple(rows),
        "In a table of that vocabulary alone, and in one with all of them. Figures of "
        "tokenry.measuring are of one vocabulary alone, and have no such row.",
    )


def order_table(orders: Sequence[Order], most: int = 12) -> Table:
    """Pairs of vocabularies that change places, the widest apart first."""
    return Table(
        "Where two vocabularies change places with the denominator, %",
        ("language", "first", "second", "published", "published ", "corrected", "corrected "),
        tuple(map(_order_row, orders[:most])) or (("none", *[None] * 6),),
        f"The {min(most, len(orders))} widest apart of {len(orders):,}.",
    )


def _order_row(order: Order) -> tuple[Cell, ...]:
    figures = (round(each, 2) for each in (*order.published, *order.corrected))
    return (order.language, *order.models, *figures)
