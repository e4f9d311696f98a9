"""A model with an extended vocabulary begins as the model that it was."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from experiments.small_models import Shape, Transformer  # noqa: E402
from experiments.surgery.extension import with_rows  # noqa: E402
from tokenry.learning import learn  # noqa: E402
from tokenry.surgery import extend  # noqa: E402


def test_old_ids_mean_what_they_meant(prose_text: str) -> None:
    tokenizer = learn([prose_text[:20_000]], vocab_size=300)
    surgery = extend(tokenizer, [b" zymurgy", b" quixotic"])
    torch.manual_seed(0)
    shape = Shape(width=16, layers=1, heads=2, context=8)
    model = Transformer(301, shape).eval()
    larger = with_rows(model, surgery).eval()
    ids = torch.tensor([tokenizer.encode("a small text")[:8]])
    with torch.no_grad():
        before, after = model(ids), larger(ids)
    torch.testing.assert_close(after[..., :300], before[..., :300])
    # The mark between documents is the last row of both.
    torch.testing.assert_close(after[..., -1], before[..., -1])
    for id_ in surgery.ids.added.tolist():
        mean = model.rows.weight[surgery.ids.parts(id_)].mean(0)
        torch.testing.assert_close(larger.rows.weight[id_], mean)
    assert larger.head.weight is larger.rows.weight
