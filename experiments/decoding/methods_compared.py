"""Every way to generate on SmolLM2, side by side: the columns of a survey as figures.

Source: Zhang et al. 2025, "A Survey on Parallel Text Generation: From Parallel Decoding to
Diffusion Language Models", arXiv:2508.08712. It sorts methods by whether they keep the text of
plain decoding and by what they save; here `tokenry.decoding.generation.comparing.compare`, which is
`tokenry decoding compare`, measures both. Masked diffusion writes with models of another kind, and
has experiments of its own.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.cut_draft import BLOCKS, HELD, LEARNT, kept_draft
from experiments.decoding.pairs import DOMAINS, FOLDERS, pair, smollm2, text_of
from experiments.harness.corpora import Sides
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import Check, check, fact
from tokenry.decoding.generation.comparing import compare
from tokenry.decoding.generation.generate import Writer
from tokenry.decoding.generation.method import Method, Request
from tokenry.decoding.generation.registry import METHODS, method
from tokenry.decoding.generation.routing.routed import Routed
from tokenry.decoding.generation.routing.router import EntropyRouter, entropy

OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "recycling": {"nodes": 24, "levels": 5},
    "fixed": {"widths": (2, 1, 1)},
    "dyspec": {"nodes": 8},
    "s2d": {"depths": (1, BLOCKS), "sure": (0.6, 0.2), "length": 4},
    "kvlink": {"length": 16},
}
"""Trees as large as pay on a processor, documents of which a prompt has several; all else as the
methods have it."""
SAVES: Final = {"skip": "flops", "r2r": "calls"}
DRAFTS: Final = ("lookup", "recycling", "fixed", "dyspec", "s2d")
Costs = dict[str, dict[str, Any]]
"""By method, the fields of its `MethodCost`."""


def run(setting: Setting) -> Findings:
    """Compare all methods on prompts of three kinds, one after another."""
    import torch

    torch.set_num_threads(1)
    kept = Kept(setting, "methods compared", source_of(__file__))
    writer = _writer(setting)
    prompts = _prompts(setting)
    router = Routed(EntropyRouter(_median_entropy(writer, prompts)))
    methods: dict[str, Method] = {
        name: router if name == "r2r" else method(name, **OPTIONS.get(name, {})) for name in METHODS
    }
    request = Request(setting.pick(24, 6), writer.ends)
    found = []
    for domain, texts in prompts.items():
        for at, text in enumerate(texts):
            given = (setting, writer, text, methods, request)
            found.append(kept.once(f"{domain} {at}", _costs, *given))
    return Findings((_table(found),), _checks(found), (*NOTES, kept.note()))


def _writer(setting: Setting) -> Writer:
    """SmolLM2 and its draft; small models where a run only shows that all runs."""
    if setting.size == "full":
        return Writer.open(smollm2(), draft=kept_draft(setting))
    text = text_of(setting)
    large, small = pair(setting, text, 0)
    return Writer(large, text.tokenizer, small, (), (text.end,))


def _prompts(setting: Setting) -> dict[str, list[str]]:
    """Beginnings of documents that the draft has not read."""
    held = Sides.of(setting.data, DOMAINS, limit=LEARNT, held=HELD).held
    count, size = setting.pick(6, 2), setting.pick(240, 30)
    return {
        domain: [text[:size] for text in texts if len(text) > size][:count]
        for domain, texts in held.items()
    }


def _median_entropy(writer: Writer, prompts: dict[str, list[str]]) -> float:
    """Of the draft's distributions over the ids of the prompts: half of the places lie above."""
    assert writer.draft is not None
    every = [
        entropy(writer.draft.start([writer.ids(text)], logits="all").logits[0])
        for texts in prompts.values()
        for text in texts
    ]
    return float(np.median(np.concatenate(every)))


