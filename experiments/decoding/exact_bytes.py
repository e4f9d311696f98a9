"""Exact bytes beside tokenize-and-hope and token healing: mid-token prompts, filling in, ensembles.

Source: Phan et al. 2024, "Exact Byte-Level Probabilities from Tokenized Language Models for
FIM-Tasks and Model Ensembles", arXiv:2410.09303. There models of 7 billion parameters write code;
here SmolLM2-135M reads prose, code, numbers and Chinese, and small models that are trained here,
one a seed, read and fill in code.

A prompt is cut inside of an id. *Hope* keeps the ids that `encode` makes of it; *healing* takes the
last of them back and lets the next ones begin with its bytes. All three are scored by the same sum
over bytes behind their ids: the negative logarithm of the probability of what really follows.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import Sides
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of, over_seeds
from experiments.harness.verdicts import Check, check
from tokenry.decoding.bytewise import ByteModel, Ensemble, FillFormat, Infilling, Mean
from tokenry.errors import CorpusError
from tokenry.learning.bpe import Bpe
from tokenry.models import causal_model
from tokenry.tokenizer import Tokenizer, load

DOMAINS: Final = ("english", "code", "maths", "chinese")
AHEAD: Final = 8  # bytes of a continuation
WAYS: Final = ("exact", "healing", "hope")
NATS: Final = 0.02  # a byte: a difference that would matter


@dataclass(frozen=True)
class Prompt:
    """A text that is cut inside of an id, and what follows."""

    before: bytes
    after: bytes


def prompts(
    tokenizer: Tokenizer, documents: list[str], count: int, length: int, source: random.Random
) -> list[Prompt]:
    """Prompts of about ``length`` bytes whose end is inside of an id of the whole text."""
    found: list[Prompt] = []
    for _ in range(50 * count):
        if len(found) == count:
            break
        data = source.choice(documents).encode()
        start = source.randrange(max(1, len(data) - length - 4 * AHEAD))
        text = data[start:].decode("utf-8", "ignore").encode()[: length + 2 * AHEAD]
        text = text.decode("utf-8", "ignore").encode()
        ids, spans = tokenizer.encode_with_spans(text)
        inside = [
            at
            for begin, end in spans.tolist()
            for at in range(begin + 1, end)
            if length - 24 <= at <= len(text) - AHEAD
        ]
        if inside and tokenizer.decode_bytes(ids.tolist()) == text:
            cut = source.choice(inside)
            found.append(Prompt(text[:cut], text[cut : cut + AHEAD]))
    return found


def nats(model: ByteModel, prompt: Prompt, way: str) -> float:
    """Of each byte of what follows, by one way of reading the prompt."""
    if way == "exact":
        before, read = model, prompt.before
    else:
        ids = model.spelling.ids(prompt.before)
        kept = ids if way == "hope" else ids[:-1]
        before = model.beginning_with([*model.spelling.begin, *kept])
        read = prompt.before[len(model.spelling.bytes_of(kept)) :]
    lanes = before.lanes([read])
    first = float(lanes.log_masses()[0])
    last = float(lanes.advance([prompt.after]).log_masses()[0])
    return (first - last) / len(prompt.after)


def mid_token(model: ByteModel, every: list[Prompt]) -> dict[str, NDArray[np.float64]]:
    """Nats a byte of each prompt, by way."""
    return {way: np.array([nats(model, prompt, way) for prompt in every]) for way in WAYS}


@dataclass(frozen=True)
class Small:
    """A model that was trained here on code, to go on and to fill in."""

    model: ByteModel
    form: FillFormat


def small_tokenizer(learnt: list[str], size: int) -> Tokenizer:
    """Byte-pair encoding of code."""
    return Bpe(vocab_size=size, threads=1).learn(learnt)


def trained(setting: Setting, tokenizer: Tokenizer, learnt: list[str], seed: int) -> Small:
    """One model: documents as they are, and cut into three between ids, the middle last."""
    from tokenry.neural.recipes.language import train_language_model
    from tokenry.neural.recipes.sizes import Passes, Shape

    size, source = len(tokenizer.vocabulary), random.Random(seed)
    form = FillFormat(size, size + 1, size + 2)
    rows: list[NDArray[np.int64]] = []
    for document in learnt:
        ids = tokenizer.encode(document)
        rows.append(np.array(ids))
        for _ in range(2):
            first, last = sorted(source.sample(range(len(ids) + 1), 2))
            rows.append(
                np.array([size, *ids[:first], size + 1, *ids[last:], size + 2, *ids[first:last]])
            )
    shape = setting.pick(
        Shape(width=64, layers=2, heads=4, context=192),
        Shape(width=16, layers=1, heads=2, context=64),
    )
    passes = Passes(passes=setting.pick(3, 1), batch=8)
    made = train_language_model(rows, size + 3, shape=shape, passes=passes, seed=seed)
    model = causal_model(made.model)
    return Small(ByteModel(model, tokenizer, begin=[made.end], ends=[made.end]), form)


def filled(
    small: Small, documents: list[str], count: int, source: random.Random
) -> NDArray[np.float64]:
    """Nats a byte of middles, exact and by the ids of the prefix: shape (2, middles)."""
    model, found = small.model, []
    filling = Infilling(model, small.form)
    for prompt in prompts(model.tokenizer, documents, count, 120, source):
        suffix = b"\n    return result\n"
        exact = -filling.logprob(prompt.before, prompt.after, suffix, end=False)
        ids = [*model.spelling.begin, small.form.prefix, *model.spelling.ids(prompt.before)]
        ids += [small.form.suffix, *model.spelling.ids(suffix), small.form.middle]
        plain = -model.beginning_with(ids).logprob(prompt.after)
        found.append((exact / AHEAD, plain / AHEAD))
    return np.array(found).T


def together(large: ByteModel, small: ByteModel, text: bytes) -> tuple[float, float, float]:
    """Nats a byte of a text: of each alone, and of the mean of both."""
    rows = []
    for model in (large, small, Ensemble([large, small], Mean())):
        lanes, total = model.lanes([text[:1]]), 0.0
        for byte in text[1:]:
            total -= float(lanes.logprobs()[0, byte])
            lanes = lanes.advance([bytes([byte])])
        rows.append(total / (len(text) - 1))
    return rows[0], rows[1], rows[2]


def reference(setting: Setting, small: Small) -> ByteModel:
    """SmolLM2; the small model where a run only shows that all runs."""
    if setting.size == "small":
        return small.model
    folder = Path(os.environ.get("TOKENRY_MODELS", "build/models")) / "smollm2-135m"
    if not folder.is_dir():
        raise CorpusError(f"{folder} is missing; run `make models`, or set TOKENRY_MODELS")
    return ByteModel(causal_model(folder), load(folder), begin=[0], ends=[0])


@dataclass
class Seen:
    """What all parts found."""

    large: dict[str, dict[str, NDArray[np.float64]]]
    small: list[dict[str, float]]
    filling: list[tuple[float, float]]
    ensembles: list[tuple[float, float, float]]


def run(setting: Setting) -> Findings:
    """Read prompts by every way, fill in, and put models together."""
    import torch

    torch.set_num_threads(1)
    sides = Sides.of(setting.data, DOMAINS, limit=setting.pick(120_000, 4_000), held=60_000)
    learnt, held = sides.learnt["code"], sides.held["code"]
    tokenizer = small_tokenizer(learnt, setting.pick(800, 400))
    seen = Seen({}, [], [], [])
    large: Any = None
    for seed in setting.seeds:
        setting.tell(f"model {seed}")
        small = trained(setting, tokenizer, learnt, seed)
        source = random.Random(7)
        ways = mid_token(small.model, prompts(tokenizer, held, setting.pick(40, 3), 100, source))
        seen.small.append({way: float(each.mean()) for way, each in ways.items()})
        exact, plain = filled(small, held, setting.pick(40, 3), source)
        seen.filling.append((float(exact.mean()), float(plain.mean())))
        large = large or reference(setting, small)
        text = held[0].encode()[: setting.pick(100, 12)]
        seen.ensembles.append(together(large, small.model, text))
    for domain in setting.pick(DOMAINS, DOMAINS[:1]):
        setting.tell(f"prompts of {domain}")
        source = random.Random(3)
        every = prompts(large.tokenizer, sides.held[domain], setting.pick(6, 2), 80, source)
        seen.large[domain] = mid_token(large, every)
    return Findings(tables=_tables(seen), checks=_checks(seen), notes=NOTES)


def _tables(seen: Seen) -> tuple[Table, ...]:
    rows: list[tuple[Cell, ...]] = [
        (f"SmolLM2, {domain}", len(ways["exact"]), *(round(float(ways[w].mean()), 3) for w in WAYS))
        for domain, ways in seen.large.items()
    ]
    rows += [
        (f"trained here, seed {at}, code", "", *(round(each[way], 3) for way in WAYS))
        for at, each in enumerate(seen.small)
    ]
    fills = tuple(
        (at, round(exact, 3), round(plain, 3)) for at, (exact, plain) in enumerate(seen.filling)
    )
    both = tuple(
        (at, *(round(each, 3) for each in found)) for at, found in enumerate(seen.ensembles)
    )
    return (
        Table("Prompts cut inside of an id: nats a byte of what follows",
              ("model and text", "prompts", *WAYS), tuple(rows)),
        Table("Filling in code, prefix cut inside of an id: nats a byte",
              ("seed", "exact", "ids of the prefix"), fills),
        Table("SmolLM2 and a small model over another vocabulary, on code: nats a byte",
              ("seed", "SmolLM2", "small", "mean of both"), both),
    )  # fmt: skip


def _checks(seen: Seen) -> tuple[Check, ...]:
    hope = np.concatenate([ways["hope"] - ways["exact"] for ways in seen.large.values()])
    heal = np.concatenate([ways["healing"] - ways["exact"] for ways in seen.large.values()])
    small = [each["hope"] - each["exact"] for each in seen.small]
    fill = [plain - exact for exact, plain in seen.filling]
    gain = [min(one, other) - both for one, other, both in seen.ensembles]
    return (
        check("mid-token prompts: fewer nats a byte than tokenize-and-hope", {
            "SmolLM2": mean_of(hope), "trained here": over_seeds(small)}, matters=NATS),
        check("mid-token prompts, SmolLM2: fewer nats a byte than token healing", mean_of(heal),
              matters=NATS),
        check("filling in: fewer nats a byte than with the ids of the prefix (published: 18% more "
              "solved)", over_seeds(fill), matters=NATS),
        check("the mean of two models over different vocabularies is better than each (published: "
              "up to 3.7%)", over_seeds(gain), matters=NATS),
    )  # fmt: skip


NOTES: Final = (
    "All ways are scored by sums over canonical sequences behind their ids, so that only the "
    "reading of the prompt differs. Digits are single ids of SmolLM2, so its prompts of numbers "
    "are cut inside of words between them.",
    "The text of the ensembles is the beginning of the first held-out solution alone.",
)
EXPERIMENT: Final = Experiment(
    name="Exact byte-level probabilities",
    claim="Exact next-byte probabilities remove the bias of prompts that end inside of a token, "
    "improve filling in by 18% over the usual way and beat token healing, and let models over "
    "different vocabularies be combined, which improves on each (3.7%).",
    scale="Paper: 7-billion-parameter code models, HumanEval infilling. Here: SmolLM2-135M on 24 "
    "prompts of four kinds, and 2 layers of width 64 trained on 120 kB of code by three seeds.",
    baseline="Tokenize-and-hope and token healing on the same prompts and model; each member of an "
    "ensemble.",
    needs=("text", "code", "gsm8k"),
    run=run,
)
