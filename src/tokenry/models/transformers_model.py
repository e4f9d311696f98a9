"""Causal language models of transformers as causal models, whatever their family.

Keys and values are kept in our cache, which stands in for transformers' own. A pass over rows of
one length without trees leaves the mask to the model; for all others the mask is given, over the
whole row and over its sliding window. Nothing of a model is changed.

Models that keep other things than keys and values (recurrent ones), or that count places for
themselves (ALiBi), are read without a cache.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModelForCausalLM
from transformers.cache_utils import Cache, CacheLayerMixin
from transformers.pytorch_utils import Conv1D

from tokenry.errors import ModelError
from tokenry.models.caching import in_window
from tokenry.models.network import Chunk, Made, Wanted
from tokenry.models.small import mixed, numpy_of
from tokenry.models.state import Array
from tokenry.neural.cache.key_value import KeyValueCache
from tokenry.neural.positions.rotary import Rotary

KINDS = {"full_attention", "sliding_attention"}
MASKED = ("sdpa", "eager")
"""Implementations of attention that take a mask of any form."""
HALVES = ("gemma", "gemma2", "llama", "mistral", "mixtral", "phi3", "qwen2", "qwen3", "smollm3")
"""Families that rotate whole heads by halves, as `Rotary` does, so that their keys can be moved."""


class TransformersNetwork:
    """A `tokenry.models.network.CachingNetwork` over a model of transformers.

    Args:
        model: one with a language-model head; it is put into evaluation mode.

    Raises:
        ModelError: it has no such head, or reads in both directions.
    """

    def __init__(self, model: Any) -> None:
        self.model = model.eval()
        self.config = model.config.get_text_config()
        head = model.get_output_embeddings()
        if head is None or getattr(model.config, "is_encoder_decoder", False):
            raise ModelError(f"{type(model).__name__} is no causal language model")
        self.vocab_size, self.input_rows = (
            len(head.weight),
            len(model.get_input_embeddings().weight),
        )
        self.max_length: int | None = getattr(self.config, "max_position_embeddings", None)
        self.layers: int = self.config.num_hidden_layers
        self._blocks, self._parent, self._name = blocks_of(model.base_model, self.layers)
        self._takes = set(inspect.signature(model.forward).parameters)
        self._weights = [_products(block, self.config) for block in self._blocks]
        around = _products(model.base_model, self.config) - sum(self._weights)
        self._around, self._head = around, head.weight.numel()

    @classmethod
    def open(
        cls, folder: str | os.PathLike[str], *, dtype: str, device: str
    ) -> TransformersNetwork:
        """The model of a folder; nothing is downloaded."""
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, local_files_only=True)
        return cls(model.to(device))

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        found: torch.device = self.model.device
        return found

    @property
    def kinds(self) -> list[str]:
        """What each block's attention reaches over: ``full_attention``, ``sliding_attention``..."""
        given = getattr(self.config, "layer_types", None)
        sliding = getattr(self.config, "sliding_window", None)
        return list(given or ["sliding_attention" if sliding else "full_attention"] * self.layers)

    @property
    def skips(self) -> bool:
        """Whether chosen blocks can be run: where all are of one kind."""
        return len(set(self.kinds)) == 1

    @property
    def why_uncached(self) -> str | None:
        """Why it cannot go on from keys and values."""
        kind = type(self.model).__name__
        others = sorted(set(self.kinds) - KINDS)
        if others or getattr(self.model, "_is_stateful", False):
            return f"{kind} keeps more than keys and values {others or ''}".strip()
        if "position_ids" not in self._takes or getattr(self.config, "alibi", False):
            return f"{kind} counts places for itself, and cannot be told positions"
        implementation = self.config._attn_implementation
        if implementation not in MASKED:
            return f"its attention is {implementation!r}, which takes no mask; load it with 'sdpa'"
        return None

    def new_cache(self) -> KeyValueCache:
        """An empty cache, whose keys can be moved where the family is known to rotate them."""
        rotation = getattr(self.config, "rope_parameters", None) or {}
        if self.config.model_type in HALVES and rotation.get("rope_type") == "default":
            return KeyValueCache(Rotary(base=rotation["rope_theta"]))
        return KeyValueCache(Unmovable())

    @torch.no_grad()
    def read(self, ids: Array, wanted: Wanted) -> Made:
        """Read ids from the beginning; padding behind them is seen by none of them."""
        table = torch.from_numpy(ids).to(self.device)
        return self._made(table, wanted, attention_mask=torch.ones_like(table), use_cache=False)

    @torch.no_grad()
    def go_on(self, chunk: Chunk, cache: KeyValueCache, wanted: Wanted) -> Made:
        """Read ids after a cache."""
        past = cache.length
        cache.begin(chunk.positions, chunk.present)
        layers: list[Any] = [StandIn(cache, index, past) for index in range(self.layers)]
        name = "cache" if "cache" in self._takes else "past_key_values"
        passed = {name: Cache(layers=layers), "position_ids": chunk.positions, "use_cache": True}
        if chunk.mixtures is not None:
            passed["inputs_embeds"] = mixed(chunk.mixtures, self.model.get_input_embeddings())
        return self._made(chunk.ids, wanted, attention_mask=self._mask(chunk, cache), **passed)

    def _mask(self, chunk: Chunk, cache: KeyValueCache) -> Any:
        """None, a mask that is added to scores, or one for each kind of attention."""
        if chunk.seen is None:
            return None
        masks = {"full_attention": chunk.seen}
        if "sliding_attention" in self.kinds:
            near = in_window(chunk.seen, chunk, cache, self.config.sliding_window)
            masks["sliding_attention"] = near
        added = {kind: self._added(masks[kind]) for kind in set(self.kinds)}
        return added if len(added) > 1 else next(iter(added.values()))

    def _added(self, seen: Tensor) -> Tensor:
        kind = self.model.dtype
        hidden = torch.tensor(torch.finfo(kind).min, dtype=kind, device=seen.device)
        return torch.where(seen[:, None], hidden.new_zeros(()), hidden)

    def _made(self, ids: Tensor, wanted: Wanted, **passed: Any) -> Made:
        places = torch.from_numpy(wanted.places).to(ids.device)
        if "logits_to_keep" in self._takes:
            passed["logits_to_keep"] = places
        if wanted.hidden:
            passed["output_hidden_states"] = True
        with self._running(wanted.layers):
            given = {} if "inputs_embeds" in passed else {"input_ids": ids}
            out = self.model(return_dict=True, **given, **passed)
        logits = out.logits if "logits_to_keep" in self._takes else out.logits[:, places]
        return Made(numpy_of(logits), {at: numpy_of(out.hidden_states[at]) for at in wanted.hidden})

    @contextmanager
    def _running(self, layers: Sequence[int] | None) -> Iterator[None]:
        """Let the model see chosen blocks as all that it has, while a pass runs."""
        if layers is None:
            yield
            return
        setattr(self._parent, self._name, nn.ModuleList(self._blocks[at] for at in layers))
        try:
            yield
        finally:
            setattr(self._parent, self._name, self._blocks)

    def flops(self, queries: int, keys: int, heads: int, layers: Sequence[int]) -> int:
        """Of one row: two for each product of weights and of attention.

        Of experts those are counted that a position is sent to.
        """
        count = getattr(self.config, "num_attention_heads", 0)
        size = getattr(self.config, "head_dim", None) or self.config.hidden_size // max(count, 1)
        attention = 2 * count * size * queries * keys * len(layers)
        weights = self._around + sum(self._weights[at] for at in layers)
        total: int = 2 * (queries * weights + attention + heads * self._head)
        return total


