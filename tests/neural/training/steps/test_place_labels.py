"""Labels at places: what is learnt of them hangs on what a place sees."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tokenry.neural.training.data.batch import Batch  # noqa: E402
from tokenry.neural.training.data.padded import PAD  # noqa: E402
from tokenry.neural.training.steps.place_labels import PlaceLabels  # noqa: E402
from tokenry.neural.transformer import Transformer  # noqa: E402


def test_counts_the_labels_alone() -> None:
    model = Transformer.small(7, width=16, layers=1, heads=2).build()
    ids = np.array([[0, 1, 2, PAD], [3, 4, 5, 6]])
    labels = np.array([[PAD, 5, PAD, PAD], [1, PAD, PAD, 2]])
    losses = PlaceLabels()(model, Batch({"ids": ids, "labels": labels}).on("cpu", 1.0))
    with torch.no_grad():
        logits = [model(torch.from_numpy(row[None]))[0] for row in (ids[0, :3], ids[1])]
    wanted = [(logits[0][1], 5), (logits[1][0], 1), (logits[1][3], 2)]
    by_hand = -sum(float(torch.log_softmax(each, -1)[label]) for each, label in wanted)
    assert losses.total.item() == pytest.approx(by_hand, rel=1e-5)
    assert float(losses.units) == 3
    assert float(losses.parts["right"]) == sum(int(e.argmax()) == label for e, label in wanted)
    assert PlaceLabels().flops(model, Batch({"ids": ids})) == 3 * model.config.flops(4, batch=2)
