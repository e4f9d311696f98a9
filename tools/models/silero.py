"""Silero VAD, a small detector of speech, from silero-vad 6.2.3 (MIT).

transformers knows no such model, so the folder brings its code, which is ours. Weights come from
the TorchScript file, and its output is what ours must be; the safetensors file beside it holds
those of an earlier release.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from . import clips
from .recipe import Recipe, Wheel, write_licence

NAMES = {
    "stft_conv.weight": "stft.forward_basis_buffer",
    **{
        f"conv{at + 1}.{kind}": f"encoder.{at}.reparam_conv.{kind}"
        for at in range(4)
        for kind in ("weight", "bias")
    },
    **{
        f"lstm_cell.{kind}_{side}": f"decoder.rnn.{kind}_{side}"
        for kind in ("weight", "bias")
        for side in ("ih", "hh")
    },
    "final_conv.weight": "decoder.decoder.2.weight",
    "final_conv.bias": "decoder.decoder.2.bias",
}


def build(wheel: zipfile.ZipFile, folder: Path) -> None:
    """Write weights, config and code; stop where they differ from what the wheel runs."""
    from torch import jit

    from .modeling_silero_vad import SileroVad, SileroVadConfig

    SileroVadConfig.register_for_auto_class()
    SileroVad.register_for_auto_class("AutoModel")
    source = io.BytesIO(wheel.read("silero_vad/data/silero_vad.jit"))
    script = jit.load(source)  # type: ignore[no-untyped-call]
    found = script._model.state_dict()
    model = SileroVad(SileroVadConfig())
    model.load_state_dict({new: found[old] for new, old in NAMES.items()})
    compare(model, script)
    model.save_pretrained(folder)
    write_licence(wheel, folder)


def compare(model: Any, script: Any) -> None:
    """That ``model`` gives what the wheel's ``script`` gives, on noise that swells."""
    import torch

    draw = np.random.default_rng(0)
    sound = torch.from_numpy(draw.normal(size=16 * 512) * np.linspace(0, 1, 16 * 512)).float()
    with torch.no_grad():
        expected = [float(script(part, 16_000)) for part in sound.reshape(-1, 1, 512)]
        (found,) = model(sound[None]).tolist()
    assert np.allclose(found, expected, atol=1e-4), (found, expected)


def check(folder: Path, models: Path) -> str:
    """That it hears speech where a clip is loud, not in its pauses, nor in noise or silence."""
    import torch
    from transformers import AutoModel

    model = AutoModel.from_pretrained(folder, trust_remote_code=True)
    speech = clips.read(models / clips.RECIPE.name / "beckett.wav")
    speech = speech[: len(speech) // 512 * 512]
    loudness = np.abs(speech).reshape(-1, 512).mean(1)
    noise = np.random.default_rng(0).normal(size=len(speech)).astype(np.float32) / 30
    with torch.no_grad():
        sounds = torch.from_numpy(np.stack([speech, noise, np.zeros_like(speech)]))
        heard, *others = (model(sounds) > 0.5).numpy()
    loud = heard[loudness > np.quantile(loudness, 0.75)].mean()
    quiet = heard[loudness < np.quantile(loudness, 0.25)].mean()
    assert loud > 0.9, loud
    assert max(quiet, *(each.mean() for each in others)) < 0.1, (quiet, others)
    return f"speech in {loud:.0%} of a clip's loud quarter, {quiet:.0%} of its quiet one"


RECIPE = Recipe(
    name="silero-vad",
    wheel=Wheel(
        project="silero-vad",
        version="6.2.3",
        file="silero_vad-6.2.3-py3-none-any.whl",
        sha256="7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8",
    ),
    version=1,
    build=build,
    check=check,
)
