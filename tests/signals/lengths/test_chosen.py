"""Policies that choose tokens by what is in them: halting, selecting and merging."""

from __future__ import annotations

import pytest
from tiny_codecs import codec_with, images

from tokenry.signals.codec import Codec
from tokenry.signals.lengths import Asking
from tokenry.signals.lengths.halting import Halting
from tokenry.signals.lengths.merging import SelectAndMerge
from tokenry.signals.lengths.selector import Selector

torch = pytest.importorskip("torch")


def test_halting_is_learned_from_the_error_of_a_first_pass() -> None:
    """The second pass is told what the first came to; in eval mode there is one pass."""
    assembly = codec_with("lengths/halting")
    torch.manual_seed(0)
    network = assembly.build(seed=1).train()
    values = torch.from_numpy(assembly.carrier.values(images(12)))
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    lost = []
    for _ in range(12):
        optimizer.zero_grad()
        torch.manual_seed(5)
        passed = network(values, {}, 0.5)
        lost.append(passed.kept.losses["halting"])
        lost[-1].backward()
        optimizer.step()
    assert lost[-1] < lost[0]
    error = passed.facts["error"]
    assert error.shape == (12,)
    assert (error > 0).all()
    assert "error" not in network.eval()(values, {}, 1.0).facts
    codes = Codec(network).encode(images(12), tokens=1, error=0.1)
    assert codes.lengths.max() <= 1


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
