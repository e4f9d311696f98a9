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
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Check, Estimate, check, check_bounded
from tokenry.decoding.generation.drafter import Drafter
from tokenry.decoding.generation.drafters.lookup import Lookup
from tokenry.decoding.generation.drafters.nothing import Nothing
from tokenry.decoding.generation.drafters.recycling import Recycling, warmed
from tokenry.decoding.generation.method import Request
from tokenry.decoding.generation.speculative import Speculative
from tokenry.models import CausalModel, causal_model
from tokenry.neural import Transformer
from tokenry.tokenizer import Tokenizer, load

KINDS: Final = {"prose": "english", "code": "code", "repetitive": "financial"}
NODES: Final = 40  # half of the paper's: here a call costs what its positions cost
LENGTH: Final = 96  # ids of a prompt
PLAIN, COLD, WARM = "plain", "recycling", "recycling, warm"
Ways = dict[str, list[dict[str, Any]]]
"""By method, of each prompt: new ids, calls and positions."""


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
    model = causal_model(smollm2() if tokenizer else Transformer.small(260, width=16).build())
    kept = Kept(setting, "token recycling", source_of(__file__))
    found = {kind: _by_kind(setting, kept, model, tokenizer, kind) for kind in KINDS}
    return Findings(tables=(_table(found),), checks=_checks(found), notes=(*NOTES, kept.note()))


def _by_kind(
    setting: Setting, kept: Kept, model: CausalModel, tokenizer: Tokenizer | None, kind: str
) -> Ways:
    """What each method gives for one kind of text."""
    encode = tokenizer.encode if tokenizer else (lambda text: [*text.encode()])
    count, new = setting.pick(12, 2), setting.pick(32, 6)
    source = random.Random(kind)
    documents = DOMAINS[KINDS[kind]](setting.data)
    source.shuffle(documents)
    ids = [encode(each[:4000]) for each in documents[: 6 * count]]
    begun = prompts(ids, count, LENGTH, source)
    table = warmed(ids[3 * count :], model.vocab_size)
    ways: dict[str, Any] = {
        PLAIN: Nothing(),
        "look-up": Lookup(),
        COLD: Recycling(nodes=NODES),
        WARM: Recycling(nodes=NODES, warm=table),
    }
    found: Ways = {
        name: kept.once(f"{kind}, {name}", _all, model, Speculative(drafter), begun, new)
        for name, drafter in ways.items()
    }
    for name, same in ((name, _same(found, name)) for name in (COLD, WARM)):
        for at in np.flatnonzero(~np.array(same)).tolist():
            given = (ways[name], begun[at], new)
            tie = kept.once(f"{kind}, {name}, text {at} in float64", _same_in_double, *given)
            found[name][at]["tie"] = tie
    return found


def _same_in_double(drafter: Drafter, prompt: list[int], new: int) -> bool:
    """Whether a text that parted in float32 is plain decoding's in float64."""
    model = causal_model(smollm2(), dtype="float64")
    made = (
        Speculative(each).generate(model, [prompt], Request(new)) for each in (drafter, Nothing())
    )
    one, other = (each[0].ids for each in made)
    return one == other


def _all(
    model: CausalModel, method: Speculative, begun: list[list[int]], new: int
) -> list[dict[str, Any]]:
    """All prompts in one batch, so that a table learns from all of them, as on a server."""
    made = method.generate(model, begun, Request(new))
    return [
        {"ids": list(each.ids), "calls": each.calls, "positions": each.positions} for each in made
    ]


def _per_call(ways: Ways, name: str) -> NDArray[np.float64]:
    return np.array([len(each["ids"]) / each["calls"] for each in ways[name]])


def _same(ways: Ways, name: str) -> list[bool]:
    return [x["ids"] == y["ids"] for x, y in zip(ways[name], ways[PLAIN], strict=True)]


def _table(found: dict[str, Ways]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for kind, ways in found.items():
        for name, each in ways.items():
            new = sum(len(x["ids"]) for x in each)
            calls = sum(x["calls"] for x in each)
            read = sum(x["positions"] - LENGTH for x in each) / new
            same = f"{np.mean(_same(ways, name)):.0%}"
            rows.append((kind, name, round(new / calls, 2), round(read, 1), same))
    return Table(
        "Ids a call, positions an id, and texts that are those of plain decoding",
        ("text", "method", "ids a call", "positions an id", "same text"),
        tuple(rows),
        "Positions of prompts are left out.",
    )


def _checks(found: dict[str, Ways]) -> tuple[Check, ...]:
    cold = {kind: np.log(_per_call(ways, COLD)) for kind, ways in found.items()}
    gains = {kind: mean_of(each) for kind, each in cold.items()}
    every = np.concatenate([*cold.values()])
    warm = [np.log(_per_call(ways, WARM)) - cold[kind] for kind, ways in found.items()]
    other = sum(
        not (same or text.get("tie", False))
        for ways in found.values()
        for name in (COLD, WARM)
        for same, text in zip(_same(ways, name), ways[name], strict=True)
    )
    return (
        check("ids a call, cold table (published: about 2)", gains, overall=mean_of(every),
              matters=math.log(1.2), claimed=math.log(2),
              found="; ".join(f"{k} {math.exp(g.value):.2f}" for k, g in gains.items())),
        check("a table warmed by other documents of the kind gives more ids a call",
              mean_of(np.concatenate(warm)), matters=math.log(1.05)),
        check_bounded("greedy texts that differ from plain decoding's, in float64, too",
                      Estimate(other, other, other), 0),
    )  # fmt: skip


NOTES: Final = (
    f"Trees of {NODES} nodes in place of 80: on a processor a call costs what its positions cost.",
    "A text that differs in float32, where two ids may be likeliest alike, is written again in "
    "float64 by both methods.",
    "Texts of a kind share a table, in one batch, and the table is empty at the first call.",
)
EXPERIMENT: Final = Experiment(
    name="Token recycling",
    claim="Successors that earlier calls computed and threw away, kept in a table and read as a "
    "tree, give about two ids a call without any training, and the same text.",
    scale="Paper: 7- to 33-billion-parameter models, SpecBench and MBPP. Here: SmolLM2-135M, "
    "greedy, 36 stretches of 96 ids from novels, code and annual reports, 32 new ids each.",
    baseline="Plain decoding and prompt look-up on the same prompts.",
    needs=(*FOLDERS, "tatqa_finance"),
    run=run,
)
