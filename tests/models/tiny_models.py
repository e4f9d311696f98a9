"""Tiny models of every kind that can be read as a causal model; wide weights tell ids apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import transformers

from tokenry.models import Enumerable
from tokenry.neural import Backbone, Transformer
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.embeddings.rows import TokenRows
from tokenry.neural.initialisers.normal import Normal
from tokenry.neural.mixers.grouped_query import GroupedQuery
from tokenry.neural.positions.learned import Learned
from tokenry.neural.topologies.both import Both
from tokenry.neural.topologies.causal import Causal
from tokenry.neural.topologies.window import SlidingWindow

VOCAB, WIDTH, LAYERS, CONTEXT = 23, 32, 3, 64


def small(**backbone: Any) -> Any:
    config = Transformer(
        embedding=TokenRows(vocab_size=VOCAB),
        backbone=Backbone(width=WIDTH, layers=LAYERS, **backbone),
        initialiser=Normal(spread=0.3),
    )
    return config.build(seed=1, dtype="float64")


def of_transformers(kind: str, **config: Any) -> Any:
    """A model with random weights, in float64."""
    settings = {
        "vocab_size": VOCAB,
        "hidden_size": WIDTH,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": 4,
        "intermediate_size": 48,
        "max_position_embeddings": CONTEXT,
        "initializer_range": 0.3,
        "bos_token_id": 0,
        "eos_token_id": 1,
        "pad_token_id": None,
        **config,
    }
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        made = getattr(transformers, f"{kind}Config")(**settings)
        return getattr(transformers, f"{kind}ForCausalLM")(made).double()


def gpt2() -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        config = transformers.GPT2Config(
            vocab_size=VOCAB, n_embd=WIDTH, n_layer=LAYERS, n_head=4, n_positions=CONTEXT,
            initializer_range=0.3, bos_token_id=0, eos_token_id=1,
        )  # fmt: skip
        return transformers.GPT2LMHeadModel(config).double()


GROUPED = {"num_key_value_heads": 2}
MIXED = ["sliding_attention", "full_attention", "sliding_attention"]

EXAMPLES: dict[str, Callable[[], Any]] = {
    "enumerable": lambda: Enumerable.drawn(VOCAB, order=2, seed=1),
    "small": lambda: small(block=PreNorm(mixer=GroupedQuery(heads=4, groups=2))),
    "small, learned positions": lambda: small(positions=Learned(context=CONTEXT)),
    "small, sliding": lambda: small(topology=SlidingWindow(window=4)),
    "small, both": lambda: small(topology=Both(first=Causal(), second=SlidingWindow(window=4))),
    "transformers, llama": lambda: of_transformers("Llama", **GROUPED),
    "transformers, gpt2": gpt2,
    "transformers, gpt-neox": lambda: of_transformers("GPTNeoX"),
    "transformers, opt": lambda: of_transformers(
        "OPT", ffn_dim=48, word_embed_proj_dim=WIDTH, pad_token_id=1
    ),
    "transformers, mistral": lambda: of_transformers("Mistral", sliding_window=4, **GROUPED),
    "transformers, mixtral": lambda: of_transformers(
        "Mixtral",
        num_local_experts=4,
        num_experts_per_tok=2,
        experts_implementation="eager",
        **GROUPED,
    ),
    "transformers, qwen2": lambda: of_transformers("Qwen2", **GROUPED),
    "transformers, qwen3": lambda: of_transformers("Qwen3", head_dim=6, **GROUPED),
    "transformers, gemma2": lambda: of_transformers(
        "Gemma2", head_dim=6, sliding_window=4, layer_types=MIXED, **GROUPED
    ),
    "transformers, gemma3": lambda: of_transformers(
        "Gemma3", head_dim=6, sliding_window=4, layer_types=MIXED, **GROUPED
    ),
    "transformers, phi": lambda: of_transformers("Phi"),
    "transformers, falcon": lambda: of_transformers("Falcon", alibi=False, multi_query=True),
    "transformers, bloom": lambda: of_transformers("Bloom", n_head=4, n_layer=LAYERS),
    "transformers, mamba": lambda: of_transformers("Mamba", state_size=4),
}
"""By the name of the adapter, and what is particular."""

UNCACHED = {"enumerable", "small, both", "transformers, bloom", "transformers, mamba"}
CACHED = [name for name in EXAMPLES if name not in UNCACHED]


@cache
def example(name: str) -> Any:
    """The model of that name; made once, as its weights are not changed."""
    if name == "transformers, gemma3":
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(1)
            config = transformers.Gemma3TextConfig(
                vocab_size=VOCAB, hidden_size=WIDTH, num_hidden_layers=LAYERS,
                num_attention_heads=4, num_key_value_heads=2, head_dim=6, intermediate_size=48,
                max_position_embeddings=CONTEXT, initializer_range=0.3, sliding_window=4,
                layer_types=MIXED, pad_token_id=None, bos_token_id=0, eos_token_id=1,
            )  # fmt: skip
            return transformers.Gemma3ForCausalLM(config).double()
    return EXAMPLES[name]()
