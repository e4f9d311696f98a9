"""S046: tokens that KARL asks for, against how complex a picture is."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.correlation import spearman
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import crossed
from experiments.harness.verdicts import Estimate, check
from experiments.signals.codecs import PictureCodecs
from tokenry.signals.baselines.jpeg import JpegScan
from tokenry.signals.codec import Codec
from tokenry.signals.comparing.compare import coded_by
from tokenry.signals.measures.fidelity import psnr
from tokenry.signals.pictures import Album
from tokenry.signals.recipes.karl import HALTING

QUALITY: Final = 50  # of the JPEG whose size stands for complexity
SHARES: Final = (0.8, 1.0, 1.2)  # asked errors, in those of all tokens
MATTERS: Final = 0.1  # of a rank correlation
WIDTH: Final = 0.5  # tokens' standard deviation, below which lengths are constant


def run(setting: Setting) -> Findings:
    """Ask each picture for errors near to what all tokens come to."""
    codecs = PictureCodecs(setting)
    assembly = HALTING.assembly()
    trained = [codecs.codec("karl", assembly, seed)[0] for seed in setting.seeds]
    complexity = _complexity(codecs.scored)
    rows, effects = [], {}
    for share in SHARES:
        asked = [_asked(codec, codecs.learnt, share) for codec in trained]
        codes = [
            codec.encode(codecs.scored.pixels, error=error)
            for codec, error in zip(trained, asked, strict=True)
        ]
        lengths = np.array([each.lengths for each in codes], np.float64)
        name = f"{share:g} of the error of all tokens"
        effects[name] = _correlation(lengths, complexity)
        decoded = [codec.decode(each) for codec, each in zip(trained, codes, strict=True)]
        kept = float(np.mean([psnr(codecs.scored.pixels, each).mean() for each in decoded]))
        rows.append(
            (name, float(np.mean(asked)), float(lengths.mean()), float(lengths.std(1).mean()),
             kept, effects[name].value)
        )  # fmt: skip
    table = Table(
        "Tokens that are asked for",
        ("asked", "error asked", "tokens", "their spread", "PSNR in dB", "rank correlation"),
        tuple(rows),
        note=f"{len(complexity)} pictures; complexity is the size of their JPEG of quality "
        f"{QUALITY}; {len(trained)} seeds.",
    )
    part = check(
        "A picture that is more complex is given more tokens",
        effects,
        matters=MATTERS,
        found="; ".join(f"{name}: {each:.2f}" for name, each in effects.items()),
    )
    return Findings((table,), (part,), (*NOTES, codecs.note()))


def _complexity(album: Album) -> NDArray[np.float64]:
    coder = JpegScan(QUALITY, (album.pixels.shape[1], album.pixels.shape[2]))
    return np.array([len(coder.encode(each)) for each in album.pixels], np.float64)


def _asked(codec: Codec, learnt: Album, share: float) -> float:
    """A share of the mean absolute error, of values of -1 to 1, of all tokens on other pictures."""
    some = learnt[:64]
    decoded = coded_by(codec, some).pixels.astype(np.float64)
    return share * float(np.abs(decoded - some.pixels).mean()) / 127.5


def _correlation(lengths: NDArray[np.float64], complexity: NDArray[np.float64]) -> Estimate:
    """Over seeds and pictures; nothing is known where lengths are constant."""
    if (lengths.std(1) < WIDTH).any():
        return Estimate(0.0)
    return crossed(
        lengths.shape,
        lambda seeds, items: float(
            np.mean([spearman(lengths[seed][items], complexity[items]) for seed in seeds])
        ),
    )


NOTES: Final = (
    "Asked errors are shares of what all tokens come to on pictures that were learnt from.",
    "Where a codec gives all pictures as many tokens, nothing is known of an order: undecided.",
)

EXPERIMENT = Experiment(
    name="KARL",
    claim="One pass gives each image as many tokens as its complexity asks for at a given error, "
    "in line with what people find complex.",
    scale="The paper: ImageNet at 256 pixels, at most 256 tokens. Here: pictures of 32 pixels, at "
    "most 32 tokens, 8,000 pictures seen, 3 seeds.",
    baseline="As many tokens for each picture: no correlation.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
