"""Trees of drafts: numbering, cutting, hanging on an id."""

from __future__ import annotations

import numpy as np

from tokenry.decoding.generation.draft_tree import ROOT, DraftTree

TREE = DraftTree((5, 6, 7, 8), (ROOT, ROOT, 0, 2), {ROOT: np.ones(9) / 9, 2: np.ones(9) / 9})


def test_children_by_id() -> None:
    assert TREE.children() == {ROOT: {5: 0, 6: 1}, 0: {7: 2}, 2: {8: 3}}


def test_cut_keeps_levels_and_what_was_drawn_from() -> None:
    cut = TREE.cut(2)
    assert (cut.ids, cut.parents) == ((5, 6, 7), (ROOT, ROOT, 0))
    assert set(cut.drawn_from) == {ROOT, 2}
    assert TREE.cut(0).ids == TREE.cut(-3).ids == ()
    assert TREE.cut(9) is TREE


def test_cut_numbers_anew() -> None:
    late = DraftTree((1, 2, 3, 4), (ROOT, 0, 1, ROOT), {3: np.ones(2)})
    cut = late.cut(1)
    assert (cut.ids, cut.parents, set(cut.drawn_from)) == ((1, 4), (ROOT, ROOT), {1})


def test_hung_on_an_id() -> None:
    assert TREE.hung_on(3) == ([3, 5, 6, 7, 8], [ROOT, 0, 0, 1, 3])
