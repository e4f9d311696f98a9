"""Queries and slots: what they see, and in which order it matters."""

from __future__ import annotations

import pytest

from tokenry.signals.features import READ, Features
from tokenry.signals.resamplers.queries import Queries
from tokenry.signals.resamplers.slots import Slots

torch = pytest.importorskip("torch")
PLACES = Features(torch.randn(2, 7, 8, generator=torch.Generator().manual_seed(5)), (7,))


@pytest.mark.parametrize("part", [Queries(count=3, layers=2, heads=2), Slots(count=3)])
def test_the_order_of_places_does_not_matter(part: Queries) -> None:
    """What tells places apart is in their vectors."""
    torch.manual_seed(0)
    module = part.build((7,), 8, 4)
    turned = PLACES.having(vectors=PLACES.vectors.flip(1))
    one, other = (part.leave(module, each).vectors for each in (PLACES, turned))
    assert one.shape == (2, 3, 4)
    assert torch.allclose(one, other, atol=1e-5)


def test_a_causal_query_does_not_see_later_ones() -> None:
    torch.manual_seed(0)
    for causal in (True, False):
        part = Queries(count=3, layers=2, heads=2, causal=causal)
        module = part.build((7,), 8, 4)
        first = part.leave(module, PLACES).vectors[:, 0].sum()
        (grad,) = torch.autograd.grad(first, module.rows)
        assert (grad[1:].abs().sum() == 0) == causal


def test_queries_read_what_they_are_told() -> None:
    part = Queries(count=3, layers=1, heads=2)
    module = part.build((7,), 8, 4)
    told = PLACES.having(taps={READ: torch.ones(2, 1, 8)})
    assert not torch.allclose(part.leave(module, told).vectors, part.leave(module, PLACES).vectors)


def test_slots_share_each_place_out() -> None:
    """The shares of a place over the slots are one, so two slots do not both have all of it."""
    part = Slots(count=2, rounds=1)
    torch.manual_seed(0)
    module = part.build((7,), 8, 4)
    with torch.no_grad():
        module.rows.copy_(module.rows[:1].expand(2, -1))
    same = part.leave(module, PLACES).vectors
    assert torch.allclose(same[:, 0], same[:, 1], atol=1e-6)
