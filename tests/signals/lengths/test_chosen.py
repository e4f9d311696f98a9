"""Policies that choose tokens by what is in them: halting, selecting and merging."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny_codecs import codec_with, images

from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.signals.lengths import Asking
from tokenry.signals.lengths.halting import Halting
from tokenry.signals.lengths.merging import SelectAndMerge
from tokenry.signals.lengths.selector import Selector
from tokenry.signals.training.run import CodecRun, train_codec

torch = pytest.importorskip("torch")


def test_halting_keeps_fewer_tokens_where_more_error_is_good_enough() -> None:
    assembly = codec_with("lengths/halting")
    trainer = replace(assembly.training.trainer, optimizer=AdamW(rate=1e-2))
    assembly = replace(assembly, training=replace(assembly.training, trainer=trainer, batch=16))
    items = images(48, seed=4)
    codec = train_codec(assembly, items, run=CodecRun(steps=60))
    counts = [codec.encode(items, error=error).lengths.mean() for error in (0.005, 0.38)]
    assert counts[1] <= counts[0]
    assert codec.encode(items, tokens=1).lengths.max() <= 1


def test_halting_draws_multiples() -> None:
    torch.manual_seed(0)
    counts = Halting(every=4).drawn(200, 16, torch.zeros(1)).sum(1)
    assert sorted(set(counts.tolist())) == [4, 8, 12, 16]


def test_merged_tokens_depend_on_dropped_ones_and_on_no_later_one() -> None:
    part = SelectAndMerge(selector=Selector(), width=8, layers=1, heads=2)
    torch.manual_seed(1)
    module = part.build((6,), 6, 4).eval()
    latents = torch.randn(1, 6, 4)
    with torch.no_grad():
        _, kept = part.merged(module, latents, Asking(), 1.0)
    mask = kept.mask[0]
    assert 0 < int(mask.sum()) < 6, "the draw of the test keeps some and drops some"

    def moved(place: int) -> set[int]:
        changed = latents.clone().requires_grad_()
        again, _ = part.merged(module, changed, Asking(), 1.0)
        reached = set()
        for kept_place in mask.nonzero()[:, 0].tolist():
            (grad,) = torch.autograd.grad(again[0, kept_place].sum(), changed, retain_graph=True)
            if grad[0, place].abs().sum() > 0:
                reached.add(kept_place)
        return reached

    kept_places = mask.nonzero()[:, 0].tolist()
    for place in range(6):
        expected = {each for each in kept_places if not mask[place] or each >= place}
        assert moved(place) == expected
    everything = part.merged(module, latents, Asking(tokens=0), 1.0)
    assert not everything[1].mask.any()
    assert torch.isfinite(everything[0]).all()
