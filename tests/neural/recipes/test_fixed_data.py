from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tokenry.errors import PartError  # noqa: E402
from tokenry.neural.recipes.fixed_data import LogitEnsemble  # noqa: E402
from tokenry.neural.recipes.language import bits_per_byte, train_language_model  # noqa: E402
from tokenry.neural.recipes.sizes import Passes, Shape  # noqa: E402

DRAW = np.random.default_rng(0)
DOCUMENTS = [np.cumsum(DRAW.integers(1, 3, 40)) % 11 for _ in range(60)]
HELD = [np.cumsum(DRAW.integers(1, 3, 40)) % 11 for _ in range(20)]
SHAPE, PASSES = Shape(width=16, layers=1, heads=2, context=16), Passes(passes=3, batch=4)
MEMBERS = tuple(
    train_language_model(DOCUMENTS, 11, shape=SHAPE, passes=PASSES, seed=seed) for seed in range(3)
)


def test_an_ensemble_of_one_is_the_model() -> None:
    for member in MEMBERS:
        found = LogitEnsemble((member,)).bits_per_byte(HELD, 100)
        assert found == pytest.approx(bits_per_byte(member, HELD, 100), rel=1e-6)


def test_logits_are_averaged() -> None:
    ids = torch.tensor([[1, 2, 4, 5]])
    every = torch.stack([member.model(ids) for member in MEMBERS])
    assert torch.allclose(LogitEnsemble(MEMBERS)(ids), every.mean(0), atol=1e-6)


def test_a_student_learns_what_the_ensemble_says() -> None:
    ensemble = LogitEnsemble(MEMBERS)
    student = ensemble.student(DOCUMENTS, shape=SHAPE, passes=PASSES, soft=1.0, seed=9)
    untaught = LogitEnsemble((train_language_model(
        DOCUMENTS[:1], 11, shape=SHAPE, passes=Passes(passes=1), seed=9
    ),))  # fmt: skip
    found = LogitEnsemble((student,)).bits_per_byte(HELD, 100)
    assert found < untaught.bits_per_byte(HELD, 100) - 10
    assert found < ensemble.bits_per_byte(HELD, 100) * 1.1
    again = ensemble.student(DOCUMENTS, shape=SHAPE, passes=PASSES, soft=1.0, seed=9)
    assert LogitEnsemble((again,)).bits_per_byte(HELD, 100) == found


def test_models_that_do_not_fit() -> None:
    other = train_language_model(DOCUMENTS[:2], 12, shape=SHAPE, passes=Passes(passes=1), seed=0)
    with pytest.raises(PartError, match="an ensemble has one or more of the same"):
        LogitEnsemble((*MEMBERS, other))
    with pytest.raises(PartError, match="a student of context 32, members of 16"):
        LogitEnsemble(MEMBERS).student(DOCUMENTS, shape=Shape(context=32))
