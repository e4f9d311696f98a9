"""Rows of a model against ids of a tokenizer: as many, more, fewer; and numbers in the message."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import pytest

from tokenry import Tokenizer
from tokenry.errors import ModelError, SpareRowsWarning
from tokenry.learning import learn
from tokenry.models import check_rows, rows_of


@dataclass
class Model:
    input_rows: int
    vocab_size: int


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return learn(["to be or not to be, that is the question"] * 9, kind="bpe", vocab_size=270)


def test_as_many_rows_as_ids(tokenizer: Tokenizer) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = check_rows(Model(270, 270), tokenizer)
    assert (rows.ids, rows.missing, rows.spare) == (270, range(270, 270), range(270, 270))


def test_padded_rows_are_warned_of(tokenizer: Tokenizer) -> None:
    with pytest.warns(SpareRowsWarning, match="50 rows from 270 on belong to no id: 270 ids"):
        rows = check_rows(Model(320, 320), tokenizer)
    assert rows.spare == range(270, 320)


@pytest.mark.parametrize(("inputs", "outputs"), [(265, 270), (270, 265), (265, 265)])
def test_missing_rows_are_an_error(tokenizer: Tokenizer, inputs: int, outputs: int) -> None:
    with pytest.raises(ModelError, match="5 ids have no row in the model, from 265 on"):
        check_rows(Model(inputs, outputs), tokenizer)
    rows = rows_of(Model(inputs, outputs), tokenizer)
    assert rows.missing == range(265, 270)
    assert str(inputs) in str(rows)


def test_a_tokenizer_without_rows_at_all(tokenizer: Tokenizer) -> None:
    rows = rows_of(Model(0, 300), tokenizer)
    assert (rows.missing, rows.spare) == (range(0, 270), range(270, 300))