def _costs(
    setting: Setting, writer: Writer, prompt: str, methods: dict[str, Method], request: Request
) -> Costs:
    """Of each method on a prompt."""

    def progress(stage: str, done: float, total: float | None) -> None:
        if done == total:
            setting.tell(stage)

    found = compare(writer, [prompt], methods, request, progress=progress)
    return {each.method: asdict(each) for each in found}


def _of(found: list[Costs], name: str, field: str) -> NDArray[np.float64]:
    """A field of a method, by prompt."""
    return np.array([each[name][field] for each in found], np.float64)


def _table(found: list[Costs]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name in found[0]:
        total = {
            field: float(_of(found, name, field).sum())
            for field in ("ids", "calls", "positions", "helper_calls", "flops", "seconds")
        }
        new = total["ids"]
        rows.append((
            name, "yes" if found[0][name]["lossless"] else "no",
            round(total["calls"] / new, 3), round(total["positions"] / new, 1),
            round(total["helper_calls"] / new, 2), round(total["flops"] / new / 1e9, 2),
            round(total["seconds"] / new, 3), f"{_of(found, name, 'same').mean():.0%}",
            f"{_of(found, name, 'agreement').mean():.0%}",
        ))  # fmt: skip
    return Table(
        "What a new id costs, and whether text is that of plain decoding",
        ("method", "lossless", "calls", "positions", "draft calls", "GFLOPs", "seconds",
         "same text", "agreement"),
        tuple(rows),
        "A prompt at a time. Calls and positions are SmolLM2's, positions those of prompts, too; "
        "FLOPs and seconds are also the draft's.",
    )  # fmt: skip


def _checks(found: list[Costs]) -> tuple[Check, ...]:
    lossless = [name for name in found[0] if found[0][name]["lossless"]]
    others = [name for name in found[0] if name not in lossless]
    same = min(float(_of(found, name, "same").mean()) for name in lossless)
    alike = min(float(_of(found, name, "agreement").mean()) for name in lossless)

    def saved(name: str, field: str) -> NDArray[np.float64]:
        """Of what a new id costs, against plain decoding, in logarithms."""
        plain, own = (
            np.maximum(_of(found, each, field), 1) / np.maximum(_of(found, each, "ids"), 1)
            for each in ("plain", name)
        )
        gained: NDArray[np.float64] = np.log(plain / own)
        return gained

    return (
        fact("lossless methods write the text of plain decoding, id by id",
             f"at least {same:.1%} of the texts of each, {alike:.1%} of the ids",
             holds=same == 1, in_direction=alike > 0.98),
        check("and take fewer calls for it", {
            name: mean_of(saved(name, "calls")) for name in DRAFTS}, matters=math.log(1.05)),
        check("the others write other text", {
            name: mean_of(1 - _of(found, name, "agreement")) for name in others}, matters=0.05),
        check("skipping blocks needs fewer FLOPs, routing fewer calls", {
            name: mean_of(saved(name, field)) for name, field in SAVES.items()},
            matters=math.log(1.05)),
    )  # fmt: skip


NOTES: Final = (
    "The draft is the first three blocks of SmolLM2, trained for 80 steps on text of these kinds.",
    "The router sends the half of the ids at which the draft's entropy is highest.",
    "Two ids may be likeliest alike in float32: `python -m benchmarks.same_text` writes texts that "
    "part again in float64.",
    "SmolLM2 was not trained for skipping blocks, steps in mixtures or documents read apart.",
)
EXPERIMENT: Final = Experiment(
    name="Parallel text generation (survey)",
    claim="Methods that draft and verify keep the text of plain decoding and need fewer calls; "
    "those that skip blocks, route between models or step in mixtures pay with the text.",
    scale="The survey lists published figures. Here: SmolLM2-135M, greedy, 18 beginnings of "
    "documents (code, school problems, novels), 24 new ids each, one at a time.",
    baseline="Plain decoding of the same prompts.",
    needs=FOLDERS,
    run=run,
    seeds=1,
)
