"""The whole transformer against transformers' own models on the same weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from tokenry.errors import PartError  # noqa: E402
from tokenry.neural import Backbone, Transformer  # noqa: E402
from tokenry.neural.blocks.pre_norm import PreNorm  # noqa: E402
from tokenry.neural.embeddings.rows import TokenRows  # noqa: E402
from tokenry.neural.feedforwards.swiglu import SwiGlu  # noqa: E402
from tokenry.neural.heads.free import FreeRows  # noqa: E402
from tokenry.neural.mixers.grouped_query import GroupedQuery  # noqa: E402
from tokenry.neural.mixers.multi_head import MultiHead  # noqa: E402
from tokenry.neural.norms.rms import RmsNorm  # noqa: E402
from tokenry.neural.positions.learned import Learned  # noqa: E402
from tokenry.neural.positions.rotary import Rotary  # noqa: E402
from tokenry.neural.topologies.window import SlidingWindow  # noqa: E402

IDS = torch.randint(0, 50, (2, 24), generator=torch.Generator().manual_seed(0))

LLAMA = {
    "embedding.rows": "model.embed_tokens",
    "mixer_norm": "input_layernorm",
    "feedforward_norm": "post_attention_layernorm",
    "mixer.queries": "self_attn.q_proj",
    "mixer.keys": "self_attn.k_proj",
    "mixer.values": "self_attn.v_proj",
    "mixer.out": "self_attn.o_proj",
    "feedforward.gate": "mlp.gate_proj",
    "feedforward.up": "mlp.up_proj",
    "feedforward.down": "mlp.down_proj",
    "backbone.blocks": "model.layers",
    "backbone.last": "model.norm",
    "head.rows": "lm_head",
}


def llama_like(window: int | None = None) -> tuple[Transformer, Any]:
    """Grouped queries, SwiGLU, RMS norms, free rows; Mistral where there is a window."""
    sizes = {
        "vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 48, "rms_norm_eps": 1e-6,
    }  # fmt: skip
    block = PreNorm(
        mixer=GroupedQuery(heads=4, groups=2),
        feedforward=SwiGlu(hidden=48),
        norm=RmsNorm(epsilon=1e-6),
    )
    backbone = Backbone(width=32, layers=2, block=block, positions=Rotary(base=500.0))
    rope = {"rope_parameters": {"rope_type": "default", "rope_theta": 500.0}}
    if window is None:
        config = transformers.LlamaConfig(**sizes, **rope)
        theirs = transformers.LlamaForCausalLM(config)
    else:
        backbone = replace(backbone, topology=SlidingWindow(window=window))
        config = transformers.MistralConfig(**sizes, **rope, sliding_window=window)
        theirs = transformers.MistralForCausalLM(config)
    ours = Transformer(embedding=TokenRows(vocab_size=50), backbone=backbone, head=FreeRows())
    return ours, theirs


def renamed(name: str) -> str:
    for ours, theirs in LLAMA.items():
        name = name.replace(ours, theirs)
    return name


def test_is_llama() -> None:
    check_llama(*llama_like())


def test_is_mistral_with_its_window() -> None:
    check_llama(*llama_like(window=5))


def check_llama(config: Transformer, theirs: Any) -> None:
    weights = theirs.state_dict()
    load(config, theirs, lambda name: weights[renamed(name)])


def test_is_gpt2() -> None:
    theirs = transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=50, bos_token_id=0, eos_token_id=0,
            n_embd=32, n_layer=2, n_head=4, n_positions=24,
            activation_function="gelu",
        )
    )  # fmt: skip
    weights = theirs.state_dict()
    block = PreNorm(mixer=MultiHead(heads=4, bias=True))
    config = Transformer(
        embedding=TokenRows(vocab_size=50),
        backbone=Backbone(width=32, layers=2, block=block, positions=Learned(context=24)),
    )

    def find(name: str) -> Any:
        for ours, their in {
            "embedding.rows": "transformer.wte", "backbone.positions.rows": "transformer.wpe",
            "backbone.blocks": "transformer.h", "backbone.last": "transformer.ln_f",
            "mixer_norm": "ln_1", "feedforward_norm": "ln_2", "mixer.out": "attn.c_proj",
            "feedforward.wide": "mlp.c_fc", "feedforward.narrow": "mlp.c_proj",
        }.items():  # fmt: skip
            name = name.replace(ours, their)
        for part, letter in enumerate(("queries", "keys", "values")):
            if f"mixer.{letter}" in name:
                fused = weights[name.replace(f"mixer.{letter}", "attn.c_attn")]
                return fused.chunk(3, dim=-1)[part].t()
        return weights[name].t() if ".c_" in name else weights[name]

    load(config, theirs, find)


def load(config: Transformer, theirs: Any, find: Callable[[str], Any]) -> None:
    """Give our model their weights, made large, and compare at every place."""
    theirs = theirs.eval()
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.mul_(5 if parameter.dim() > 1 else 1)
    model = config.build().eval()
    model.load_state_dict({name: find(name) for name in model.state_dict()})
    with torch.no_grad():
        expected, found = theirs(IDS).logits, model(IDS)
        torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)
        cache = model.new_cache()
        pieces = [model(IDS[:, a : a + 6], cache=cache) for a in range(0, 24, 6)]
        torch.testing.assert_close(torch.cat(pieces, 1), expected, atol=1e-4, rtol=1e-4)


def test_sizes_that_do_not_divide_are_refused() -> None:
    config = Transformer.small(10, width=30, heads=4)
    with pytest.raises(PartError, match="does not fit a width of 30"):
        config.build()
    with pytest.raises(PartError, match="heads of an even size, not 5"):
        Transformer.small(10, width=20, heads=4).build()(IDS[:, :3] % 10)
    with pytest.raises(PartError, match="no dtype 'float31'"):
        Transformer.small(10).build(dtype="float31")


def test_sliding_window_of_all_is_causal() -> None:
    config = Transformer.small(50, width=16, layers=1)
    wide = replace(config, backbone=replace(config.backbone, topology=SlidingWindow(window=24)))
    assert torch.allclose(config.build()(IDS), wide.build()(IDS), atol=1e-6)
    assert MultiHead().flops(16, 24, 24) == 4 * 2 * 24 * 16 * 16 + 4 * 24 * 24 * 16
