"""S105: one index of a semantic and a pixel vector, against pixels alone and two indexes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import Floats, mean_of_crossed
from experiments.harness.verdicts import check, check_bounded
from experiments.signals.arms import NOTES, Arm, TrainedArms, in_decibels
from experiments.signals.codecs import PictureCodecs
from tokenry.signals.bottlenecks import Bottleneck
from tokenry.signals.bottlenecks.product import Product
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.codec import Codec
from tokenry.signals.distances import CodeDistance
from tokenry.signals.distances.cosine import CosineDistance
from tokenry.signals.distances.joint import JointCosine
from tokenry.signals.measures.probe import LinearProbe, code_vectors
from tokenry.signals.objectives.distillation import Distillation
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.recipe import Vit
from tokenry.signals.recipes.quantizers import rows
from tokenry.signals.recipes.registry import RECIPES
from tokenry.signals.resamplers.branches import ParallelBranches
from tokenry.signals.teachers.saved import SavedTeacher

SEEN: Final = 24_000
HALF: Final = 8  # numbers of each vector
WEIGHT: Final = 0.1  # of what is learnt from the teacher
ACCURACY: Final = 0.02
LOST: Final = 0.5  # dB
PIXELS, SHARED, APART = range(3)


def run(setting: Setting) -> Findings:
    """Train the three arms at all seeds, and probe their codes."""
    codecs = PictureCodecs(setting, SEEN)
    trained = TrainedArms.train(setting, arms(codecs.teacher), codecs)
    right = [_probed(setting, codecs, arm) for arm in trained.arms]
    gained, kept = (
        trained.judged(mean_of_crossed(right[SHARED] - right[other]), SHARED, other)
        for other in (PIXELS, APART)
    )
    lost = -trained.effect(PIXELS, SHARED)
    parts = (
        check(
            "Codes of one index for both tell more of what a picture shows than codes of pixels do",
            {"linear probe": gained},
            matters=ACCURACY,
            found=f"accuracy {gained:+.3f}",
        ),
        check_bounded(
            f"They lose at most {LOST} dB of it", {"PSNR": lost}, LOST, found=f"lost {lost:.2f} dB"
        ),
        in_decibels(
            "One index reconstructs better than two with as many bits together", "PSNR",
            trained.effect(APART, SHARED),
        ),
        check_bounded(
            "And tells no less", {"linear probe": -kept}, ACCURACY,
            found=f"accuracy {kept:+.3f}",
        ),
    )  # fmt: skip
    probes = Table(
        "What codes tell",
        ("codec", "accuracy of a linear probe", "over seeds"),
        tuple(
            (arm.name, float(each.mean()), float(each.mean(1).std()))
            for arm, each in zip(trained.arms, right, strict=True)
        ),
        note=f"Of the vectors of all 16 codes; chance is {1 / len(codecs.learnt.classes):.2f}.",
    )
    table = trained.table("Three ways, 16 tokens of 12 bits")
    return Findings((table, probes), parts, (*NOTES, *OWN, codecs.note()))


def arms(teacher: SavedTeacher) -> list[Arm]:
    """One frame; the first half of a vector is held to the teacher, where there is meaning."""
    pixels = _unit(4096, 2 * HALF, CosineDistance())
    shared = _unit(4096, 2 * HALF, JointCosine(first=HALF))
    apart = Product(parts=(_unit(64, HALF, CosineDistance()),) * 2)
    return [
        _arm("pixels alone", pixels, None),
        _arm("one index for both", shared, teacher),
        _arm("two indexes", apart, teacher),
    ]


def _unit(codes: int, size: int, distance: CodeDistance) -> Vq:
    return replace(rows(codes, size), distance=distance)


def _arm(name: str, bottleneck: Bottleneck, teacher: SavedTeacher | None) -> Arm:
    frame = RECIPES.load("vq").assembly()
    branch = Vit(width=64, layers=1).trunk(frame.tokens)
    encoder = replace(
        frame.encoder,
        resampler=ParallelBranches(trunks=(branch, branch), sizes=(HALF, HALF)),
    )
    training = frame.training
    if teacher is not None:
        objectives = (
            SquaredError(),
            Distillation(weight=WEIGHT, tap="branch-0", to="stage-2", width=branch.width),
            Distillation(weight=WEIGHT, tap="codes", to="stage-2", first=HALF),
        )
        training = replace(training, objectives=objectives, teacher=teacher)
    made = replace(frame, encoder=encoder, bottleneck=bottleneck, training=training)
    return Arm(name, "tokenflow", made)


def _probed(setting: Setting, codecs: PictureCodecs, arm: Arm) -> Floats:
    """Whether a probe finds the label of each scored picture, shape (seeds, pictures)."""

    def right(codec: Codec) -> list[int]:
        learnt, scored = (
            code_vectors(codec, codec.encode(each.pixels))
            for each in (codecs.learnt, codecs.scored)
        )
        probe = LinearProbe.fit(learnt, codecs.learnt.labels, len(codecs.learnt.classes))
        return [int(each) for each in probe(scored) == codecs.scored.labels]

    found = [codecs.once("probe", arm.recipe, arm.assembly, seed, right) for seed in setting.seeds]
    return np.array(found, np.float64)


OWN: Final = (
    "The teacher is a classifier that learnt the labels of the pictures that codecs learn from, "
    "where the paper has CLIP; accuracy and FD-local are measured by another one.",
    "One scale; the paper's residuals over ten scales would take most of these bits for the coarse "
    "ones. Weights of the losses were set before anything was run.",
)

EXPERIMENT = Experiment(
    name="TokenFlow",
    claim="Where a semantic and a pixel vector choose one index by their distances together, codes "
    "serve to understand images as codes of pixels do not, and still reconstruct them (the paper: "
    "7.2% above LLaVA-1.5 13B on average, rFID 0.63 at 384 pixels).",
    scale="The paper: large image sets at 256 and 384 pixels, 32768 codes, CLIP as the teacher. "
    "Here: pictures of 32 pixels, 16 tokens of 12 bits, 24,000 pictures seen, 3 seeds.",
    baseline="One codebook of pixels alone; two codebooks, one for each, with as many bits "
    "together; k-means patches at the same bits.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
