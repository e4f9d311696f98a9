from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from shard_checks import made

from tokenry.errors import ShardError
from tokenry.shards import BatchOrder, TokenShards
from tokenry.shards.order import permuted
from tokenry.tokenizer import Tokenizer


@pytest.mark.parametrize("count", [1, 2, 3, 7, 64, 1000, 4097])
def test_every_number_comes_once(count: int) -> None:
    for seed in range(3):
        assert sorted(permuted(np.arange(count), count, seed).tolist()) == list(range(count))


def test_orders_look_random() -> None:
    """Neighbours do not stay neighbours, and seeds give orders that have nothing in common."""
    first, second = (permuted(np.arange(5000), 5000, seed) for seed in (0, 1))
    assert abs(np.corrcoef(first, np.arange(5000))[0, 1]) < 0.05
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.05
    assert (np.abs(np.diff(first)) == 1).sum() < 15


def test_a_place_is_known_without_the_others() -> None:
    places = np.array([10**11, 3])
    count = 10**12
    assert permuted(places, count, 5).tolist() == [
        permuted(places[i : i + 1], count, 5)[0] for i in (0, 1)
    ]


def test_ranks_share_each_step_and_go_on_anywhere() -> None:
    alone = [rows for batch in BatchOrder(count=103, size=12, passes=2) for rows in batch]
    ranks = [list(BatchOrder(count=103, size=4, rank=r, world=3, passes=2)) for r in range(3)]
    assert [row for step in zip(*ranks, strict=True) for batch in step for row in batch] == alone
    assert sorted(alone[:103]) == list(range(103))
    later = [
        list(BatchOrder(count=103, size=6, rank=r, world=2, passes=2, seen=60)) for r in (0, 1)
    ]
    rest = [row for step in zip(*later, strict=True) for batch in step for row in batch]
    assert rest[:140] == alone[60:200]


def test_order_as_stored_and_what_is_refused() -> None:
    assert list(BatchOrder(count=5, size=2, seed=None)) == [[0, 1], [2, 3]]
    with pytest.raises(ShardError, match="0 <= rank < world"):
        BatchOrder(count=5, size=2, rank=2, world=2)


def test_a_data_loader_gives_one_order_for_any_number_of_workers(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    data = pytest.importorskip("torch.utils.data")
    made(sources, tokenizer, tmp_path, length=64)
    rows = TokenShards.open(tmp_path).rows()
    order = BatchOrder(count=len(rows), size=16, seed=4)
    expected = [np.stack([rows[i]["ids"] for i in batch]) for batch in order]
    for workers in (0, 2):
        loader = data.DataLoader(rows, batch_sampler=order, num_workers=workers)
        found = [batch["ids"].numpy() for batch in loader]
        assert np.array_equal(np.stack(found), np.stack(expected))
