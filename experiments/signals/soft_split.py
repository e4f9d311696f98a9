"""S066: squares that overlap and are split again, against hard patches, in classification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Final

import numpy as np

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import Floats, mean_of_crossed
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Baseline, Cost, check
from experiments.signals.codecs import PictureCodecs
from tokenry.signals.measures.labels import predicted, train_on_labels
from tokenry.signals.measures.place_network import PlaceNetwork
from tokenry.signals.partitions import Partition
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.partitions.soft_split import SoftSplit
from tokenry.signals.partitions.tokens_to_tokens import TokensToTokens
from tokenry.signals.pictures import Album
from tokenry.signals.trunks.transformer import TransformerTrunk

HARD, SOFT = "hard patches", "soft split"
SPLITS: Final = (SoftSplit(kernel=7, stride=4), SoftSplit(kernel=3, stride=2))
CUTS: Final[Mapping[str, Partition]] = {
    HARD: Patch(sizes=(8,)),
    SOFT: TokensToTokens(splits=SPLITS, hidden=16),
}
WIDTH: Final = 96
RATES: Final = (5e-4, 1e-3, 2e-3)
CLAIMED, MATTERS = 0.03, 0.02  # of the accuracy
NEARLY: Final = 0.1  # of parameters and operations


@dataclass(frozen=True)
class Trainings:
    """Networks of one depth and width, each trained alike.

    Attributes:
        setting: of the run.
        learnt: pictures to learn from.
        scored: others.
        kept: where accuracies are kept.
    """

    setting: Setting
    learnt: Album
    scored: Album
    kept: Kept

    def network(self, name: str) -> PlaceNetwork:
        """One of `CUTS` before the same transformer."""
        cut = CUTS[name]
        places = prod(cut.grid((3, 32, 32)))
        trunk = TransformerTrunk.vit(places, width=WIDTH, layers=4, heads=4)
        return PlaceNetwork(partition=cut, trunk=trunk, classes=len(self.learnt.classes))

    def rate(self) -> float:
        """The best of `RATES` for hard patches, on every fifth picture to learn from."""
        numbers = np.arange(len(self.learnt), dtype=np.int64)
        learnt, others = self.learnt[numbers[numbers % 5 < 4]], self.learnt[4::5]
        steps = self.setting.pick(400, 1)
        found = {
            rate: np.mean(self._right(f"rate-{rate:g}", HARD, learnt, others, steps, rate, 0))
            for rate in RATES
        }
        return max(found, key=lambda rate: float(found[rate]))

    def right(self, name: str, rate: float) -> Floats:
        """Whether the label of each scored picture is found, shape (seeds, pictures)."""
        steps = self.setting.pick(1_500, 2)
        found = [
            self._right(f"{name}-{seed}", name, self.learnt, self.scored, steps, rate, seed)
            for seed in self.setting.seeds
        ]
        return np.array(found, np.float64)

    def _right(
        self, key: str, name: str, learnt: Album, others: Album, steps: int, rate: float, seed: int
    ) -> list[int]:
        def make() -> list[int]:
            network = self.network(name)
            module = train_on_labels(network, learnt, steps=steps, rate=rate, seed=seed)
            right = predicted(module, others.pixels) == others.labels
            return [int(each) for each in right]

        return list(self.kept.once(key, make))

    def cost(self, name: str) -> tuple[int, int]:
        """Parameters, and floating-point operations of the matrix products for a picture."""
        import torch

        from tokenry.neural.flops import counted_flops

        module = self.network(name).build().eval()
        with torch.no_grad(), counted_flops() as counted:
            module(torch.zeros(1, 3, 32, 32))
        return sum(each.numel() for each in module.parameters()), counted()


def run(setting: Setting) -> Findings:
    """Choose a rate for hard patches; train both with it at all seeds."""
    codecs = PictureCodecs(setting)
    kept = Kept(setting, "soft_split", source_of(__file__))
    trainings = Trainings(setting, codecs.learnt, codecs.scored, kept)
    rate = trainings.rate()
    right = {name: trainings.right(name, rate) for name in CUTS}
    costs = {name: trainings.cost(name) for name in CUTS}
    table = Table(
        "Classification of pictures",
        ("places from", "places", "parameters", "operations a picture", "accuracy", "over seeds"),
        tuple(
            (name, prod(CUTS[name].grid((3, 32, 32))), *costs[name], float(right[name].mean()),
             float(right[name].mean(1).std()))
            for name in CUTS
        ),
        note=f"{codecs.sample()} Four blocks of width {WIDTH}, rate {rate:g}, chosen for hard "
        "patches on pictures to learn from that were left out.",
    )  # fmt: skip
    effect = mean_of_crossed(right[SOFT] - right[HARD])
    hard = float(right[HARD].mean())
    part = check(
        "With as many places, as deep and as wide, a soft split classifies better than hard "
        "patches (the paper: more than 3 points, with a backbone of half the size)",
        effect,
        claimed=CLAIMED,
        matters=MATTERS,
        baseline=Baseline(hard, floor=1 / len(codecs.learnt.classes)),
        found=f"accuracy {hard:.3f}, {effect:+.3f}",
    )
    return Findings((table,), (part,), (*NOTES, kept.note()), (_alike(costs),))


def _alike(costs: Mapping[str, tuple[int, int]]) -> Cost:
    shares = [soft / hard - 1 for soft, hard in zip(costs[SOFT], costs[HARD], strict=True)]
    return Cost(
        f"Parameters and operations differ by at most {NEARLY:.0%}",
        f"those of the soft split are {shares[0]:+.1%} and {shares[1]:+.1%}",
        max(map(abs, shares)) <= NEARLY,
    )


NOTES: Final = (
    "The paper's figure is of both of its changes, the split and a deep and narrow backbone; here "
    "the backbone is the same.",
    "Two splits, since pictures are small: squares of 7 pixels every 4, then of 3 places every 2.",
    "A picture's vector is the mean of its places; there is no class token.",
)

EXPERIMENT = Experiment(
    name="T2T-ViT",
    claim="Tokens of squares that overlap, read and split again, let a vision transformer that is "
    "trained from scratch classify better than hard patches do (the paper: more than 3 points with "
    "half the parameters and operations).",
    scale="The paper: ImageNet at 224 pixels, 196 tokens, 14 to 24 blocks. Here: 4,500 pictures of "
    "32 pixels, 16 tokens, 4 blocks of width 96, 1,500 steps of 64, 3 seeds.",
    baseline="Hard patches of 8 x 8 pixels before the same transformer, trained alike.",
    needs=("pictures",),
    run=run,
    undivided=("pictures",),
)
