"""Codecs of pictures that experiments train, each once, and what they keep of other pictures.

Experiments with one recipe at one seed share it: parts are kept by recipe, size and seed. Settings
of recipes were chosen on pictures of ``train/`` that were left out; scored is ``test/``.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Setting
from experiments.harness.kept import Kept
from experiments.harness.verdicts import Estimate
from tokenry.neural.parts import to_json
from tokenry.signals.assembly import Assembly
from tokenry.signals.baselines.patch_kmeans import PatchKMeans
from tokenry.signals.measures.code_use import code_use
from tokenry.signals.measures.fidelity import psnr
from tokenry.signals.measures.structural import ssim
from tokenry.signals.pictures import Album, open_album
from tokenry.signals.training.run import CodecRun, train_codec

PICTURES: Final = "pictures/cifar10_small.zip"
BASELINE: Final = "k-means patches"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CodedTest:
    """What a way of coding keeps of the scored pictures.

    Attributes:
        bits: of a picture.
        psnr: of each picture.
        ssim: their mean.
        usage: share of the codes that occur.
        perplexity: of the codes.
        seconds: CPU time of the training.
    """

    bits: float
    psnr: Floats
    ssim: float
    usage: float
    perplexity: float
    seconds: float


class PictureCodecs:
    """Trainings and scores of a run.

    Args:
        setting: of the run.
        steps: of each training at full size.
    """

    def __init__(self, setting: Setting, steps: int) -> None:
        self._setting, self._steps = setting, setting.pick(steps, 2)
        self._kept = Kept(setting, "picture_codecs", steps)

    @cached_property
    def learnt(self) -> Album:
        """Pictures to learn from."""
        return self._album("train/", self._setting.pick(None, 40))

    @cached_property
    def scored(self) -> Album:
        """Others; a second draw takes every other one of them."""
        found = self._album("test/", self._setting.pick(None, 20))
        return found[self._setting.draw :: self._setting.draw + 1]

    def _album(self, within: str, limit: int | None) -> Album:
        path = self._setting.data.file(PICTURES)
        return open_album([path], size=32, within=within, limit=limit)

    def trained(self, name: str, assembly: Assembly, seed: int) -> CodedTest:
        """What a codec of these slots keeps after its steps."""
        slots = hashlib.sha256(repr(to_json(assembly)).encode()).hexdigest()[:8]
        found = self._kept.once(f"{name}-{slots}-{seed}", self._train, assembly, seed)
        return CodedTest(**{**found, "psnr": np.array(found["psnr"])})

    def _train(self, assembly: Assembly, seed: int) -> dict[str, Any]:
        begin = time.process_time()
        codec = train_codec(
            assembly, self.learnt.pixels, run=CodecRun(steps=self._steps, seed=seed)
        )
        spent = time.process_time() - begin
        codes = codec.encode(self.scored.pixels)
        use = code_use(codes.values, codes.levels)
        return {
            **self._kept_of(codec.decode(codes), float(codes.bits.mean())),
            "usage": use.usage, "perplexity": use.perplexity, "seconds": spent,
        }  # fmt: skip

    def k_means(self, bits: float) -> CodedTest:
        """Patches of 4 x 4 pixels by their nearest centres, at the same bits."""
        found = self._kept.once(f"k-means-{bits:g}", self._k_means, bits)
        return CodedTest(**{**found, "psnr": np.array(found["psnr"])})

    def _k_means(self, bits: float) -> dict[str, Any]:
        begin = time.process_time()
        coder = PatchKMeans.fit(self.learnt, codes=round(2 ** (bits / 64)), patch=4)
        spent = time.process_time() - begin
        codes = coder.codes(self.scored.pixels)
        use = code_use(codes.reshape(-1, 1), coder.levels)
        return {
            **self._kept_of(coder.restored(codes), bits),
            "usage": use.usage, "perplexity": use.perplexity, "seconds": spent,
        }  # fmt: skip

    def _kept_of(self, pixels: NDArray[np.uint8], bits: float) -> dict[str, Any]:
        original = self.scored.pixels
        return {
            "bits": bits,
            "psnr": psnr(original, pixels).round(4).tolist(),
            "ssim": float(ssim(original, pixels).mean()),
        }

    def note(self) -> str:
        """What it cost."""
        return self._kept.note()


def row_of(name: str, runs: Sequence[CodedTest], baseline: CodedTest) -> tuple[str | float, ...]:
    """Means over seeds, as `COLUMNS` has them."""

    def mean(figure: str) -> float:
        return float(np.mean([np.mean(getattr(run, figure)) for run in runs]))

    ahead = mean("psnr") - float(baseline.psnr.mean())
    figures = [mean(each) for each in ("bits", "psnr", "ssim", "usage", "perplexity", "seconds")]
    return (name, *figures[:2], ahead, *figures[2:])


COLUMNS: Final = (
    "codec", "bits a picture", "PSNR in dB", "dB above k-means patches", "SSIM", "use of codes",
    "perplexity", "CPU seconds of training",
)  # fmt: skip


def judged(effect: Estimate, arms: Sequence[Sequence[CodedTest]], baseline: CodedTest) -> Estimate:
    """The effect; without an interval where an arm was trained too little to beat k-means."""
    floor = float(baseline.psnr.mean())
    weak = any(float(np.mean([run.psnr.mean() for run in runs])) <= floor for runs in arms)
    return Estimate(effect.value) if weak else effect
