"""Every recipe at the laptop's size: what it keeps of pictures at the bits that it takes."""

from __future__ import annotations

from typing import Final

from experiments.harness.experiment import Cell, Experiment, Findings, Lines, Setting, Table
from experiments.harness.verdicts import Estimate, check
from experiments.signals.codecs import (
    COLUMNS,
    MATTERS,
    Figures,
    PictureCodecs,
    ahead,
    baseline_rows,
    row_of,
)
from tokenry.signals.assembly import Assembly
from tokenry.signals.comparing.compare import KMEANS
from tokenry.signals.comparing.comparison import CodingComparison
from tokenry.signals.recipes.registry import RECIPES

BITS: Final = (64, 128, 192, 256, 320, 384, 512, 640, 768, 1024)  # of baselines
PREFIXES: Final = (0.125, 0.25, 0.5)  # of the tokens, where a codec may keep fewer


def run(setting: Setting) -> Findings:
    """Train every recipe at all seeds, seed by seed, and put the baselines beside them."""
    codecs = PictureCodecs(setting)
    names = setting.pick(list(RECIPES), ["vq", "one-d-piece", "ta-titok"])
    made = {name: RECIPES.load(name).assembly("laptop") for name in names}
    runs: dict[str, list[Figures]] = {name: [] for name in names}
    for seed in setting.seeds:
        for name, each in made.items():
            runs[name].append(codecs.scores(name, each, seed))
    baselines = codecs.baselines(setting.pick(BITS, (64, 128, 192, 256)), formats=None)
    effects = {
        name: effect
        for name, found in runs.items()
        if (effect := _ahead(found, baselines)) is not None
    }
    part = check(
        "Within minutes of training each recipe keeps more of a picture than k-means patches at "
        "the same bits",
        effects,
        matters=MATTERS,
        found="; ".join(f"{name} {each.value:+.2f} dB" for name, each in effects.items()),
    )
    rows = sorted(_rows(codecs, made, runs), key=lambda row: (row[0], row[2]))
    table = Table(
        "Quality at bits a picture",
        ("way", "setting", *COLUMNS.values()),
        (*rows, *baseline_rows(baselines)),
        note=f"{codecs.sample()} {_reference(baselines)}",
        lines=Lines(by="way", x=COLUMNS["bits_per_item"], y=COLUMNS["psnr"]),
    )
    return Findings((table,), (part,), (*NOTES, codecs.note()))


def _ahead(runs: list[Figures], baselines: CodingComparison) -> Estimate | None:
    """Of k-means patches, in dB; None where these do not come to as many bits."""
    floor = baselines.at(KMEANS, runs[0]["bits_per_item"], "psnr")
    return None if floor is None else ahead(runs, floor)


def _rows(
    codecs: PictureCodecs,
    made: dict[str, Assembly],
    runs: dict[str, list[Figures]],
) -> list[tuple[Cell, ...]]:
    """Of each recipe, and of its prefixes where it may keep fewer tokens."""
    rows: list[tuple[Cell, ...]] = []
    for name, each in made.items():
        first, *figures = row_of(name, runs[name])
        rows.append((first, f"{each.tokens} tokens", *figures))
        if not (each.length.prefix and each.length.variable):
            continue
        for share in PREFIXES:
            tokens = max(1, round(share * each.tokens))
            found = codecs.at_seeds(name, each, tokens=tokens)
            rows.append((name, f"{tokens} tokens", *row_of(name, found)[1:]))
    return rows


def _reference(baselines: CodingComparison) -> str:
    """What the figures of the local classifier are to be held against."""
    said = f"Classifier {baselines.classifier[:8]}"
    if baselines.accuracy is not None:
        said += f": accuracy {baselines.accuracy:.3f} on the originals"
    if baselines.floor is not None:
        said += f"; FD-local of other real pictures {baselines.floor:.3g}"
    return f"{said}."


NOTES: Final = (
    "A recipe that does not pass k-means patches has not been trained enough to be judged: its "
    "effect stands without an interval, which decides nothing.",
    "PSNR is what training with the squared error makes best. Recipes whose codes are to say what "
    "a picture shows (SEED, LaVIT, VL-GPT, ILLUME, VistaLLM, ETT) are not made for it; accuracy "
    "of the classifier on what they draw is nearer to their aim.",
    "Recipes that take more bits than k-means patches of 12 bits (768) have no effect here: their "
    "vectors are no codes, and count 16 bits a number.",
    "All see the same number of pictures, in batches of their own; seconds of training are in the "
    "table.",
)

EXPERIMENT = Experiment(
    name="Rate and distortion of all recipes",
    claim="Learned tokenizers of images keep more of a picture than classical coding of its "
    "patches at the same bits.",
    scale="Papers: 256 pixels, days of several GPUs. Here: pictures of 32 pixels, laptop sizes, "
    "8,000 pictures seen, 3 seeds.",
    baseline="K-means patches of 4 x 4 pixels, JPEG, WebP and JPEG XL at the same bits, with and "
    "without the header that all pictures share.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
