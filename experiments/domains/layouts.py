"""S126: boxes drawn under constraints, against the same model drawing freely.

A small model reads which elements are wanted and the size of the page, and draws the elements, an
id at a time. Under constraints only ids are drawn that begin a page with exactly these elements,
each box within the page and off the others; freely, what comes. Both are judged by the same
measures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.domains.pages import (
    FOLDER,
    Boxes,
    Page,
    PageConstraint,
    PageIds,
    draw,
    misalignment,
    overlap,
    pages,
)
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check, check_bounded, fact

WAYS: Final = ("constrained", "free")
COVERED: Final = 0.05  # of a box: what would matter
ASKEW: Final = 0.3  # percent of the page
MATTERS: Final = 0.02


@dataclass(frozen=True)
class Drawn:
    """What was drawn in one way with one seed.

    Attributes:
        valid: the share of outputs that are pages.
        wanted: the share that has exactly the elements that were asked for.
        within: the share of boxes that stay within their pages, of valid outputs.
        overlap, misalignment: means of the valid outputs.
    """

    valid: float
    wanted: float
    within: float
    overlap: float
    misalignment: float


def run(setting: Setting) -> Findings:
    """Train with every seed, draw in both ways for the same requests."""
    learnt, held = pages(setting.data, setting.pick(10**6, 60))
    held = held[: setting.pick(160, 8)]
    ids = PageIds(learnt)
    found: dict[str, list[Drawn]] = {way: [] for way in WAYS}
    for seed in setting.seeds:
        setting.tell(f"model {seed}, {len(learnt)} pages to learn from")
        _draw(setting, ids, learnt, held, seed, found)
    real = _judged(held, [(page.labels, page.boxes) for page in held])
    notes = (
        f"{len(learnt)} pages of documentation, as Chromium lays them out in three windows, to "
        f"learn from; {len(held)} requests of pages held out: their elements from the top, and "
        "their size. Both ways draw from the same model at temperature 1.",
        "PosterLLaVa asks a language model of 7 billion parameters for JSON in words; here pages "
        "are marks and bins, and the grammar is a `Constraint` over ids.",
    )
    return Findings((_table(found, real),), checks_of(found), notes)


def _draw(
    setting: Setting,
    ids: PageIds,
    learnt: list[Page],
    held: list[Page],
    seed: int,
    found: dict[str, list[Drawn]],
) -> None:
    from tokenry.neural.recipes.answers import train_answers
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = setting.pick(
        Shape(width=64, layers=3, context=128), Shape(width=16, layers=1, heads=2, context=128)
    )
    halves = [ids.halves(page) for page in learnt]
    model = train_answers(
        [
            np.concatenate([_asked(ids, page), head])
            for page, (head, _) in zip(learnt, halves, strict=True)
        ],
        [body for _, body in halves],
        ids.tokenizer.n_vocab,
        shape=shape,
        passes=Passes(passes=setting.pick(12, 1), rate=3e-3, batch=32),
        seed=seed,
    )
    heads = [ids.halves(page)[0] for page in held]
    prompts = [
        np.concatenate([_asked(ids, page), head]) for page, head in zip(held, heads, strict=True)
    ]
    constraints = [PageConstraint(ids, page.labels, apart=True) for page in held]
    for way, given in zip(WAYS, (constraints, None), strict=True):
        rows = draw(model, prompts, given, seed)
        made = [ids.drawn(head, row) for head, row in zip(heads, rows, strict=True)]
        found[way].append(_judged(held, made))


def _asked(ids: PageIds, page: Page) -> np.ndarray:
    return ids.plan("; ".join(page.labels))


def _judged(held: list[Page], made: list[tuple[tuple[str, ...], Boxes] | None]) -> Drawn:
    valid = [each for each in made if each is not None]
    wanted = [
        each is not None and each[0] == page.labels for page, each in zip(held, made, strict=True)
    ]
    ends = [box[:2] + box[2:] for _, boxes in valid for box in boxes]
    return Drawn(
        len(valid) / len(made),
        float(np.mean(wanted)),
        float(np.mean([bool((end <= 1 + 1e-9).all()) for end in ends])) if ends else 0.0,
        _mean(overlap, valid),
        _mean(misalignment, valid),
    )


def _mean(measure: Callable[[Boxes], float], of: list[tuple[tuple[str, ...], Boxes]]) -> float:
    return float(np.mean([measure(boxes) for _, boxes in of])) if of else 0.0


def checks_of(found: dict[str, list[Drawn]]) -> tuple[Check, ...]:
    """The parts of the claim."""
    ours, free = found["constrained"], found["free"]
    valid = min(each.valid for each in ours)
    wanted = over_seeds([a.wanted - b.wanted for a, b in zip(ours, free, strict=True)])
    covered = over_seeds([b.overlap - a.overlap for a, b in zip(ours, free, strict=True)])
    askew = over_seeds([a.misalignment - b.misalignment for a, b in zip(ours, free, strict=True)])
    return (
        fact(
            "all that is drawn under constraints is a page of the grammar",
            f"{valid:.1%} at the worst seed; freely {min(each.valid for each in free):.1%}",
            holds=valid == 1,
        ),
        check(
            "more of it has exactly the elements that were asked for",
            wanted,
            matters=MATTERS,
            found=f"{wanted:.1%} more than freely",
        ),
        check(
            "boxes cover each other less than when drawn freely",
            covered,
            matters=COVERED,
            found=f"{covered:.3f} of a box less",
        ),
        check_bounded(
            "boxes are no less aligned than when drawn freely",
            askew,
            ASKEW,
            found=f"{askew:.2f}% of the page further apart",
        ),
    )


def _table(found: dict[str, list[Drawn]], real: Drawn) -> Table:
    rows: list[tuple[str | float, ...]] = [
        (name, *(round(float(np.nanmean([getattr(e, f) for e in each])), 4) for f in _FIELDS))
        for name, each in [*found.items(), ("real pages", [real])]
    ]
    columns = ("way", "valid", "as asked", "within the page", "overlap", "misalignment %")
    return Table("Pages drawn in two ways", columns, tuple(rows), "Mean of the seeds.")


_FIELDS: Final = ("valid", "wanted", "within", "overlap", "misalignment")

EXPERIMENT = Experiment(
    name="PosterLLaVA",
    claim="A language model over a structured form of layouts draws boxes under constraints: every "
    "output is a layout, with the elements that were asked for, with less overlap and as well "
    "aligned as without constraints.",
    scale="paper: LLaVA of 7 billion parameters on posters, banners and documents; here: a "
    "transformer of 0.2 million parameters on layouts of web pages, six seeds",
    baseline="the same model drawing freely, for the same requests",
    needs=(FOLDER,),
    run=run,
    seeds=6,
)
