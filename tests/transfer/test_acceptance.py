"""Acceptance: what sampling would accept, by the definition."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transfer_models import opened, save_model

from tokenry.errors import ModelError
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import transplant
from tokenry.transfer.acceptance import acceptance


def table(size: int, seed: int) -> object:
    rows = torch.randn(size, size, generator=torch.Generator().manual_seed(seed))
    return lambda ids: rows[ids]


def test_it_is_what_rejection_sampling_accepts(new: Tokenizer) -> None:
    target, draft = table(len(new), 0), table(len(new), 1)
    found = acceptance(target, draft, new, ["the"], start=0)
    ids = torch.tensor([[0, *new.encode("the")]])
    draw = torch.Generator().manual_seed(3)
    accepted, count = 0.0, 20_000
    for p, q in zip(target(ids)[0].softmax(1), draft(ids)[0].softmax(1), strict=True):  # type: ignore[operator]
        proposed = torch.multinomial(q, count, replacement=True, generator=draw)
        chance = (p[proposed] / q[proposed]).clamp(max=1)
        accepted += float((torch.rand(count, generator=draw) < chance).float().mean())
    assert found.places == ids.shape[1]
    assert found.sampled == pytest.approx(accepted / found.places, abs=0.01)


def test_a_model_accepts_itself(new: Tokenizer) -> None:
    found = acceptance(table(len(new), 0), table(len(new), 0), new, ["the cat"], start=0)
    assert found.sampled == pytest.approx(1)
    assert found.greedy == 1
    assert found.tokens_per_call(4) == pytest.approx(5)


def test_a_draft_is_moved_to_its_target(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    target = opened(save_model(tmp_path / "target", new, "gpt2"))
    source = save_model(tmp_path / "draft", old)
    unmoved = opened(source)
    with pytest.raises(ModelError, match="transplant it"):
        acceptance(logits(target), logits(unmoved), new, ["text"], start=0)
    draft = opened(transplant(source, new, tmp_path / "moved", multiple=64).folder)
    found = acceptance(logits(target), logits(draft), new, ["a text", "another"], start=0)
    assert 0 < found.sampled < 1
    with pytest.raises(ModelError, match="no text"):
        acceptance(logits(target), logits(draft), new, [], start=0)


def logits(model: object) -> object:
    return lambda ids: model(input_ids=ids).logits  # type: ignore[operator]
