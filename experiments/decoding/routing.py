"""A router between two models beside chance and entropy, at equal shares of the large model.

Source: Fu et al. 2025, "R2R: Efficiently Navigating Divergent Reasoning Paths with Small-Large
Model Token Routing", arXiv:2505.21600. There DeepSeek-R1 distillations of 1.5 and 32 billion
parameters on mathematics and code; here pairs that are trained here. What is scored is
how much likelier, at each place of the text that both wrote, the large model finds its own next id:
nothing in its own text, most in the small one's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.pairs import FOLDERS, Text, pair, text_of
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import crossed
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Check, Estimate, check
from tokenry.decoding.generation.drafters.nothing import Nothing
from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.routing.labels import Labelled, labelled
from tokenry.decoding.generation.routing.learnt import LearntRouter, RouterSizes, train_router
from tokenry.decoding.generation.routing.routed import Routed
from tokenry.decoding.generation.routing.router import EntropyRouter, RandomRouter, Router
from tokenry.decoding.generation.speculative import Speculative
from tokenry.models import CausalModel
from tokenry.models.causal import log_softmax

SHARE: Final = 0.2  # of ids that the large model gives, for all routers
ROUNDS: Final = 6  # of halving, to find thresholds
PROMPTS: Final = 432
OTHER: Final = 9  # one prompt in so many is for routers to learn from; the others are scored
Prompts = list[list[int]]
Ids = tuple[int, ...]
Sure = LearntRouter | EntropyRouter
Arms = dict[str, dict[str, Any]]
Ints = NDArray[np.int64]


class Pair:
    """Two models, and prompts that they share.

    Args:
        large: of the pair.
        small: of the pair.
        request: for all prompts.
    """

    def __init__(self, large: CausalModel, small: CausalModel, request: Request) -> None:
        self.large, self.small, self.request = large, small, request

    def routed(self, router: Router, prompts: Prompts) -> tuple[list[Ids], float]:
        """What both write, and the share of ids by the large model."""
        found = Routed(router).generate(self.large, prompts, self.request, self.small)
        share = sum(x.calls for x in found) / max(sum(len(x.ids) for x in found), 1)
        return [each.ids for each in found], share

    def at_share(self, router: Sure, scores: NDArray[np.float64], prompts: Prompts) -> Router:
        """The router at the threshold by which it sends the share of these prompts' ids.

        Scores of places are where to look for it: what a router sends changes what comes after.
        """
        low, high, nearest, found = 0.0, 1.0, np.inf, router
        for _ in range(ROUNDS):
            middle = (low + high) / 2
            tried = replace(router, threshold=float(np.quantile(scores, 1 - middle)))
            share = self.routed(tried, prompts)[1]
            if abs(share - SHARE) < nearest:
                nearest, found = abs(share - SHARE), tried
            low, high = (middle, high) if share < SHARE else (low, middle)
        return found


def labels(setting: Setting, of: Pair, prompts: Prompts) -> tuple[Labelled, Labelled]:
    """Places of texts that the large model wrote: to learn from, and to stop learning by."""
    setting.tell("labels")
    written = Speculative(Nothing()).generate(of.large, prompts, of.request)
    texts = [[*p, *w.ids] for p, w in zip(prompts, written, strict=True)]
    cut = max(1, len(texts) // 4)
    ends = of.request.ends
    return (
        labelled(of.small, of.large, texts[cut:], length=4, ends=ends),
        labelled(of.small, of.large, texts[:cut], length=4, ends=ends),
    )


def routers(setting: Setting, of: Pair, prompts: Prompts, seed: int) -> dict[str, Router]:
    """Each sends about the same share of ids to the large model."""
    learnt, held = labels(setting, of, prompts)
    sizes = RouterSizes(width=64, blocks=2, steps=setting.pick(300, 5))
    trained = train_router(learnt, held, _rows(of.small), sizes, seed)
    own, entropy = LearntRouter(trained.network, 0.5), EntropyRouter()
    return {
        "learnt": of.at_share(own, trained.scores(held.evidence), prompts),
        "entropy": of.at_share(entropy, entropy.scores(held.evidence), prompts),
        "random": RandomRouter(SHARE, seed),
    }


def shortfalls(large: CausalModel, prompts: Prompts, written: list[Ids]) -> list[list[float]]:
    """How much likelier the large model finds its own next id than the one that was written: nats
    over the text behind each prompt, and its ids."""
    found = []
    for prompt, ids in zip(prompts, written, strict=True):
        total = 0.0
        if ids:
            text = [*prompt, *ids]
            rows = log_softmax(large.start([text[:-1]], logits="all").logits[0][-len(ids) :])
            total = float((rows.max(-1) - rows[np.arange(len(ids)), list(ids)]).sum())
        found.append([total, float(len(ids))])
    return found


def run(setting: Setting) -> Findings:
    """Train pairs and routers; write by each and score what was written."""
    import torch

    torch.set_num_threads(1)
    text = text_of(setting)
    kept = Kept(setting, "routing", source_of(__file__))
    found = [kept.once(f"seed {seed}", _arms, setting, text, seed) for seed in setting.seeds]
    return Findings((_table(found),), _checks(found), (*NOTES, kept.note()))


def _arms(setting: Setting, text: Text, seed: int) -> Arms:
    """Of one pair: nats and ids of each prompt, and the share of ids by the large model."""
    count, other = setting.pick((PROMPTS, OTHER), (6, 2))
    every = text.prompts(count, 24)
    prompts = [each for at, each in enumerate(every) if at % other]
    large, small = pair(setting, text, seed)
    of = Pair(large, small, Request(setting.pick(40, 6), (text.end,)))
    plain = Speculative(Nothing())
    arms: Arms = {}
    for name, model in (("large", large), ("small", small)):
        ids = [each.ids for each in plain.generate(model, prompts, of.request)]
        arms[name] = {"nats": shortfalls(large, prompts, ids), "share": float(name == "large")}
    for name, router in routers(setting, of, every[::other], seed).items():
        setting.tell(f"{name}, seed {seed}")
        written, share = of.routed(router, prompts)
        arms[name] = {"nats": shortfalls(large, prompts, written), "share": share}
    return arms


def _rows(model: CausalModel) -> NDArray[np.float32]:
    """The rows by which a model trained here reads ids."""
    import torch

    network = model.network.model  # type: ignore[attr-defined]
    with torch.no_grad():
        rows: NDArray[np.float32] = network.embed(torch.arange(network.vocab_size)[None])[0].numpy()
    return rows


def _table(found: list[Arms]) -> Table:
    every = np.arange(len(found)), np.arange(len(found[0]["large"]["nats"]))
    rows: list[tuple[Cell, ...]] = []
    for name in found[0]:
        share = np.mean([each[name]["share"] for each in found])
        score = _scores(found, name, *every).mean()
        rows.append((name, f"{share:.0%}", round(float(score), 3)))
    return Table(
        "How far text is from what the large model would have written at each place",
        ("who writes", "ids by the large model", "nats an id short"),
        tuple(rows),
        "Means over seeds, greedy.",
    )


def _scores(found: list[Arms], name: str, seeds: Ints, prompts: Ints) -> NDArray[np.float64]:
    """Shortfalls an id over chosen prompts, by seed."""
    sums = np.array([found[seed][name]["nats"] for seed in seeds])[:, prompts].sum(1)
    scores: NDArray[np.float64] = sums[:, 0] / np.maximum(sums[:, 1], 1)
    return scores


def _checks(found: list[Arms]) -> tuple[Check, ...]:
    def closed(name: str, seeds: Ints, prompts: Ints) -> float:
        """The share of the small model's shortfall that is gone; the large one has none."""
        small, own = (_scores(found, each, seeds, prompts).mean() for each in ("small", name))
        return float(1 - own / max(small, 1e-9))

    def more(than: str) -> Estimate:
        return crossed(
            (len(found), len(found[0]["large"]["nats"])),
            lambda *which: closed("learnt", *which) - (closed(than, *which) if than else 0.5),
        )

    return (
        check("the learnt router closes more of the gap than chance at an equal share",
              more("random"), matters=0.05),
        check("and than entropy", more("entropy"), matters=0.05),
        check("with a fifth of the ids most of the gap is closed (published: a 1.5B model with "
              "13% of ids by a 32B one is within 8% of it)", more(""), matters=0.01),
    )  # fmt: skip


NOTES: Final = (
    "Divergence is judged by the large model's own likelihood of the two continuations, not by a "
    "third, larger model that compares what they say.",
    "Texts have no right answers here; the large model's preference, place by place, stands in for "
    "quality.",
    "Routers learn, and thresholds are found, on prompts of the same kinds that are not scored.",
    "Intervals are over pairs of models and prompts, both drawn anew.",
)
EXPERIMENT: Final = Experiment(
    name="Roads to Rome (R2R)",
    claim="Few ids of a small model make a text part from the large one's; a small network that "
    "sends those to the large model gets most of its quality at a fraction of the cost, and more "
    "than routing by entropy or chance.",
    scale="Paper: 1.5B and 32B reasoning models, mathematics and code. Here: 4 blocks of width 128 "
    f"and 1 block of width 64 by three seeds, {PROMPTS - PROMPTS // OTHER} prompts, 40 new ids, a "
    "fifth routed.",
    baseline="Routers by entropy and by chance at the same share; each model alone.",
    needs=FOLDERS,
    run=run,
)
