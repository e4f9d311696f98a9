"""Nested next token: the loss of each depth is that of the model cut there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tokenry.errors import PartError
from tokenry.neural import Transformer

torch = pytest.importorskip("torch")

from tokenry.neural.training.data.batch import Batch  # noqa: E402
from tokenry.neural.training.steps.nested import NestedNextToken  # noqa: E402
from tokenry.neural.training.steps.next_token import NextToken  # noqa: E402


def test_losses_are_those_of_the_models_cut_at_each_depth() -> None:
    config = Transformer.small(9, width=16, layers=3, heads=2)
    model = config.build(seed=1)
    ids = np.random.default_rng(0).integers(0, 9, (4, 8))
    ids[0, 6:] = -1
    batch = Batch({"ids": ids}).on("cpu", 0.0)
    found = NestedNextToken((1, 3))(model, batch)
    for depth in (1, 3):
        cut = replace(config, backbone=replace(config.backbone, layers=depth)).build(seed=1)
        cut.load_state_dict({k: v for k, v in model.state_dict().items() if k in cut.state_dict()})
        alone = NextToken()(cut, batch)
        assert found.parts[f"depth_{depth}"].item() == pytest.approx(alone.total.item(), rel=1e-5)
        assert found.units == alone.units
    parts = [each.item() for each in found.parts.values()]
    assert found.total.item() == pytest.approx(sum(parts) / 2)


@pytest.mark.parametrize("depths", [(), (2, 1), (0, 1), (1, 1)])
def test_depths_rise(depths: tuple[int, ...]) -> None:
    with pytest.raises(PartError, match="rise"):
        NestedNextToken(depths)
