"""Masks against what they say, written out; as data they need no torch."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.errors import PartError
from tokenry.neural.topologies.adjacency import Adjacency
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.neural.topologies.blocks import BlockCausal
from tokenry.neural.topologies.both import Both
from tokenry.neural.topologies.causal import Causal
from tokenry.neural.topologies.prefix import Prefix
from tokenry.neural.topologies.segments import Segments
from tokenry.neural.topologies.tree import Tree
from tokenry.neural.topologies.window import SlidingWindow


def drawn(topology: object, queries: int, keys: int) -> list[str]:
    mask = topology.mask(queries, keys)  # type: ignore[attr-defined]
    assert mask.dtype == np.bool_
    return ["".join(".x"[int(each)] for each in row) for row in mask]


@pytest.mark.parametrize(
    ("topology", "expected"),
    [
        (Causal(), ["xxx..", "xxxx.", "xxxxx"]),
        (Bidirectional(), ["xxxxx"] * 3),
        (SlidingWindow(window=2), [".xx..", "..xx.", "...xx"]),
        (Prefix(length=4), ["xxxx.", "xxxx.", "xxxxx"]),
        (Prefix(length=0), ["xxx..", "xxxx.", "xxxxx"]),
        (BlockCausal(size=2), ["xxxx.", "xxxx.", "xxxxx"]),
        (BlockCausal(size=2, first=(1, 3)), ["xxxx.", "xxxx.", "xxxxx"]),
        (BlockCausal(size=3, first=(1,)), ["xxxx.", "xxxx.", "xxxxx"]),
        (Tree(parents=(-1, -1, 0)), ["xxx..", "xx.x.", "xxx.x"]),
        (Tree(parents=(-1,)), ["xxx..", "xxxx.", "xxxxx"]),
        (Tree(parents=(-1, -1, 1, 0)), ["x.x..", "x.xx.", "xx..x"]),
        (Adjacency(rows=((0, 1), (1,))), ["xxx..", "xxxxx", "xxx.x"]),
        (Segments(lengths=(2, 2)), ["..x..", "..xx.", "xxxxx"]),
        (Both(first=Segments(lengths=(1, 4)), second=SlidingWindow(window=3)),
         [".xx..", ".xxx.", "..xxx"]),
    ],
)  # fmt: skip
def test_shows_what_it_says(topology: object, expected: list[str]) -> None:
    assert drawn(topology, 3, 5) == expected
    assert drawn(topology, 5, 5)[2:] == expected


def test_a_tree_knows_its_depths() -> None:
    assert Tree(parents=(-1, 0, 0, 2, -1)).depths().tolist() == [0, 1, 1, 2, 0]
    assert Tree(parents=()).depths().tolist() == []


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(PartError, match="node 1 of a tree follows 1"):
        Tree(parents=(-1, 1))
    with pytest.raises(PartError, match="does not fit into 2"):
        Tree(parents=(-1, 0, 1)).mask(2, 2)
    with pytest.raises(PartError, match="place 1 of an Adjacency"):
        Adjacency(rows=((0,), (0,)))
    with pytest.raises(PartError, match="lengths of Segments"):
        Segments(lengths=(2, 0))
    with pytest.raises(PartError, match="window of SlidingWindow is 0"):
        SlidingWindow(window=0)


def test_only_what_never_looks_ahead_is_causal() -> None:
    assert Adjacency(rows=((0,), (0, 1))).causal
    assert not Adjacency(rows=((0, 1), (1,))).causal
    assert Both(first=Bidirectional(), second=Causal()).causal
    assert not BlockCausal(size=1).causal  # blocks of one place are, but it is not declared
