"""Whether a model has a row for each id of a tokenizer, and which rows are to spare."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Protocol

from tokenry.errors import ModelError, SpareRowsWarning
from tokenry.tokenizer import Tokenizer


class HasRows(Protocol):
    """A `tokenry.models.causal.CausalModel`, as far as rows go."""

    @property
    def vocab_size(self) -> int:
        """Logits of each position."""

    @property
    def input_rows(self) -> int:
        """Ids that it reads are below this."""


@dataclass(frozen=True)
class Rows:
    """The rows of a model beside the ids of a tokenizer.

    Attributes:
        ids: of the tokenizer, specials and holes included.
        input_rows: of the model, for the ids that it reads.
        output_rows: of the model, for the ids that it gives logits to.
        holes: ids below ``ids`` that stand for nothing.
    """

    ids: int
    input_rows: int
    output_rows: int
    holes: tuple[int, ...] = ()

    @property
    def missing(self) -> range:
        """Ids without a row on one side or both: a text with one of them cannot be read."""
        return range(min(self.input_rows, self.output_rows, self.ids), self.ids)

    @property
    def spare(self) -> range:
        """Rows whose logits are for no id: padding of the table, or a tokenizer cut short."""
        return range(min(self.ids, self.output_rows), self.output_rows)

    def __str__(self) -> str:
        model = f"{self.input_rows} input and {self.output_rows} output rows"
        return f"{self.ids} ids of the tokenizer, {len(self.holes)} of them holes; {model}"


def rows_of(model: HasRows, tokenizer: Tokenizer) -> Rows:
    """Count the rows of a model and the ids of a tokenizer."""
    vocabulary = tokenizer.vocabulary
    return Rows(len(vocabulary), model.input_rows, model.vocab_size, vocabulary.holes())


def check_rows(model: HasRows, tokenizer: Tokenizer) -> Rows:
    """That a model can read and write all ids of a tokenizer.

    Warns:
        SpareRowsWarning: it has more rows than there are ids. Their logits have to be masked
            before an id is drawn.

    Raises:
        ModelError: ids have no row; the message has the numbers.
    """
    rows = rows_of(model, tokenizer)
    if rows.missing:
        first = [tokenizer.vocabulary.pieces[each] for each in rows.missing[:5]]
        raise ModelError(
            f"{len(rows.missing)} ids have no row in the model, from {rows.missing[0]} on "
            f"({first}): {rows}; give the model more rows, or load the tokenizer it was trained "
            "with"
        )
    if rows.spare:
        warnings.warn(
            f"{len(rows.spare)} rows from {rows.spare[0]} on belong to no id: {rows}",
            SpareRowsWarning,
            stacklevel=2,
        )
    return rows
