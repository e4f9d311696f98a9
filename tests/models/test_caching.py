"""What a cache costs: nothing is copied where it need not be, and holes do not pile up."""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest

from tokenry.models import State, causal_model
from tokenry.models.caching import HOLES, Caching
from tokenry.models.reader import Reader

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import example  # noqa: E402

from tokenry.errors import PartError  # noqa: E402
from tokenry.neural.cache.key_value import KeyValueCache  # noqa: E402

both = pytest.mark.parametrize("name", ["small", "transformers, llama"])


def memory_at(state: State) -> int:
    """Where the keys of the first block are."""
    address: int = state.memory.layers[0][0].data_ptr()
    return address


@both
def test_reading_on_and_going_back_copy_nothing(name: str) -> None:
    model = causal_model(example(name))
    state = model.start([[1, 2, 3], [4, 5, 6]]).state
    state = model.extend(state, [7, 8]).state
    place = memory_at(state)
    for _ in range(20):
        state = model.extend(state, [7, 8]).state
        assert memory_at(state) == place
    short = model.truncate(state, [5, 9])
    assert memory_at(short) == place
    assert memory_at(model.fork(short)) == place
    del state
    assert memory_at(model.extend(short, [1, 1]).state) == place


@both
def test_a_path_that_is_kept_leaves_no_holes(name: str) -> None:
    model = causal_model(example(name))
    state = model.extend(model.start([[1, 2, 3]]).state, [4]).state
    tree = model.extend(state, [[5, 6, 7]], parents=[-1, -1, 1]).state
    kept = model.keep(tree, [[1, 2]])
    assert (kept.memory.length, kept.memory.present) == (6, None)
    assert (tree.memory.length, state.memory.length) == (7, 4)


@both
def test_holes_are_closed(name: str) -> None:
    """Rows that take turns fill each other's columns with holes."""
    model = Reader(causal_model(example(name)).network, Caching())  # type: ignore[attr-defined]
    ids = [[[1, 2, 3], []], [[], [4, 5, 6]]]
    state = model.start([[1], [2]]).state
    rounds = 80 if model.max_length is None else 36
    for _, rows in zip(range(rounds), cycle(ids), strict=False):
        state = model.extend(state, rows).state
        longest = int(state.lengths.max())
        assert state.memory.length <= 1.5 * longest + HOLES / 2 + 3
    assert model.max_length or state.memory.length < 3 * rounds, "never closed"
    alone = model.start([state.ids[1]]).last
    step = model.extend(model.truncate(state, state.lengths - [0, 1]), [[], state.ids[1][-1:]])
    np.testing.assert_allclose(step.last[1], alone[0], atol=2e-6)


def test_keys_of_a_model_of_transformers_can_be_moved() -> None:
    """Moved as a whole, a cache is what would have been read at the other positions."""
    model = causal_model(example("transformers, llama"))
    state = model.start([[3, 4, 5, 6]]).state
    state.memory.move(torch.arange(4)[None] + 7)
    with torch.no_grad():
        out = example("transformers, llama")(
            input_ids=torch.tensor([[3, 4, 5, 6]]),
            position_ids=torch.arange(4)[None] + 7,
            use_cache=True,
        )
    held = out["cache"] if "cache" in out else out["past_key_values"]
    for index, (keys, _) in state.memory.layers.items():
        torch.testing.assert_close(keys, held.layers[index].keys, atol=1e-6, rtol=1e-6)
    gpt2 = causal_model(example("transformers, gpt2")).start([[1, 2]]).state
    with pytest.raises(PartError, match="cannot be moved"):
        gpt2.memory.move(torch.arange(2)[None])


def test_empty_caches_cannot_be_stacked() -> None:
    empty = example("small").new_cache()
    with pytest.raises(PartError, match="no sequences to stack"):
        KeyValueCache.stacked([empty, empty])
