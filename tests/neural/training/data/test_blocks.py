"""Blocks predict every id once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tokenry import Ragged
from tokenry.neural.training.data.blocks import Blocks
from tokenry.neural.training.data.padded import PAD

documents = st.lists(st.lists(st.integers(0, 8), max_size=12), max_size=8)


@given(documents, st.integers(1, 9))
def test_every_id_is_predicted_once_after_the_one_before_it(
    texts: list[list[int]], length: int
) -> None:
    blocks = Blocks.of(Ragged.of(texts), end=9, length=length)
    run = [9, *(each for text in texts for each in (*text, 9))]
    rows = blocks.rows(np.arange(len(blocks)))
    assert rows.shape == (len(blocks), length + 1)
    targets = rows[:, 1:].flatten()
    assert targets[targets != PAD].tolist() == run[1:]
    inputs = rows[:, :-1].flatten()[: len(run) - 1]
    assert inputs.tolist() == run[:-1]


def test_counts_the_bytes_of_what_is_predicted() -> None:
    sizes = np.array([1, 5, 2, 0])
    blocks = Blocks.of([[0, 1, 2], [1]], end=3, length=4, piece_bytes=sizes)
    assert blocks.batch(np.array([0])).bytes == 8
    assert blocks.batch(np.arange(len(blocks))).bytes == 13
    assert Blocks.of([[0]], end=3, length=4).batch(np.array([0])).bytes is None


def test_reads_a_memory_map(tmp_path: object) -> None:
    path = f"{tmp_path}/ids.npy"
    np.save(path, np.arange(100, dtype=np.uint16))
    mapped = Blocks(np.load(path, mmap_mode="r"), 10)
    assert mapped.rows(np.array([3])).tolist() == [list(range(30, 41))]
    assert len(mapped) == 10
