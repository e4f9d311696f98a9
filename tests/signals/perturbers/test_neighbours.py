"""Near codes: of any bottleneck whose tokens are places."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest
from tiny_codecs import CODECS

from tokenry.errors import PartError
from tokenry.signals.bottlenecks.fsq import Fsq
from tokenry.signals.bottlenecks.lfq import Lfq
from tokenry.signals.bottlenecks.product import Product
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.distances.cosine import CosineDistance
from tokenry.signals.features import Quantized
from tokenry.signals.perturbers.neighbours import NeighbourSwap, has_near_codes, near_codes

torch = pytest.importorskip("torch")

PARTS: dict[str, Any] = {
    "rows": Vq(codes=16, size=4),
    "unit rows": Vq(codes=16, size=4, distance=CosineDistance()),
    "two books": Product(parts=(Vq(codes=4, size=2), Vq(codes=4, size=2))),
    "grid": Fsq(digits=(3, 5)),
}


@pytest.mark.parametrize("name", PARTS)
def test_near_codes_are_those_whose_vectors_are_nearest(name: str) -> None:
    part = PARTS[name]
    torch.manual_seed(0)
    module = part.build((2, 2))
    grids = [torch.arange(each) for each in part.levels]
    every = torch.cartesian_prod(*grids).reshape(-1, len(part.levels))
    rows = part.vectors(module, every[:, None])[:, 0].detach()
    apart = torch.cdist(rows.double(), rows.double())
    found = near_codes(module, every.repeat(50, 1), 3)
    for place, code in enumerate(every):
        chosen = found[place :: len(every)]
        own = [int((every == each).all(-1).nonzero()) for each in chosen]
        others = apart[place][torch.arange(len(every)) != place].sort().values
        assert place not in own
        assert float(apart[place, own].max()) <= float(others[2]) + 1e-4
        assert len(set(own)) > 1, code


def test_where_there_are_none() -> None:
    many = Lfq(bits=20)
    with pytest.raises(PartError, match="Lfq has 1048576 codes a token"):
        near_codes(many.build(()), torch.zeros(2, 2, dtype=torch.int64), 3)
    assert not has_near_codes(many, (2, 2))
    scales: Any = CODECS["bottlenecks/scales"].bottleneck
    assert not has_near_codes(scales, (2, 2))
    quantized = Quantized(torch.zeros(1, 4, 4), torch.zeros(1, 5, 1, dtype=torch.int64))
    module = scales.build((2, 2))
    with pytest.raises(PartError, match="5 tokens for 4 places"):
        NeighbourSwap().perturbed(quantized, module, 0.0)
    alone = Vq(codes=1, size=2)
    codes = torch.zeros(3, 1, dtype=torch.int64)
    assert torch.equal(near_codes(alone.build(), codes, 5), codes)
    assert prod(alone.levels) == 1
    assert not has_near_codes(alone, (2, 2))
