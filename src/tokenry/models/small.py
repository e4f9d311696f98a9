"""Models of `tokenry.neural` as causal models."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tokenry.errors import ModelError
from tokenry.models.caching import in_window
from tokenry.models.network import Chunk, Made, Wanted
from tokenry.models.state import Array
from tokenry.neural.cache.key_value import KeyValueCache
from tokenry.neural.model import Model
from tokenry.neural.positions.learned import Learned
from tokenry.neural.saving import load_model
from tokenry.neural.topologies.causal import Causal
from tokenry.neural.topologies.window import SlidingWindow

GO_ON = (Causal, SlidingWindow)
"""Topologies that mean the same where rows have padding and trees."""


class SmallNetwork:
    """A `tokenry.models.network.CachingNetwork` over a model of `tokenry.neural`.

    Args:
        model: a causal one whose head gives a logit for each id.

    Raises:
        ModelError: it is no such model.
    """

    skips = True

    def __init__(self, model: Model) -> None:
        self.model = model.eval()
        backbone = model.config.backbone
        if not backbone.topology.causal:
            raise ModelError(f"a model over {backbone.topology} sees what comes next")
        self.topology = backbone.topology
        self.layers = backbone.layers
        self.input_rows = self.vocab_size = model.config.embedding.vocab_size
        positions = backbone.positions
        self.max_length = positions.context if isinstance(positions, Learned) else None

    @classmethod
    def open(cls, folder: str | os.PathLike[str], *, dtype: str, device: str) -> SmallNetwork:
        """The model of a folder that `tokenry.neural.saving.save_model` wrote."""
        model = load_model(folder, device=device)
        return cls(model if dtype == "auto" else model.to(getattr(torch, dtype)))

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return self.model.device

    @property
    def why_uncached(self) -> str | None:
        """Set for topologies that trees and padding would change."""
        if isinstance(self.topology, GO_ON):
            return None
        return f"{self.topology} counts places, which padding and trees would change"

    def new_cache(self) -> KeyValueCache:
        """An empty cache."""
        return self.model.new_cache()

    @torch.no_grad()
    def read(self, ids: Array, wanted: Wanted) -> Made:
        """Read ids from the beginning."""
        return self._made(torch.from_numpy(ids).to(self.device), wanted)

    @torch.no_grad()
    def go_on(self, chunk: Chunk, cache: KeyValueCache, wanted: Wanted) -> Made:
        """Read ids after a cache."""
        reading = {"cache": cache, "positions": chunk.positions, "present": chunk.present}
        if chunk.seen is not None:
            reading["seen"] = chunk.seen
            if isinstance(self.topology, SlidingWindow):
                ahead = cache.fork()  # the pass takes the new places up, the mask needs them now
                ahead.begin(chunk.positions, chunk.present)
                reading["seen"] = in_window(chunk.seen, chunk, ahead, self.topology.window)
        return self._made(chunk.ids, wanted, chunk.mixtures, **reading)

    def _made(
        self, ids: Tensor, wanted: Wanted, mixtures: Tensor | None = None, **reading: Any
    ) -> Made:
        vectors = self.model.embed(ids) if mixtures is None else mixed(mixtures, self.model.embed)
        read = self.model.backbone(
            vectors, layers=wanted.layers, states=bool(wanted.hidden), **reading
        )
        states = (*read.states[:-1], read.hidden)
        places = torch.from_numpy(wanted.places).to(ids.device)
        logits = self.model.read(read.hidden[:, places])
        return Made(numpy_of(logits), {at: numpy_of(states[at]) for at in wanted.hidden})

    def flops(self, queries: int, keys: int, heads: int, layers: Sequence[int]) -> int:
        """Of one row."""
        config = self.model.config
        width = config.backbone.width
        blocks: int = len(layers) * config.backbone.block.flops(width, queries, keys)
        return blocks + int(config.head.flops(width, self.vocab_size, heads))


def mixed(mixtures: Tensor, embed: Callable[[Tensor], Tensor]) -> Tensor:
    """Mean vectors of ids by weights (batch, rows), as one place of each row: (batch, 1, width)."""
    rows = embed(torch.arange(mixtures.shape[1], device=mixtures.device)[None])[0]
    return (mixtures.to(rows) @ rows)[:, None]


def numpy_of(values: Tensor) -> NDArray[np.float32]:
    """A tensor as float32 of numpy."""
    found: NDArray[np.float32] = values.float().cpu().numpy()
    return found
