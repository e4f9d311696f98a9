"""Every row comes once a pass, in an order by seed, from any position on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.errors import PartError, TrainingError
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.examples import examples
from tokenry.neural.training.data.shuffled import Shuffled


def stream(count: int, size: int, passes: int | None, seed: int = 0) -> Shuffled:
    return Shuffled(count, size, lambda rows: Batch({"rows": rows}), seed=seed, passes=passes)


def drawn(batches: Shuffled, most: int = 1_000) -> list[list[int]]:
    found: list[list[int]] = []
    while len(found) < most and (batch := batches.draw()) is not None:
        found.append(batch["rows"].tolist())
    return found


@given(st.integers(1, 20), st.integers(1, 30), st.integers(1, 4))
def test_every_row_comes_once_a_pass(count: int, size: int, passes: int) -> None:
    batches = stream(count, size, passes)
    found = drawn(batches)
    assert len(found) == batches.batches
    assert all(len(each) == size for each in found[:-1])
    flat = [row for each in found for row in each]
    for number in range(passes):
        assert sorted(flat[number * count : (number + 1) * count]) == list(range(count))
    assert batches.draw() is None


@given(st.integers(1, 20), st.integers(1, 7), st.integers(0, 30))
def test_goes_on_from_any_position(count: int, size: int, position: int) -> None:
    first, second = stream(count, size, None), stream(count, size, None)
    drawn(first, position)
    second.restore(first.state())
    assert drawn(first, 10) == drawn(second, 10)


def test_the_order_is_by_seed_and_differs_by_pass() -> None:
    one, same, other = (drawn(stream(50, 50, 2, seed)) for seed in (1, 1, 2))
    assert one == same != other
    assert one[0] != one[1]


def test_another_stream_is_refused() -> None:
    with pytest.raises(TrainingError, match="seed is 1 and was 0"):
        stream(5, 2, 1, seed=1).restore(stream(5, 2, 1).state())
    rows = [[1, 2], [3]]
    with pytest.raises(TrainingError, match="data is"):
        examples(rows, {}, size=1).restore(examples([[1], [2, 3]], {}, size=1).state())
    with pytest.raises(PartError, match="2 rows and 3 of labels"):
        examples(rows, {"labels": np.arange(3)}, size=1)
    with pytest.raises(PartError, match="0 rows"):
        examples([], {}, size=1)


def test_examples_carry_their_facts() -> None:
    batch = examples([[1, 2], [3]], {"labels": np.array([7, 8])}, size=2).draw()
    assert batch is not None
    rows = dict(zip(batch["labels"].tolist(), batch["ids"].tolist(), strict=True))
    assert rows == {7: [1, 2], 8: [3, -1]}
