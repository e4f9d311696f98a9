"""The module of a `Transformer`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from tokenry.errors import PartError
from tokenry.neural.cache.key_value import KeyValueCache
from tokenry.neural.stack import Read, Stack
from tokenry.seeds import derived


class Model(nn.Module):
    """Ids to logits in three steps that can be called apart: `embed`, `backbone`, `read`.

    Attributes:
        config: the `Transformer` that it was built from.
        vocab_size: ids that it knows, from 0 on.
    """

    def __init__(self, config: Any, embedding: nn.Module, backbone: Stack, head: nn.Module) -> None:
        super().__init__()
        self.config = config
        self.vocab_size: int = config.embedding.vocab_size
        self.embedding, self.backbone, self.head = embedding, backbone, head

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device

    def new_cache(self) -> KeyValueCache:
        """An empty cache for this model."""
        return self.backbone.new_cache()

    def embed(self, ids: Tensor) -> Tensor:
        """Vectors, shape (batch, length, width), of ids, shape (batch, length)."""
        vectors: Tensor = self.embedding(ids)
        return vectors

    def hidden(self, ids: Tensor, **reading: Any) -> Read:
        """The last vectors of ids, and those between blocks where they are asked for.

        Args:
            ids: shape (batch, length).
            reading: fields of `tokenry.neural.stack.Reading`.
        """
        read: Read = self.backbone(self.embed(ids), **reading)
        return read

    def read(self, hidden: Tensor, present: Tensor | None = None) -> Tensor:
        """Logits of last vectors: (batch, length, vocab_size), or (batch, classes)."""
        logits: Tensor = self.head(hidden, self.embedding, present)
        return logits

    def forward(self, ids: Tensor, **reading: Any) -> Tensor:
        """Logits of ids; arguments as for `hidden`."""
        return self.read(self.hidden(ids, **reading).hidden, reading.get("present"))


def made(
    make: Callable[[], Model], fill: Callable[[Model], None], *, seed: int, dtype: str, device: str
) -> Model:
    """A model with weights by seed; see `Transformer.build`."""
    kind = getattr(torch, dtype, None)
    if not isinstance(kind, torch.dtype):
        raise PartError(f"torch has no dtype {dtype!r}; float32, bfloat16 and float64 are some")
    if device == "meta":
        with torch.device("meta"):
            return make().to(kind)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derived(seed, "weights"))
        model = make()
        fill(model)
    return model.to(device=device, dtype=kind)
