"""Codes as a generator might get them wrong, whose pictures are held against real ones: pFD-local.

Qiu et al. 2025 (RobustTok), arXiv:2503.08354, call the Fréchet distance of such pictures pFID; as
for FD-local, features are those of a classifier trained here, and the measure has its own name.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

from tokenry.seeds import derived
from tokenry.signals.perturbers.neighbours import NeighbourSwap, has_near_codes

if TYPE_CHECKING:
    from tokenry.signals.assembly import Assembly
    from tokenry.signals.codec import Codec
    from tokenry.signals.codes import Codes


def usual_swap(assembly: Assembly) -> NeighbourSwap | None:
    """Half of the tokens of every item, by one of the nearest sixteenth of all codes, 100 at most.

    The setting is ours; the share makes codebooks of several sizes comparable. None where tokens
    have no near codes.
    """
    part = assembly.bottleneck
    if not has_near_codes(part, assembly.grid):
        return None
    delta = min(100, max(1, prod(part.levels) // 16))
    return NeighbourSwap(alpha=0.5, beta=1.0, delta=delta)


def perturbed_codes(codec: Codec, codes: Codes, swap: NeighbourSwap, *, seed: int = 0) -> Codes:
    """The same tokens, some of them replaced as in training: a function of codes and seed.

    Args:
        codec: whose codes they are.
        codes: of items.
        swap: which are replaced, and by what.
        seed: of what is drawn.

    Raises:
        PartError: tokens of this codec are not places, or have too many codes.
    """
    import torch

    from tokenry.signals.features import Quantized

    module = codec.network.bottleneck
    table = torch.from_numpy(codes.padded()).to(codec.network.device)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(derived(seed, "perturbed"))
        vectors = module.part.vectors(module, table)
        found = swap.perturbed(Quantized(vectors, table), module, 0.0)
    return replace(codes, values=found.codes.cpu().numpy()[codes.mask])
