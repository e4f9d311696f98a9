"""What all attention shares: projections, rotation, the cache, scaled dot products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tokenry.errors import PartError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.positions.rotation import rotate

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.neural.layer import Layer


@dataclass(frozen=True)
class Heads:
    """Sizes of an attention.

    Attributes:
        width: of the vectors.
        count: heads of queries.
        groups: heads of keys and values.
        size: dimensions of a head.
    """

    width: int
    count: int
    groups: int
    size: int

    @classmethod
    def of(cls, part: Any, width: int, heads: int, groups: int, size: int | None) -> Heads:
        """Sizes that fit each other.

        Raises:
            PartError: they do not divide.
        """
        if heads % groups or (size is None and width % heads):
            raise PartError(f"{part} does not fit a width of {width}: the sizes do not divide")
        return cls(width, heads, groups, size or width // heads)


def projections(part: Any, heads: Heads, *, bias: bool, out_bias: bool) -> Assembled:
    """A module with the layers ``queries``, ``keys``, ``values`` and ``out``."""
    nn = torch_for(part, "torch.nn")
    inner, shared = heads.count * heads.size, heads.groups * heads.size
    return assemble(
        part,
        queries=nn.Linear(heads.width, inner, bias=bias),
        keys=nn.Linear(heads.width, shared, bias=bias),
        values=nn.Linear(heads.width, shared, bias=bias),
        out=nn.Linear(inner, heads.width, bias=out_bias),
    )


def attend(module: Assembled, heads: Heads, x: Tensor, layer: Layer) -> Tensor:
    """From vectors, (batch, length, width), to as many, over what the cache holds and these."""
    from torch.nn import functional

    batch, length, _ = x.shape
    turns = layer.turns(heads.size)

    def split(vectors: Tensor, count: int) -> Tensor:
        return vectors.view(batch, length, count, heads.size).transpose(1, 2)

    query, key = split(module.queries(x), heads.count), split(module.keys(x), heads.groups)
    if hasattr(module, "query_norm"):
        query, key = module.query_norm(query), module.key_norm(key)
    query, key = rotate(query, turns), rotate(key, turns)
    key, value = layer.remember(key, split(module.values(x), heads.groups))
    mixed = functional.scaled_dot_product_attention(
        query,
        key,
        value,
        attn_mask=layer.mask,
        is_causal=layer.plainly_causal,
        enable_gqa=heads.groups != heads.count,
    )
    joined: Tensor = module.out(mixed.transpose(1, 2).flatten(2))
    return joined


def attention_flops(heads: Heads, queries: int, keys: int) -> int:
    """Products of the four layers, of scores and of weighted sums."""
    inner, shared = heads.count * heads.size, heads.groups * heads.size
    layers = 2 * heads.width * (2 * inner + 2 * shared) * queries
    return layers + 4 * inner * queries * keys
