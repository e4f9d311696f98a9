from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tokenry.learning import Bpe
from tokenry.learning.bpe_twin import replay
from tokenry.learning.semantics.vocabularies import (
    _merges,
    base_model,
    fill_up,
    learn_pieces,
    learn_types,
    pretokens_by_type,
    shortened,
    type_model,
)
from tokenry.progress import silent

WORDS = Counter({b" prozac": 5, b" prostate": 4, b"Prozac": 2, b" zacate": 3})


def test_pretokens_of_types() -> None:
    pretokens = Counter({b" Prozac": 3, b"prozac": 1, b" of": 9, b" pain": 2, b"\xff": 1})
    types = {"drug": frozenset({"prozac", "aspirin"}), "sign": frozenset({"pain", "prozac"})}
    assert pretokens_by_type(pretokens, types) == {
        "drug": {b" Prozac": 3, b"prozac": 1, b" prozac": 1, b" aspirin": 1},
        "sign": {b" Prozac": 3, b"prozac": 1, b" prozac": 1, b" pain": 3},
    }


@pytest.mark.parametrize("most", [0, 1, 2, 3, 5, 8, 40])
def test_pieces_are_those_that_merging_uses(most: int) -> None:
    taken = {b"ro", *(bytes([byte]) for byte in range(256))}
    found = learn_pieces(WORDS, taken, most)
    assert len(found.keys() - taken) <= most
    # The same by replaying merges on every word, for each number of merges.
    learnt = _merges(WORDS, 8 * most)
    fitting = []
    for many in range(len(learnt.merges) + 1):
        part = shortened(learnt, 256 + many)
        used: Counter[bytes] = Counter()
        for word, count in WORDS.items():
            for id_ in replay(word, part):
                used[part.pieces[id_]] += count
        if len(used.keys() - taken) <= most:
            fitting.append(used)
    assert found == fitting[-1]


def test_room_is_shared_and_what_is_left_goes_on() -> None:
    base = [bytes([byte]) for byte in range(256)]
    by_type = {"small": Counter({b" ab": 4}), "large": WORDS}
    types = learn_types(by_type, base, 6, silent)
    assert types["small"].keys() == {b" ab"}
    assert 3 < len(types["large"].keys() - set(base)) <= 5


def test_the_base_fills_what_types_leave() -> None:
    full = Bpe(vocab_size=274).learn_model(["the cat sat on the mat and the other cats " * 5])
    assert len(full) == 274
    types = {"a": Counter({b"xyz": 3, full.pieces[265]: 2, b"t": 9}), "b": Counter({b"xyz": 1})}
    base, new = fill_up(shortened(full, 260), full, types, 270)
    assert new == [b"xyz"]
    assert base.pieces == full.pieces[:269]
    base, new = fill_up(shortened(full, 260), full, types, 1000)
    assert len(base) == len(full)


def test_models_are_distributions() -> None:
    used = np.array([0.0, 3.0, 0.0, 4.0, 0.0])
    model = base_model(used, 1, 4)
    assert model.tolist() == [0, 0.4, 0.1, 0.5, 0]
    assert used.sum() == 7
    mixed = type_model(Counter({b"x": 3, b"y": 1}), {b"x": 4, b"y": 1}, model)
    assert mixed.tolist() == pytest.approx([0, 0.2 + 0.125, 0.05, 0.25, 0.375])
