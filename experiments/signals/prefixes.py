"""S093: the first tokens of a codec that learnt to lose the last, against those of one that not."""

from __future__ import annotations

from typing import Final

from experiments.harness.experiment import Experiment, Findings, Lines, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Estimate, check, check_bounded
from experiments.signals.arms import NOTES
from experiments.signals.codecs import (
    COLUMNS,
    MATTERS,
    PictureCodecs,
    baseline_rows,
    judged,
    k_means_at,
    psnr_of,
    row_of,
)
from tokenry.signals.recipes.one_d_piece import ONE_D_PIECE
from tokenry.signals.recipes.titok import ONE_STAGE

KEPT: Final = (4, 8, 16, 32)
LOST: Final = 0.5  # dB of all tokens


def run(setting: Setting) -> Findings:
    """Train both at all seeds, and decode their first tokens."""
    codecs = PictureCodecs(setting)
    ways = {"titok": ONE_STAGE.assembly(), "one-d-piece": ONE_D_PIECE.assembly()}
    runs = {
        (name, kept): codecs.at_seeds(name, each, tokens=kept)
        for name, each in ways.items()
        for kept in KEPT
    }
    baselines = codecs.baselines((64, 128, 256))
    floor = k_means_at(baselines, 256)
    whole = [runs[name, KEPT[-1]] for name in ways]

    def gained(kept: int) -> Estimate:
        plain, dropped = (psnr_of(runs[name, kept]) for name in ways)
        return judged(over_seeds(dropped - plain), whole, floor)

    shorter = {f"{kept} of {KEPT[-1]} tokens": gained(kept) for kept in KEPT[:-1]}
    lost = -gained(KEPT[-1])
    parts = (
        check(
            "The first tokens of a codec that learnt to lose the last keep more than those of one "
            "that did not",
            shorter,
            matters=MATTERS,
            found="; ".join(f"{name}: {each:+.2f} dB" for name, each in shorter.items()),
        ),
        check_bounded(
            f"With all tokens it loses at most {LOST} dB",
            {"all tokens": lost},
            LOST,
            found=f"lost {lost:.2f} dB",
        ),
    )
    table = Table(
        "The first tokens alone",
        ("codec", "tokens", *COLUMNS.values()),
        tuple((name, kept, *row_of(name, each)[1:]) for (name, kept), each in runs.items())
        + tuple(baseline_rows(baselines)),
        note=codecs.sample(),
        lines=Lines("codec", COLUMNS["bits_per_item"], COLUMNS["psnr"]),
    )
    return Findings((table,), parts, (*NOTES, codecs.note()))


EXPERIMENT = Experiment(
    name="One-D-Piece",
    claim="With last tokens dropped in training, an image can be cut off at any token: quality "
    "falls slowly, and all tokens are hardly worse (the paper: rFID 1.48 at 128 of 256 tokens).",
    scale="The paper: ImageNet at 256 pixels, 256 tokens of 4096 codes. Here: pictures of 32 "
    "pixels, 32 tokens of 256 codes, 8,000 pictures seen, 3 seeds.",
    baseline="TiTok in the same sizes, cut off as it is; k-means patches at the same bits.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