@dataclass(frozen=True)
class Unmovable:
    """Positions of which we do not know how keys carry them."""

    movable = False

    def turns(self, at: Tensor, head_size: int) -> None:
        """Not known, and so never asked for."""


class StandIn(CacheLayerMixin):  # type: ignore[misc]
    """What transformers takes for its cache of one block: it hands all to ours.

    Args:
        cache: ours, which has taken up the new places.
        index: of the block.
        past: places before them.
    """

    is_sliding = False

    def __init__(self, cache: KeyValueCache, index: int, past: int) -> None:
        super().__init__()
        self._cache, self._index, self._past = cache, index, past
        self.is_initialized = True

    def lazy_initialization(self, *states: Tensor) -> None:
        """Nothing to prepare."""

    def update(self, keys: Tensor, values: Tensor, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        """Add new keys and values; give all."""
        return self._cache.extend(self._index, keys, values)

    def get_mask_sizes(self, queries: int | Tensor) -> tuple[int, int]:
        """Keys, and the place of the first; before transformers 5.5 it is given their positions."""
        return self._past + (queries if isinstance(queries, int) else len(queries)), 0

    def get_seq_length(self) -> int:
        """Places before this pass."""
        return self._past

    def get_max_length(self) -> int:
        """No limit, as transformers says it."""
        return -1

    get_max_cache_shape = get_max_length  # its older name


def blocks_of(base: nn.Module, count: int) -> tuple[nn.ModuleList, nn.Module, str]:
    """The list of blocks, the module that holds it, and its name there."""
    for parent in base.modules():
        for name, child in parent.named_children():
            if isinstance(child, nn.ModuleList) and len(child) == count:
                return child, parent, name
    raise ModelError(f"{type(base).__name__} has no list of {count} blocks")


def _products(module: nn.Module, config: Any) -> int:
    """Weights that a position is multiplied with, of linear layers and of chosen experts."""
    linear: int = sum(
        m.weight.numel() for m in module.modules() if isinstance(m, nn.Linear | Conv1D)
    )
    count = getattr(config, "num_local_experts", None) or getattr(config, "num_experts", None)
    if not count:
        return linear
    tables = [p for p in module.parameters() if p.ndim == 3 and len(p) == count]
    chosen: int = sum(p.numel() for p in tables) * config.num_experts_per_tok // count
    return linear + chosen
