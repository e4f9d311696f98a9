"""A router between two models beside chance and entropy, at equal shares of the large model.

Source: Fu et al. 2025, "R2R: Efficiently Navigating Divergent Reasoning Paths with Small-Large
Model Token Routing", arXiv:2505.21600. There DeepSeek-R1 distillations of 1.5 and 32 billion
parameters on mathematics and code; here pairs that are trained here. What is scored is how likely
the large model finds the text that both wrote: nats an id, beside its own text and the small one's.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.pairs import FOLDERS, Text, pair, text_of
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check
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


def labels(
    setting: Setting, large: CausalModel, small: CausalModel, text: Text
) -> tuple[Labelled, Labelled]:
    """Places of texts that the large model wrote: to learn from, and to choose thresholds on."""
    setting.tell("labels")
    prompts = text.prompts(setting.pick(96, 6), 24)[: setting.pick(48, 3)]
    request = Request(setting.pick(40, 6), (text.end,))
    written = Speculative(Nothing()).generate(large, prompts, request)
    texts = [[*p, *w.ids] for p, w in zip(prompts, written, strict=True)]
    cut = max(1, len(texts) // 4)
    ends = (text.end,)
    return (
        labelled(small, large, texts[cut:], length=4, ends=ends),
        labelled(small, large, texts[:cut], length=4, ends=ends),
    )


def at_share(scores: NDArray[np.float64]) -> float:
    """The threshold above which the share lies."""
    return float(np.quantile(scores, 1 - SHARE))


def routers(
    learnt: Labelled, held: Labelled, rows: NDArray[np.float32], setting: Setting, seed: int
) -> dict[str, Router]:
    """Each sends about the same share of ids to the large model."""
    sizes = RouterSizes(width=64, blocks=2, steps=setting.pick(300, 5))
    trained = train_router(learnt, held, rows, sizes, seed)
    entropy = EntropyRouter()
    return {
        "learnt": LearntRouter(trained.network, at_share(trained.scores(held.evidence))),
        "entropy": EntropyRouter(at_share(entropy.scores(held.evidence))),
        "random": RandomRouter(SHARE, seed),
    }


def nats(large: CausalModel, prompts: list[list[int]], written: list[tuple[int, ...]]) -> float:
    """Of an id of what was written, by the large model."""
    total, count = 0.0, 0
    for prompt, ids in zip(prompts, written, strict=True):
        if ids:
            text = [*prompt, *ids]
            rows = log_softmax(large.start([text[:-1]], logits="all").logits[0][-len(ids) :])
            total -= float(rows[np.arange(len(ids)), list(ids)].sum())
            count += len(ids)
    return total / max(count, 1)


def run(setting: Setting) -> Findings:
    """Train pairs and routers; write by each and score what was written."""
    import torch

    torch.set_num_threads(1)
    text = text_of(setting)
    prompts = text.prompts(setting.pick(96, 6), 24)[setting.pick(48, 3) :]
    request = Request(setting.pick(40, 6), (text.end,))
    seen: dict[str, list[tuple[float, float]]] = {}
    for seed in setting.seeds:
        large, small = pair(setting, text, seed)
        learnt, held = labels(setting, large, small, text)
        rows = _rows(small)
        plain = Speculative(Nothing())
        ways = {
            name: Routed(each) for name, each in routers(learnt, held, rows, setting, seed).items()
        }
        for name, model in (("large", large), ("small", small)):
            ids = [each.ids for each in plain.generate(model, prompts, request)]
            seen.setdefault(name, []).append((nats(large, prompts, ids), float(name == "large")))
        for name, way in ways.items():
            setting.tell(f"{name}, seed {seed}")
            found = way.generate(large, prompts, request, small)
            share = sum(x.calls for x in found) / max(sum(len(x.ids) for x in found), 1)
            seen.setdefault(name, []).append((nats(large, prompts, [x.ids for x in found]), share))
    return Findings(tables=(_table(seen),), checks=_checks(seen), notes=NOTES)


def _rows(model: CausalModel) -> NDArray[np.float32]:
    """The rows by which a model trained here reads ids."""
    import torch

    network = model.network.model  # type: ignore[attr-defined]
    with torch.no_grad():
        rows: NDArray[np.float32] = network.embed(torch.arange(network.vocab_size)[None])[0].numpy()
    return rows


def _table(seen: dict[str, list[tuple[float, float]]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, figures in seen.items():
        score, share = np.mean(figures, axis=0)
        rows.append((name, f"{share:.0%}", round(float(score), 3)))
    return Table(
        "What the large model thinks of the text that was written",
        ("who writes", "ids by the large model", "nats an id"),
        tuple(rows),
        "Means over seeds, greedy.",
    )


def _checks(seen: dict[str, list[tuple[float, float]]]) -> tuple[Check, ...]:
    score = {name: np.array([each for each, _ in figures]) for name, figures in seen.items()}
    gap = score["small"] - score["large"]

    def closed(name: str) -> NDArray[np.float64]:
        """The share of the way from the small model's text to the large one's."""
        found: NDArray[np.float64] = (score["small"] - score[name]) / np.maximum(gap, 1e-3)
        return found

    return (
        check("the learnt router closes more of the gap than chance at an equal share",
              over_seeds(closed("learnt") - closed("random")), matters=0.05),
        check("and than entropy", over_seeds(closed("learnt") - closed("entropy")), matters=0.05),
        check("with a fifth of the ids most of the gap is closed (published: a 1.5B model with "
              "13% of ids by a 32B one is within 8% of it)",
              over_seeds(closed("learnt") - 0.5), matters=0.01),
    )  # fmt: skip


NOTES: Final = (
    "Divergence is judged by the large model's own likelihood of the two continuations, not by a "
    "third, larger model that compares what they say.",
    "Texts have no right answers here; being likely under the large model stands in for quality, "
    "and favours greedy, repetitive text.",
)
EXPERIMENT: Final = Experiment(
    name="Roads to Rome (R2R)",
    claim="Few ids of a small model make a text part from the large one's; a small network that "
    "sends those to the large model gets most of its quality at a fraction of the cost, and more "
    "than routing by entropy or chance.",
    scale="Paper: 1.5B and 32B reasoning models, mathematics and code. Here: 4 blocks of width 128 "
    "and 1 block of width 64 by three seeds, 48 prompts, 40 new ids, a fifth routed.",
    baseline="Routers by entropy and by chance at the same share; each model alone.",
    needs=FOLDERS,
    run=run,
)
