"""Rows that were added stay what they were, whatever is added elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from tokenry.neural.cache.store import Store  # noqa: E402

counts = st.integers(0, 40)
actions = st.lists(
    st.tuples(st.sampled_from(("add", "cut", "drop", "choose")), st.integers(0, 9), counts),
    max_size=40,
)


@given(actions)
def test_any_mix_of_forks_keeps_every_store_what_it_is(steps: list[tuple[str, int, int]]) -> None:
    """Against lists: every state that is still held is checked after every step."""
    held: list[tuple[Store, list[int]]] = [(Store(rows_of([7])), [7])]
    number = 100
    for action, which, amount in steps:
        store, model = held[which % len(held)]
        if action == "add":
            new = [number + each for each in range(amount)]
            number += amount
            held.append((store.added(rows_of(new)), model + new))
        elif action == "cut":
            length = min(amount, len(model))
            held.append((store.cut(length), model[:length]))
        elif action == "choose" and model:
            kept = min(amount, len(model))
            places = [*range(kept), *reversed(range(kept, len(model)))]
            chosen = store.chosen(torch.tensor([places]), kept)
            held.append((chosen, [model[place] for place in places]))
        elif len(held) > 1:
            held.pop(which % len(held))
        del store
        for each, expected in held:
            assert each.rows[0, 0, :, 0].tolist() == expected


def test_going_on_copies_nothing() -> None:
    store = Store(rows_of([1])).added(rows_of([2, 3]))
    memory = store.rows.data_ptr()
    for number in range(60):
        store = store.added(rows_of([number]))
        assert store.rows.data_ptr() == memory
    store = store.cut(10)
    store = store.added(rows_of([5]))
    assert store.rows.data_ptr() == memory
    other = store.cut(4).added(rows_of([6]))
    assert other.rows.data_ptr() != memory


def rows_of(numbers: list[int]) -> Any:
    return torch.tensor(numbers, dtype=torch.float32).view(1, 1, -1, 1).expand(1, 2, -1, 3).clone()
