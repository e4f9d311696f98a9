"""Clips of clean speech, for what hears: from moonshine-voice 0.1.5 (MIT), 16-bit wav at 16 kHz."""

from __future__ import annotations

import wave
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenry.files import write_atomically

from .recipe import Recipe, Wheel, write_licence

CLIPS = ("beckett.wav", "two_cities.wav")


def build(wheel: zipfile.ZipFile, folder: Path) -> None:
    """Take the clips and the licence out of the wheel."""
    for name in CLIPS:
        write_atomically(folder / name, wheel.read(f"moonshine_voice/assets/{name}"))
    write_licence(wheel, folder)


def check(folder: Path, models: Path) -> str:
    """That each clip is sound of the expected rate and lasts for seconds."""
    seconds = [len(read(folder / name)) / 16_000 for name in CLIPS]
    assert all(each > 5 for each in seconds), seconds
    return ", ".join(f"{name} {each:.1f} s" for name, each in zip(CLIPS, seconds, strict=True))


def read(path: Path) -> NDArray[np.float32]:
    """The samples of a clip at 16 kHz, between -1 and 1, one channel."""
    with wave.open(str(path)) as sound:
        rate, channels = sound.getframerate(), sound.getnchannels()
        assert sound.getsampwidth() == 2, f"{path} is not of 16 bits"
        whole = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    one = whole.reshape(-1, channels).mean(1) / 32_768
    places = np.arange(len(one) * 16_000 // rate) * rate / 16_000
    samples: NDArray[np.float32] = np.interp(places, np.arange(len(one)), one).astype(np.float32)
    return samples


RECIPE = Recipe(
    name="speech-clips",
    wheel=Wheel(
        project="moonshine-voice",
        version="0.1.5",
        file="moonshine_voice-0.1.5-py3-none-manylinux_2_34_x86_64.whl",
        sha256="1ed9e0ccf94be4845d69e7fa862dcf4c8b5801a758796966494c694f48184496",
        platform="manylinux_2_34_x86_64",
    ),
    version=1,
    build=build,
    check=check,
)
