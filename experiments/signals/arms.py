"""Two ways of filling a slot, in one frame at equal bits: what one keeps more than the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from experiments.harness.experiment import Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, Estimate, check
from experiments.signals.codecs import (
    COLUMNS,
    MATTERS,
    Figures,
    PictureCodecs,
    judged,
    k_means_at,
    psnr_of,
    row_of,
)
from tokenry.signals.assembly import Assembly
from tokenry.signals.comparing.compare import KMEANS
from tokenry.signals.comparing.comparison import CodingComparison

FEW, MOST = 128.0, 768.0
"""Bits of k-means patches of 4 x 4 pixels: of the floor where few pictures allow no more codes, and
of the largest codebooks, of 4096."""


@dataclass(frozen=True)
class Arm:
    """One way.

    Attributes:
        name: in the table.
        recipe: the name that its codecs are kept by.
        assembly: its slots.
    """

    name: str
    recipe: str
    assembly: Assembly


@dataclass(frozen=True)
class TrainedArms:
    """All arms at all seeds, and k-means patches at their bits.

    Attributes:
        arms: in order.
        runs: of each.
        codecs: that they are.
        baselines: k-means patches; at 768 bits where arms take more.
    """

    arms: tuple[Arm, ...]
    runs: tuple[list[Figures], ...]
    codecs: PictureCodecs
    baselines: CodingComparison

    @classmethod
    def train(
        cls, setting: Setting, arms: Sequence[Arm], codecs: PictureCodecs | None = None
    ) -> TrainedArms:
        """Each arm at each seed of the run."""
        codecs = codecs or PictureCodecs(setting)
        runs = tuple(codecs.at_seeds(arm.recipe, arm.assembly) for arm in arms)
        bits = {min(MOST, 64.0 * (each[0]["bits_per_item"] // 64)) for each in runs}
        return cls(tuple(arms), runs, codecs, codecs.baselines({FEW, *bits}))

    def effect(self, first: int, second: int) -> Estimate:
        """How many decibels the second arm has more than the first, seed by seed.

        Without an interval where one of them does not beat k-means patches at no more bits.
        """
        apart = psnr_of(self.runs[second]) - psnr_of(self.runs[first])
        return self.judged(over_seeds(apart), first, second)

    def judged(self, effect: Estimate, *arms: int) -> Estimate:
        """An effect of some arms; without an interval as for `effect`."""
        for at in arms:
            runs = self.runs[at]
            floor = k_means_at(self.baselines, runs[0]["bits_per_item"])
            effect = judged(effect, [runs], floor)
        return effect

    def table(self, title: str) -> Table:
        """Figures of all arms and of the baseline."""
        rows = [row_of(arm.name, runs) for arm, runs in zip(self.arms, self.runs, strict=True)]
        return Table(
            title,
            ("codec", *COLUMNS.values()),
            (*rows, *(row_of(KMEANS, [each.figures]) for each in self.baselines.scores)),
            note=self.codecs.sample(),
        )


def between_arms(
    arms: Callable[[], Sequence[Arm]], statement: str, title: str, notes: Sequence[str] = ()
) -> Callable[[Setting], Findings]:
    """The run of an experiment whose second arm is claimed to keep more than its first.

    Args:
        arms: makes them, two.
        statement: what is claimed.
        title: of the table.
        notes: what a reader must know.
    """

    def run(setting: Setting) -> Findings:
        trained = TrainedArms.train(setting, arms())
        effect = trained.effect(0, 1)
        part = in_decibels(statement, trained.arms[1].name, effect)
        table = trained.table(title)
        return Findings((table,), (part,), (*notes, *NOTES, trained.codecs.note()))

    return run


def in_decibels(statement: str, name: str, effect: Estimate) -> Check:
    """A check of PSNR."""
    return check(statement, {name: effect}, matters=MATTERS, found=f"PSNR {effect:+.2f} dB")


NOTES: Final = (
    "PSNR is what training with the squared error makes best; figures of large networks of others "
    "(rFID, LPIPS) have stand-ins of local names.",
    "Had an arm not beaten k-means patches at no more bits, the effect would stand without an "
    "interval, which decides nothing.",
)
