from __future__ import annotations

import numpy as np

from tokenry.auditing.bits import answer_bits, id_bits
from tokenry.models import Enumerable, causal_model


def test_bits_are_those_of_the_table() -> None:
    source = Enumerable.drawn(9, order=2, seed=4)
    model = causal_model(source)
    rows = [[source.begin, 1, 2, 3], [source.begin, 4, 0]]
    for row, bits in zip(rows, id_bits(model, rows), strict=True):
        assert len(bits) == len(row) - 1
        assert np.isclose(bits.sum(), -source.logprob(row[1:]) / np.log(2))
    found = answer_bits(model, [[source.begin, 1], [source.begin]], [[2, 3], [4]])
    whole = -source.logprob([1, 2, 3]) + source.logprob([1])
    assert np.allclose(found, [whole / np.log(2), -source.logprob([4]) / np.log(2)])
