"""Nodes of sorted pieces are the nodes of their trie."""

from __future__ import annotations

import numpy as np

from shares import draw, share
from tokenry.decoding.piece_order import PieceOrder, TrieNode


def pieces() -> list[bytes | None]:
    source = draw("piece order")
    drawn = [bytes(source.choices(b"ab\xff\x00", k=source.randint(1, 5))) for _ in range(80)]
    return [None, b"", *drawn, b"ab", b"ab"]


def test_nodes_hold_the_pieces_that_begin_so() -> None:
    every = pieces()
    order = PieceOrder(every)
    assert sorted(order.ids.tolist()) == [i for i, piece in enumerate(every) if piece]
    for _ in range(share(400)):
        source = draw(f"node {_}")
        begin = bytes(source.choices(b"ab\xff\x00", k=source.randint(0, 4)))
        node = order.descend(order.root, begin)
        expected = {i for i, piece in enumerate(every) if piece and piece.startswith(begin)}
        found = set() if node is None else {*order.ids[node.low : node.high].tolist()}
        assert found == expected
        if node is not None:
            ended = {int(order.ids[place]) for place in order.ending(node)}
            assert ended == {i for i, piece in enumerate(every) if piece == begin and piece}


def test_sums_are_those_of_the_children() -> None:
    order = PieceOrder(pieces())
    values = np.arange(len(order), dtype=np.float64)
    branches = order.branches(order.root)
    for byte, total in zip(branches.bytes.tolist(), order.sums(order.root, values), strict=True):
        child = order.child(order.root, byte)
        assert child is not None
        assert total == values[child.low : child.high].sum()


def test_a_vocabulary_without_pieces_has_no_branches() -> None:
    order = PieceOrder([None])
    assert order.root == TrieNode(0, 0, 0)
    assert not len(order.branches(order.root).bytes)
    assert order.child(order.root, 65) is None
