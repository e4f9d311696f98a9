"""A model that reads both ways and says what hidden ids are, with a ledger of its calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.models.causal import Counters
from tokenry.models.state import Array
from tokenry.neural.cache.key_value import KeyValueCache
from tokenry.neural.model import Model

HIDDEN: Final = -1
"""Stands for a masked place in tables of ids."""


class Denoiser:
    """A model of `tokenry.neural` whose topology is `Bidirectional` and whose last id is the mask.

    Args:
        model: trained by `tokenry.neural.training.steps.masked_ids.MaskedIds`.

    Raises:
        ModelError: it is causal, and so does not see what comes behind a masked place.
    """

    def __init__(self, model: Model) -> None:
        if model.config.backbone.topology.causal:
            raise ModelError(
                f"a model over {model.config.backbone.topology} is causal; masked places are "
                "filled by one that reads both ways (topology Bidirectional)"
            )
        self.model = model.eval()
        self.counters = Counters()

    @property
    def vocab_size(self) -> int:
        """Ids that it can write: all but the mask."""
        return self.model.vocab_size - 1

    @property
    def layers(self) -> int:
        """Blocks."""
        layers: int = self.model.config.backbone.layers
        return layers

    @torch.no_grad()
    def read(
        self, ids: Array, places: Sequence[int] | Array, cache: KeyValueCache | None = None
    ) -> NDArray[np.float32]:
        """Logits of ids at places of a table.

        Args:
            ids: shape (batch, length), `HIDDEN` where masked.
            places: columns to compute, which are all columns where there is no cache; with one,
                the others are seen as it holds them.
            cache: of other columns; it takes these up.

        Returns:
            Shape (batch, places, ids that can be written).
        """
        at = np.asarray(places)
        table = torch.from_numpy(np.where(ids < 0, self.vocab_size, ids)[:, at])
        reading: dict[str, Any] = {}
        if cache is not None:
            reading = {
                "cache": cache,
                "positions": torch.from_numpy(at)[None].to(self.model.device),
            }
        logits = self.model(table.to(self.model.device), **reading)[..., : self.vocab_size]
        keys = len(at) if cache is None else cache.length
        batch = len(ids)
        self.counters.add(
            positions=batch * len(at),
            depth=self.layers,
            flops=self.model.config.flops(len(at), keys, batch=batch),
        )
        found: NDArray[np.float32] = logits.float().cpu().numpy()
        return found
