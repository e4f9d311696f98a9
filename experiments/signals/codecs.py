"""Codecs of pictures that experiments train, each once, and what they keep of other pictures.

Experiments with one recipe at one seed share its codec, which is kept by its slots and seed: all
see equally many pictures. Settings of recipes were chosen on pictures of ``train/`` that were left
out; scored is ``test/``.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.harness.experiment import Setting
from experiments.harness.intervals import over_seeds
from experiments.harness.kept import Kept
from experiments.harness.verdicts import Estimate
from tokenry.neural.parts import to_json
from tokenry.signals.assembly import Assembly
from tokenry.signals.codec import Codec
from tokenry.signals.comparing.compare import (
    KMEANS,
    PictureJudge,
    baseline_ways,
    coded_by,
    compare,
)
from tokenry.signals.comparing.comparison import CodingComparison
from tokenry.signals.measures.local import LocalClassifier, train_local
from tokenry.signals.measures.measured import measure_pictures
from tokenry.signals.picture_files import facts_of, train_on_album
from tokenry.signals.pictures import Album, open_album
from tokenry.signals.teachers.saved import SavedTeacher
from tokenry.signals.training.run import TRAINING, CodecRun

PICTURES: Final = "pictures/cifar10_small.zip"
SEEN: Final = 8_000  # pictures of a training, again and again: 250 steps of 32
Figures = Mapping[str, float]
COLUMNS: Final = {
    "bits_per_item": "bits a picture",
    "psnr": "PSNR in dB",
    "ssim": "SSIM",
    "lp_local": "LP-local",
    "fd_local": "FD-local",
    "accuracy": "accuracy of the classifier",
    "usage": "use of codes",
    "perplexity": "perplexity",
    "encoded_per_second": "encoded a CPU second",
    "decoded_per_second": "decoded a CPU second",
    "seconds": "CPU seconds of training",
}


MATTERS: Final = 0.1  # dB


class PictureCodecs:
    """Trainings and scores of a run.

    Args:
        setting: of the run.
        seen: pictures that each training sees at full size.
    """

    def __init__(self, setting: Setting, seen: int = SEEN) -> None:
        self._setting, self._seen = setting, seen
        self._kept = Kept(setting, "picture_codecs", seen)

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

    @cached_property
    def classifier(self) -> LocalClassifier:
        """What FD-local, LP-local and accuracy are measured by, of the same pictures."""
        return LocalClassifier.load(self._classifier("classifier", 0))

    @property
    def teacher(self) -> SavedTeacher:
        """Another classifier of the same pictures and classes, for codecs to learn from."""
        folder = self._classifier("teacher", 1)
        return SavedTeacher(folder=str(folder), classes=len(self.learnt.classes))

    def _classifier(self, key: str, seed: int) -> Path:
        folder, steps = self._kept.training(key), self._setting.pick(600, 2)

        def make() -> str:
            return str(train_local(self.learnt, steps=steps, seed=seed).save(folder))

        self._kept.once(f"{key}-trained", make)
        return folder

    def codec(self, name: str, assembly: Assembly, seed: int) -> tuple[Codec, float]:
        """A codec of these slots, and the CPU seconds of its training."""
        key = _key(name, assembly, seed)
        folder = self._kept.training(key)
        spent = self._kept.once(f"{key}-trained", self._train, assembly, seed, folder)
        return Codec.load(folder), spent

    def _train(self, assembly: Assembly, seed: int, folder: Path) -> float:
        steps = self._setting.pick(self._seen // assembly.training.batch, 2)
        begin = time.process_time()
        train_on_album(assembly, self.learnt, run=CodecRun(steps=steps, seed=seed), folder=folder)
        shutil.rmtree(folder / TRAINING)  # a finished codec needs none of its checkpoints
        return time.process_time() - begin

    def scores(self, name: str, assembly: Assembly, seed: int, **asked: Any) -> Figures:
        """Figures of a codec, means over the scored pictures, as in `COLUMNS`.

        Args:
            name: of its recipe.
            assembly: its slots.
            seed: of its training.
            asked: ``tokens`` or ``error``, as for `coded_by`.
        """
        said = "".join(f"-{each}-{value:g}" for each, value in asked.items())
        key = f"{_key(name, assembly, seed)}{said}-scores"
        return dict(self._kept.once(key, self._score, name, assembly, seed, asked))

    def _score(self, name: str, assembly: Assembly, seed: int, asked: Figures) -> Figures:
        codec, spent = self.codec(name, assembly, seed)
        facts = facts_of(assembly, self.scored, classes=codec.about.get("classes", ()))
        coded = coded_by(codec, self.scored, facts=facts, **asked)  # type: ignore[arg-type]
        found = measure_pictures(self.scored, coded, family=name, classifier=self.classifier)
        return {**found.figures, "seconds": spent}

    def once(
        self, what: str, name: str, assembly: Assembly, seed: int, make: Callable[[Codec], Any]
    ) -> Any:
        """What ``make`` gives of a codec, as JSON, kept beside its scores.

        Args:
            what: a word for it, another one where it is made in another way.
            name: of its recipe.
            assembly: its slots.
            seed: of its training.
            make: of the trained codec.
        """
        key = f"{_key(name, assembly, seed)}-{what}"
        return self._kept.once(key, lambda: make(self.codec(name, assembly, seed)[0]))

    def at_seeds(self, name: str, assembly: Assembly, **asked: Any) -> list[Figures]:
        """Figures of a codec at each seed of the run; arguments as of `scores`."""
        return [self.scores(name, assembly, seed, **asked) for seed in self._setting.seeds]

    def baselines(
        self, bits: Iterable[float], formats: Iterable[str] | None = ()
    ) -> CodingComparison:
        """K-means patches and formats of files at these bits or as near below as they come.

        Args:
            bits: of a picture.
            formats: as for `baseline_ways`; none: k-means alone.
        """
        each = sorted(set(bits))
        judge = PictureJudge(classifier=self.classifier, others=self.learnt)
        ways = baseline_ways(self.learnt, each, formats=formats)
        return compare(ways, self.scored, judge=judge, shown=0)

    def note(self) -> str:
        """What it cost."""
        return self._kept.note()

    def sample(self) -> str:
        """Of how many pictures and seeds figures are."""
        return (
            f"{len(self.scored)} pictures of 32 x 32 pixels that nothing was learnt on; "
            f"{len(self.learnt)} to learn from; means over {len(self._setting.seeds)} seeds."
        )


def _key(name: str, assembly: Assembly, seed: int) -> str:
    slots = hashlib.sha256(repr(to_json(assembly)).encode()).hexdigest()[:8]
    return f"{name}-{slots}-{seed}"


def mean_of_seeds(runs: Sequence[Figures], figure: str) -> float | None:
    """Of a figure that all runs have."""
    found = [run[figure] for run in runs if figure in run]
    return float(np.mean(found)) if found else None


def row_of(name: str, runs: Sequence[Figures]) -> tuple[str | float | None, ...]:
    """Means over seeds: the name, then as `COLUMNS` has them."""
    return (name, *(mean_of_seeds(runs, figure) for figure in COLUMNS))


def psnr_of(runs: Sequence[Figures]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """PSNR of each run."""
    return np.array([run["psnr"] for run in runs])


def baseline_rows(baselines: CodingComparison) -> list[tuple[str | float | None, ...]]:
    """Of each: its name, its setting, then as `COLUMNS` has them."""
    return [
        (each.family, each.setting, *(each.figures.get(figure) for figure in COLUMNS))
        for each in baselines.scores
    ]


def ahead(runs: Sequence[Figures], floor: float) -> Estimate:
    """Of k-means patches, in dB, at whose bits these have ``floor``; as `judged`."""
    return judged(over_seeds(psnr_of(runs) - floor), [runs], floor)


def k_means_at(baselines: CodingComparison, bits: float) -> float:
    """PSNR of k-means patches at as many bits, or the nearest below that were measured."""
    below = [each for each in baselines.of(KMEANS) if each.bits <= bits]
    if not below:
        raise ValueError(f"k-means patches were not measured at {bits:g} bits or fewer")
    return below[-1].figures["psnr"]


def judged(effect: Estimate, arms: Iterable[Sequence[Figures]], floor: float) -> Estimate:
    """The effect; without an interval where an arm was trained too little to beat k-means.

    Args:
        effect: between arms.
        arms: runs of each.
        floor: PSNR of k-means patches at their bits.
    """
    weak = any(psnr_of(runs).mean() <= floor for runs in arms)
    return Estimate(effect.value) if weak else effect
