"""What weights are before training: the same by seed; places of one spot see each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tokenry.signals.assembly import Assembly
from tokenry.signals.recipe import Scale, Vit
from tokenry.signals.recipes.registry import RECIPES
from tokenry.signals.recipes.titok import one_stage
from tokenry.signals.starts.by_place import ByPlace, sines_of, spread

torch = pytest.importorskip("torch")
SCALE = Scale(
    patch=8, tokens=16, encoder=Vit(width=32, layers=1), decoder=Vit(width=32, layers=1), quick=True
)


def plain(assembly: Assembly) -> Assembly:
    return replace(assembly, training=Scale().training())


def test_depends_on_the_seed_alone() -> None:
    made = one_stage(SCALE)
    assert isinstance(made.training.start, ByPlace)
    first, again, other = (made.build(seed=seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_sines_tell_places_apart_and_neighbours_are_alike() -> None:
    rows = sines_of((4, 4), 32)
    alike = torch.nn.functional.cosine_similarity(rows[:, None], rows[None], dim=-1)
    assert (alike - 2 * torch.eye(16)).max() < 1 - 1e-3
    assert alike[0, 1] > alike[0, 3]
    assert [spread(each) for each in (1, 16, 32, 7)] == [(1, 1), (4, 4), (4, 8), (1, 7)]


def test_a_patch_reaches_the_latent_of_its_spot_before_training() -> None:
    """Of all registers, the one at the changed patch changes most; so in the decoder."""

    def moved(assembly: Assembly) -> torch.Tensor:
        network = assembly.build(seed=0).eval()
        torch.manual_seed(0)
        values = torch.rand(4, 3, 32, 32) - 0.5
        changed = values.clone()
        changed[:, :, 8:16, 16:24] += 0.5  # the patch in the second row, third column
        before, after = (network.features(each, {}).vectors for each in (values, changed))
        return (after - before).norm(dim=-1).mean(0)

    found = moved(one_stage(SCALE))
    assert int(found.argmax()) == 6
    others = moved(plain(one_stage(SCALE)))
    assert found[6] / found.mean() > 1.5 * others.max() / others.mean()


@pytest.mark.parametrize("name", ["titok-proxy", "seed", "vq"])
def test_decoders_say_where_their_places_are(name: str) -> None:
    """Mask tokens stand first, and have the sines of what they are filled with."""
    made = RECIPES.load(name).assembly()
    network = made.build(seed=0)
    spots = made.decoder.spots(made.grid, made.base.shape(made.carrier.shape))
    rows = network.decoder.trunk.stack.positions.rows.weight
    at = 0
    for grid in spots:
        sines = sines_of(spread(*grid) if len(grid) == 1 else grid, rows.shape[1])
        assert torch.equal(rows[at : at + len(sines)], sines)
        at += len(sines)
    assert at + getattr(made.decoder, "idle", 0) == len(rows)
