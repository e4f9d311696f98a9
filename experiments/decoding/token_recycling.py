"""Token recycling on SmolLM2: ids a call on prose, code and text that repeats itself.

Source: Luo et al. 2024, "Turning Trash into Treasure: Accelerating Inference of Large Language
Models with Token Recycling", arXiv:2408.08696. There models of 7 to 33 billion parameters on
SpecBench and MBPP; here SmolLM2-135M, greedy, on beginnings of documents.
"""

from __future__ import annotations

import math
import random
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.pairs import FOLDERS, smollm2
from experiments.harness.corpora import DOMAINS
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of
from experiments.harness.verdicts import Check, Estimate, check, check_bounded
from tokenry.decoding.generation.drafters.lookup import Lookup
from tokenry.decoding.generation.drafters.nothing import Nothing
from tokenry.decoding.generation.drafters.recycling import Recycling, warmed
from tokenry.decoding.generation.method import Generated, Request
from tokenry.decoding.generation.speculative import Speculative
from tokenry.models import CausalModel, causal_model
from tokenry.neural import Transformer
from tokenry.tokenizer import load

KINDS: Final = {"prose": "english", "code": "code", "repetitive": "financial"}
NODES: Final = 40  # half of the paper's: here a call costs what its positions cost
LENGTH: Final = 96  # ids of a prompt


def prompts(
    ids: list[list[int]], count: int, length: int, source: random.Random
) -> list[list[int]]:
    """Stretches of documents, one a document."""
    long = [each for each in ids if len(each) > length]
    starts = ((each, source.randrange(len(each) - length)) for each in long[:count])
    return [each[start : start + length] for each, start in starts]


def run(setting: Setting) -> Findings:
    """Go on with prompts of three kinds by each method, greedily."""
    import torch

    torch.set_num_threads(1)
    tokenizer = load(smollm2()) if setting.size == "full" else None
    encode = tokenizer.encode if tokenizer else (lambda text: [*text.encode()])
    model = causal_model(smollm2() if tokenizer else Transformer.small(260, width=16).build())
    count, new = setting.pick(20, 2), setting.pick(40, 6)
    found: dict[str, dict[str, list[Generated]]] = {}
    for kind, domain in KINDS.items():
        source = random.Random(kind)
        documents = DOMAINS[domain](setting.data)
        source.shuffle(documents)
        ids = [encode(each[:4000]) for each in documents[: 6 * count]]
        begun = prompts(ids, count, LENGTH, source)
        table = warmed(ids[3 * count :], model.vocab_size)
        ways: dict[str, Any] = {
            "plain": Nothing(),
            "look-up": Lookup(),
            "recycling": Recycling(nodes=NODES),
            "recycling, warm": Recycling(nodes=NODES, warm=table),
        }
        found[kind] = {}
        for name, drafter in ways.items():
            setting.tell(f"{kind}: {name}")
            found[kind][name] = _all(model, Speculative(drafter), begun, new)
    return Findings(tables=(_table(found),), checks=_checks(found), notes=NOTES)


def _all(
    model: CausalModel, method: Speculative, begun: list[list[int]], new: int
) -> list[Generated]:
    """All prompts in one batch, so that a table learns from all of them, as on a server."""
    return method.generate(model, begun, Request(new))


def _per_call(found: list[Generated]) -> NDArray[np.float64]:
    return np.array([len(each.ids) / each.calls for each in found])


def _table(found: dict[str, dict[str, list[Generated]]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for kind, ways in found.items():
        for name, each in ways.items():
            new = sum(len(x.ids) for x in each)
            same = np.mean([x.ids == y.ids for x, y in zip(each, ways["plain"], strict=True)])
            calls = sum(x.calls for x in each)
            read = sum(x.positions - LENGTH for x in each)
            rows.append((kind, name, round(new / calls, 2), round(read / new, 1), f"{same:.0%}"))
    return Table(
        "Ids a call, positions an id, and texts that are those of plain decoding",
        ("text", "method", "ids a call", "positions an id", "same text"),
        tuple(rows),
        "Positions of prompts are left out.",
    )


def _checks(found: dict[str, dict[str, list[Generated]]]) -> tuple[Check, ...]:
    gains = {kind: mean_of(np.log(_per_call(ways["recycling"]))) for kind, ways in found.items()}
    every = np.concatenate([np.log(_per_call(ways["recycling"])) for ways in found.values()])
    warm = [_per_call(w["recycling, warm"]) / _per_call(w["recycling"]) for w in found.values()]
    other = sum(
        x.ids != y.ids
        for ways in found.values()
        for name in ("recycling", "recycling, warm")
        for x, y in zip(ways[name], ways["plain"], strict=True)
    )
    return (
        check("ids a call, cold table (published: about 2)", gains, overall=mean_of(every),
              matters=math.log(1.2), claimed=math.log(2),
              found="; ".join(f"{k} {math.exp(g.value):.2f}" for k, g in gains.items())),
        check("a table warmed by other documents of the kind gives more ids a call",
              mean_of(np.log(np.concatenate(warm))), matters=math.log(1.05)),
        check_bounded("greedy texts that differ from plain decoding's",
                      Estimate(other, other, other), 0),
    )  # fmt: skip


NOTES: Final = (
    f"Trees of {NODES} nodes in place of 80: on a processor a call costs what its positions cost.",
    "Texts of a kind share a table, in one batch, and the table is empty at the first call.",
)
EXPERIMENT: Final = Experiment(
    name="Token recycling",
    claim="Successors that earlier calls computed and threw away, kept in a table and read as a "
    "tree, give about two ids a call without any training, and the same text.",
    scale="Paper: 7- to 33-billion-parameter models, SpecBench and MBPP. Here: SmolLM2-135M, "
    "greedy, 60 beginnings of 96 ids from novels, code and annual reports, 40 new ids each.",
    baseline="Plain decoding and prompt look-up on the same prompts.",
    needs=(*FOLDERS, "tatqa_finance"),
    run=run,
)
