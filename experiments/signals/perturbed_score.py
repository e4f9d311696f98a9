"""S043: does decoding perturbed codes tell how good pictures are that are generated over them?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import floor, log2
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.correlation import over_groups, spearman
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import Floats
from experiments.harness.kept import source_of
from experiments.harness.verdicts import Baseline, Check, Estimate, check
from experiments.signals.codecs import PictureCodecs, k_means_at
from tokenry.errors import PartError
from tokenry.signals.assembly import Assembly
from tokenry.signals.codec import Codec
from tokenry.signals.codes import Codes
from tokenry.signals.comparing.compare import coded_by
from tokenry.signals.distances.cosine import CosineDistance
from tokenry.signals.generators.autoregressive import NextCodes
from tokenry.signals.generators.run import train_generator
from tokenry.signals.measures.measured import measure_pictures
from tokenry.signals.measures.perturbed import usual_swap
from tokenry.signals.perturbers.neighbours import NeighbourSwap
from tokenry.signals.recipes.quantizers import rows
from tokenry.signals.recipes.registry import RECIPES

PLAIN, PERTURBED, MADE = "fd_local", "pfd_local", "generated"
FIGURES: Final = ("bits_per_item", "psnr", PLAIN, PERTURBED, MADE)
LEAST: Final = 6  # tokenizers
CLAIMED, MATTERS, CLOSER = 0.5, 0.2, 0.1  # of rank correlations
Indices = NDArray[np.int64]
Statistic = Callable[[Indices, Indices], float]
Figures = Mapping[str, float]


def tokenizers() -> dict[str, tuple[str, Assembly]]:
    """By name in the table: the recipe, and slots of 16 tokens that a transformer reads."""
    vq = RECIPES.load("vq")
    fewer = vq.assembly(bits=160)
    unit = replace(rows(1024, fewer.bottleneck.size), distance=CosineDistance())
    robust = replace(fewer.training, perturber=NeighbourSwap(alpha=1.0, beta=0.1, delta=100))
    others = {name: (name, RECIPES.load(name).assembly()) for name in OTHERS}
    return {
        "codebook of 4096": ("vq", vq.assembly()),
        "codebook of 1024": ("vq", fewer),
        "codebook of 1024, perturbed in training": ("vq", replace(fewer, training=robust)),
        "codebook of 1024, unit vectors": ("vq", replace(fewer, bottleneck=unit)),
        "codebook of 256": ("vq", vq.assembly(bits=128)),
        **others,
    }


OTHERS: Final = ("product", "residual", "fsq", "bsq", "t2t")


@dataclass(frozen=True)
class Distances:
    """Fréchet distances of tokenizers, each of shape (tokenizers, seeds).

    Attributes:
        plain: of what codes decode to.
        perturbed: of what perturbed codes decode to.
        made: of what generated codes decode to.
    """

    plain: Floats
    perturbed: Floats
    made: Floats

    @classmethod
    def of(cls, runs: Mapping[str, list[Figures]]) -> Distances:
        """Of the figures of some tokenizers."""
        names = (PLAIN, PERTURBED, MADE)
        return cls(
            *(np.array([[run[name] for run in each] for each in runs.values()]) for name in names)
        )

    def tracked(self, by: Floats, rows: Indices, seeds: Indices) -> float:
        """The rank correlation of means over seeds; NaN where one side is constant."""
        return spearman(by[rows][:, seeds].mean(1), self.made[rows][:, seeds].mean(1))

    def found(self) -> tuple[Estimate, Estimate, Estimate]:
        """The correlation of perturbed and of plain distances, and their difference."""

        def apart(rows: Indices, seeds: Indices) -> float:
            return self.tracked(self.perturbed, rows, seeds) - self.tracked(self.plain, rows, seeds)

        return (
            self._estimate(lambda rows, seeds: self.tracked(self.perturbed, rows, seeds)),
            self._estimate(lambda rows, seeds: self.tracked(self.plain, rows, seeds)),
            self._estimate(apart),
        )

    def _estimate(self, statistic: Statistic) -> Estimate:
        """Over tokenizers and seeds; without an interval where tokenizers are few."""
        groups = len(self.made)
        if groups >= LEAST:
            return over_groups(statistic, *self.made.shape)
        value = statistic(np.arange(groups), np.arange(self.made.shape[1]))
        return Estimate(0.0 if np.isnan(value) else value)


def run(setting: Setting) -> Findings:
    """Train tokenizers, then over the codes of each a generator, at all seeds."""
    codecs = PictureCodecs(setting)
    made = tokenizers()
    made = setting.pick(made, dict(list(made.items())[4:6]))
    runs = {name: _figures(setting, codecs, *each) for name, each in made.items()}
    baselines = codecs.baselines({_below(each.bits) for _, each in made.values()})
    floors = {name: k_means_at(baselines, each.bits) for name, (_, each) in made.items()}
    judged = {
        name: each
        for name, each in runs.items()
        if np.mean([run["psnr"] for run in each]) > floors[name]
    }
    nothing = Estimate(0.0)
    found = Distances.of(judged).found() if judged else (nothing, nothing, nothing)
    table = Table(
        "Distances of tokenizers",
        ("tokenizer", "bits a picture", "PSNR in dB", "dB above k-means patches", "FD-local",
         "pFD-local", "FD-local of generated pictures"),
        tuple(_row(name, each, floors[name]) for name, each in runs.items()),
        note=f"{codecs.sample()} Distances are to the {len(codecs.scored)} real pictures; as many "
        "are generated, with their labels.",
    )  # fmt: skip
    return Findings((table,), _checks(*found, len(judged)), (*NOTES, codecs.note()))


def _below(bits: float) -> float:
    """Bits of k-means patches, 64 of them, that are no more."""
    return 64 * log2(floor(2 ** (bits / 64)))


def _figures(
    setting: Setting, codecs: PictureCodecs, name: str, assembly: Assembly
) -> list[Figures]:
    """Of a tokenizer at each seed."""
    text = hashlib.sha256(source_of(__file__).encode()).hexdigest()[:8]
    return [
        codecs.once(
            f"perturbed-{text}", name, assembly, seed, partial(_measured, setting, codecs, seed)
        )
        for seed in setting.seeds
    ]


def _measured(setting: Setting, codecs: PictureCodecs, seed: int, codec: Codec) -> Figures:
    scored = codecs.scored
    swap = usual_swap(codec.assembly)
    if swap is None:
        raise PartError(f"{codec.assembly.bottleneck} has no near codes")
    coded = coded_by(codec, scored, swap=swap)
    figures = measure_pictures(scored, coded, family="", classifier=codecs.classifier).figures
    decoded = codec.decode(_generated(setting, codecs, codec, seed))
    made = codecs.classifier.fd_local(scored.pixels, decoded)
    return {**{name: figures[name] for name in FIGURES[:-1]}, MADE: made}


def _generated(setting: Setting, codecs: PictureCodecs, codec: Codec, seed: int) -> Codes:
    """Codes of new pictures, one for the label of each scored one."""
    learnt, labels = codecs.learnt, codecs.scored.labels
    levels, tokens = codec.assembly.bottleneck.levels, codec.assembly.tokens
    generator = NextCodes.sized(
        levels, tokens, classes=len(learnt.classes), width=64, layers=2, heads=4
    )
    trained = train_generator(
        generator, codec.encode(learnt.pixels).padded(), learnt.labels,
        steps=setting.pick(400, 2), seed=seed,
    )  # fmt: skip
    drawn = trained.sample(len(labels), labels=labels, seed=seed)
    return Codes.of(list(drawn), levels, tokens)


def _row(name: str, runs: list[Figures], least: float) -> tuple[Cell, ...]:
    bits, psnr, *distances = (float(np.mean([run[each] for run in runs])) for each in FIGURES)
    return (name, bits, psnr, psnr - least, *distances)


def _checks(perturbed: Estimate, plain: Estimate, apart: Estimate, count: int) -> tuple[Check, ...]:
    return (
        check(
            "The distance of perturbed codes ranks tokenizers as pictures do that are generated "
            "over them",
            perturbed,
            claimed=CLAIMED,
            matters=MATTERS,
            found=f"rank correlation {perturbed:+.2f} over {count} tokenizers",
        ),
        check(
            "It ranks them more closely than the distance of reconstructions does",
            apart,
            matters=CLOSER,
            baseline=Baseline(plain.value, ceiling=1.0),
            found=f"{perturbed.value:+.2f} against {plain.value:+.2f}, difference {apart:+.2f}",
        ),
    )


NOTES: Final = (
    f"Tokenizers that do not pass k-means patches at no more bits were trained too little and are "
    f"left out; with fewer than {LEAST} nothing is decided.",
    "Perturbed: half of the tokens of every picture, each by one of the nearest sixteenth of all "
    "codes, 100 at most. That, and the generator's size, was set before anything was run.",
    "Distances are of features of a classifier trained here, and of equally many pictures each, so "
    "that their bias is one.",
)

EXPERIMENT = Experiment(
    name="RobustTok",
    claim="How far pictures of perturbed codes are from real ones (pFID) tells how good pictures "
    "are that a generator makes over a tokenizer; the distance of reconstructions (rFID) does not.",
    scale="The paper: 11 tokenizers of ImageNet at 256 pixels, 2 autoregressive generators. Here: "
    "10 tokenizers of pictures of 32 pixels, 16 tokens of 8 to 12 bits, 8,000 pictures seen, a "
    "transformer of 2 blocks and 400 steps over the codes of each, 3 seeds.",
    baseline="The same distance of reconstructions, nothing perturbed.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
