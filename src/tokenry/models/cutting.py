"""A small model cut from a large one: its first blocks, with the last norm and the head.

It has the large one's ids and so can draft for it. Cut alone it is hardly ever right; trained for
a few minutes (`tokenry.transfer.heal`) it is right often enough to save calls.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from torch import nn
from transformers import AutoModelForCausalLM

from tokenry.errors import ModelError
from tokenry.files import writing_folder
from tokenry.models.transformers_model import TransformersNetwork, blocks_of

WEIGHTS = (".safetensors", ".bin", ".index.json")


def first_blocks(model: str | os.PathLike[str], count: int, out: str | os.PathLike[str]) -> Path:
    """Write a folder with the first blocks of a model, and the files of its tokenizer.

    Args:
        model: the folder of a causal model of transformers.
        count: blocks that are kept, fewer than there are.
        out: a folder that does not exist.

    Raises:
        ModelError: no causal model, or no such number of blocks.
        FileExistsError: ``out`` exists.
    """
    if Path(out).exists():
        raise FileExistsError(f"{out} exists already; give another folder")
    whole = AutoModelForCausalLM.from_pretrained(model, dtype="auto", local_files_only=True)
    network = TransformersNetwork(whole)
    if not 1 <= count < network.layers:
        raise ModelError(f"count={count}, expected 1 to {network.layers - 1} of its blocks")
    blocks, parent, name = blocks_of(whole.base_model, network.layers)
    setattr(parent, name, nn.ModuleList(blocks[:count]))
    network.config.num_hidden_layers = count
    if getattr(network.config, "layer_types", None):
        network.config.layer_types = network.config.layer_types[:count]
    with writing_folder(out) as new:
        for path in Path(model).iterdir():
            if path.is_file() and not path.name.endswith(WEIGHTS):
                shutil.copyfile(path, new / path.name)
        whole.save_pretrained(new)
    return Path(out)
