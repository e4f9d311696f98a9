"""S027: points of a mask's outline where it turns, against points at even steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of
from experiments.harness.verdicts import Baseline, Estimate, check
from tokenry.signals.pictures import read_pictures
from tokenry.signals.serialising.outlines import OutlineTokens, overlap

POINTS: Final = (16, 32)
WEIGHTS: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
BINS: Final = 1000
MATTERS: Final = 0.005  # of the intersection over union
LEVELS: Final = (0.25, 0.4, 0.6, 0.75)  # shares of the pixels below the threshold
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PhotoMasks:
    """Masks of one photograph."""

    name: str
    masks: tuple[Mask, ...]


def run(setting: Setting) -> Findings:
    """Choose the weight of turning on two photographs, score it on fourteen others."""
    limit = setting.pick(24, 2)
    chosen_on = list(_photos("scikit-learn", limit, setting.draw))
    scored_on = list(_photos("scikit-image", limit, setting.draw))
    if setting.size == "small":
        scored_on = scored_on[:3]
    rows, effects, baselines = [], {}, []
    for points in POINTS:
        setting.tell(f"{points} points")
        weight = max(WEIGHTS, key=lambda each: _score(chosen_on, points, each).mean())
        even, turned = (_score(scored_on, points, each) for each in (0.0, weight))
        effects[f"{points} points"] = mean_of(turned - even)
        baselines.append(float(even.mean()))
        rows.append(
            (points, weight, float(even.mean()), float(turned.mean()), _share(turned > even))
        )
    table = Table(
        "Intersection over union of a mask and its points",
        ("points", "weight of turning", "even steps", "by turning", "photographs that gain"),
        tuple(rows),
        note=f"{sum(len(each.masks) for each in scored_on)} masks of {len(scored_on)} photographs "
        f"of scikit-image; the weight was chosen on {sum(len(e.masks) for e in chosen_on)} masks "
        f"of scikit-learn's. Coordinates are in {BINS} bins.",
    )
    part = check(
        "With as many points, sampling by how the outline turns keeps more of a mask than even "
        "steps",
        effects,
        matters=MATTERS,
        baseline=Baseline(min(baselines), ceiling=1.0),
        found=_found(effects),
    )
    return Findings(
        (table,),
        (part,),
        (
            "Masks are the parts of photographs between thresholds, not objects that people "
            "marked; intervals are over photographs.",
            "How far apart turning is measured was set on scikit-learn's photographs, after a "
            "fixed six corners had given +0.003 with 16 points here, undecided.",
            "The model that reads instructions and writes such rows was not trained here.",
        ),
    )


def _photos(source: str, limit: int, draw: int) -> Iterator[PhotoMasks]:
    """Masks of each photograph that has some; a second draw takes the others."""
    for picture in read_pictures(source):
        grey = picture.pixels.astype(np.float64).mean(axis=2)
        masks = list(_parts(grey[:512, :512]))[draw::2][:limit]
        if masks:
            yield PhotoMasks(picture.name, tuple(masks))


def _parts(grey: Floats) -> Iterator[Mask]:
    """Connected parts of a smoothed picture below and above thresholds, largest first."""
    smooth = ndimage.gaussian_filter(grey, 2.0)
    for level in LEVELS:
        below: Any = smooth < np.quantile(smooth, level)
        for inside in (below, ~below):
            labels, count = ndimage.label(inside)
            sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
            for number in np.argsort(-sizes)[:6].tolist():
                if 400 <= sizes[number] <= 0.25 * grey.size:
                    box = ndimage.find_objects(labels)[number]
                    yield np.pad((labels == number + 1)[box], 2)


def _score(photos: list[PhotoMasks], points: int, weight: float) -> Floats:
    """The mean overlap of the masks of each photograph."""
    tokens = OutlineTokens(points=points, bins=BINS, turning=weight)

    def kept(mask: Mask) -> float:
        return overlap(mask, tokens.mask(tokens.codes(mask), (mask.shape[0], mask.shape[1])))

    return np.array([np.mean([kept(mask) for mask in photo.masks]) for photo in photos])


def _share(gains: NDArray[np.bool_]) -> float:
    return float(gains.mean())


def _found(effects: dict[str, Estimate]) -> str:
    return "; ".join(
        f"{name}: {each.value:+.4f} ({each.low:+.4f} to {each.high:+.4f})"
        for name, each in effects.items()
    )


EXPERIMENT = Experiment(
    name="VistaLLM",
    claim="Points of a mask's outline that are sampled by its gradient, more where it turns, keep "
    "more of the mask than as many points at even steps.",
    scale="The paper: masks of COCO and others, 32 points, a 7B model that writes them. Here: "
    "parts of photographs of scikit-image between thresholds, 16 and 32 points, no model.",
    baseline="As many points at even steps of the same outline, in the same bins.",
    needs=(),
    run=run,
    seeds=1,
)
