"""Tiny random checkpoints of several architectures, saved with the tokenizer that they know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers

from tokenry.tokenizer import Tokenizer

WIDTH = 16
COMMON: dict[str, Any] = {
    "hidden_size": WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 64,
    "initializer_range": 0.3,
}
KINDS = ("llama", "llama, untied", "gpt2", "bert", "roberta", "opt", "gemma3", "phi, bias", "qwen2")


def _model(kind: str, rows: int, specials: dict[str, Any]) -> Any:
    name, _, rest = kind.partition(", ")
    sizes = {**COMMON, "vocab_size": rows, **specials}
    if name == "gpt2":
        del sizes["hidden_size"], sizes["num_hidden_layers"], sizes["num_attention_heads"]
        config = transformers.GPT2Config(n_embd=WIDTH, n_layer=2, n_head=2, **sizes)
        return transformers.GPT2LMHeadModel(config)
    if name == "bert":
        return transformers.BertForMaskedLM(transformers.BertConfig(**sizes))
    if name == "roberta":
        return transformers.RobertaForMaskedLM(transformers.RobertaConfig(**sizes))
    if name == "opt":
        more = {"ffn_dim": 24, "word_embed_proj_dim": WIDTH}
        return transformers.OPTForCausalLM(transformers.OPTConfig(**sizes, **more))
    if name == "gemma3":
        more = {"num_key_value_heads": 1, "head_dim": 8, "layer_types": ["full_attention"] * 2}
        config = transformers.Gemma3TextConfig(**sizes, **more)
        return transformers.Gemma3ForCausalLM(config)
    made = {"llama": "Llama", "phi": "Phi", "qwen2": "Qwen2"}[name]
    if made == "Qwen2":
        sizes["num_key_value_heads"] = 1
    tied = {"tie_word_embeddings": rest not in ("untied", "bias")}
    config = getattr(transformers, f"{made}Config")(**sizes, **tied)
    return getattr(transformers, f"{made}ForCausalLM")(config)


def save_model(
    folder: Path,
    tokenizer: Tokenizer,
    kind: str = "llama",
    *,
    rows: int | None = None,
    dtype: str = "float32",
    shard: str = "50GB",
    **specials: Any,
) -> Path:
    """Write a random model with ``rows`` rows; biases of logits are not zero."""
    end = tokenizer.token_to_id("<|endoftext|>")
    pad = tokenizer.token_to_id("<|pad|>") if kind in ("roberta", "opt") else None
    ids = {"bos_token_id": end, "eos_token_id": end, "pad_token_id": pad, **specials}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        model = _model(kind, rows or len(tokenizer), ids)
        for name, parameter in model.named_parameters():
            if parameter.ndim == 1 and len(parameter) == (rows or len(tokenizer)):
                torch.nn.init.normal_(parameter, std=1.0)
                assert "bias" in name
    model.to(getattr(torch, dtype)).save_pretrained(folder, max_shard_size=shard)
    tokenizer.configured(eos="<|endoftext|>").save(folder)
    return folder


def opened(folder: Path) -> Any:
    """A causal or masked model of a folder, in float32."""
    name = __import__("json").loads((folder / "config.json").read_bytes())["architectures"][0]
    model, report = getattr(transformers, name).from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True
    )
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    assert not report["mismatched_keys"]
    return model.eval()


def logits(model: Any, ids: list[int]) -> torch.Tensor:
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids])).logits[0]
