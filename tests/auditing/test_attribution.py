from __future__ import annotations

import numpy as np
import pytest

from tokenry.auditing.attribution import Fillers, faithfulness, replacement_importance
from tokenry.errors import ArgumentError
from tokenry.models import Enumerable, causal_model

SIZE, TARGET = 10, 3


def model() -> object:
    """What follows hangs on the last but one id alone: after 5 it is nearly always 3."""
    table = np.zeros((SIZE, SIZE, SIZE), np.float32)
    table[5, :, TARGET] = 6.0
    table[:, :, SIZE - 2] = -np.inf
    return causal_model(Enumerable(table, begin=SIZE - 2, end=SIZE - 1))


def test_the_id_that_decides_is_the_most_important() -> None:
    network = model()
    ids = [SIZE - 2, 0, 1, 2, 5, 4]
    found = replacement_importance(network, ids, TARGET, rounds=20)  # type: ignore[arg-type]
    assert found.argmax() == 4
    assert found.sum() == pytest.approx(1)
    good = faithfulness(network, ids, TARGET, found)  # type: ignore[arg-type]
    bad = faithfulness(network, ids, TARGET, -found)  # type: ignore[arg-type]
    assert good[0] > bad[0]
    assert good[1] > bad[1]
    again = replacement_importance(network, ids, TARGET, rounds=20)  # type: ignore[arg-type]
    assert again.tolist() == found.tolist()


def test_only_chosen_places_are_replaced_and_never_by_themselves() -> None:
    fillers = Fillers(model(), [SIZE - 2, 0, 1, 2], seed=1)  # type: ignore[arg-type]
    places = np.array([[True, True, False, True]] * 50)
    texts = fillers.replaced(places)
    assert (texts[:, [0, 2]] == [SIZE - 2, 1]).all()
    assert (texts[:, 1] != 0).all()
    assert (texts[:, 3] != 2).all()


def test_one_id_is_refused() -> None:
    with pytest.raises(ArgumentError, match="two or more"):
        replacement_importance(model(), [1], TARGET)  # type: ignore[arg-type]
