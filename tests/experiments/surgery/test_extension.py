"""A model with an extended vocabulary begins as the model that it was."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from experiments.surgery.extension import with_rows  # noqa: E402
from tokenry.learning import learn  # noqa: E402
from tokenry.neural.recipes.language import LanguageModel  # noqa: E402
from tokenry.neural.recipes.sizes import Shape  # noqa: E402
from tokenry.surgery import extend  # noqa: E402


def test_old_ids_mean_what_they_meant(prose_text: str) -> None:
    tokenizer = learn([prose_text[:20_000]], vocab_size=300)
    surgery = extend(tokenizer, [b" zymurgy", b" quixotic"])
    shape = Shape(width=16, layers=1, heads=2, context=8)
    model = shape.causal(301).build().eval()
    larger = with_rows(LanguageModel(model, shape.context), surgery).model.eval()
    ids = torch.tensor([tokenizer.encode("a small text")[:8]])
    with torch.no_grad():
        before, after = model(ids), larger(ids)
    torch.testing.assert_close(after[..., :300], before[..., :300])
    # The mark between documents is the last row of both.
    torch.testing.assert_close(after[..., -1], before[..., -1])
    for id_ in surgery.ids.added.tolist():
        mean = model.embedding.rows.weight[surgery.ids.parts(id_)].mean(0)
        torch.testing.assert_close(larger.embedding.rows.weight[id_], mean)
    assert not list(larger.head.parameters())  # its rows are those of the embedding
