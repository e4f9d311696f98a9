"""Exact bytes beside tokenize-and-hope and token healing: mid-token prompts, filling in, ensembles.

Source: Phan et al. 2024, "Exact Byte-Level Probabilities from Tokenized Language Models for
FIM-Tasks and Model Ensembles", arXiv:2410.09303. There models of 7 billion parameters write code;
here SmolLM2-135M and three small models that are trained here, one a seed, read prose, code,
numbers and Chinese; the small ones fill in code too.

A prompt is cut inside of an id. *Hope* keeps the ids that `encode` makes of it; *healing* takes the
last of them back and lets the next ones begin with its bytes. All three are scored by the same sum
over bytes behind their ids: the negative logarithm of the probability of what really follows.

Ensembles are in `experiments.decoding.byte_ensembles`.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.byte_ensembles import (
    Ensembles,
    ensemble_checks,
    ensemble_tables,
    put_together,
)
from experiments.decoding.small_models import passes_of, shape_of, tokenizers
from experiments.harness.corpora import Sides
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of, over_seeds
from experiments.harness.verdicts import Check, Estimate, check
from tokenry.decoding.bytewise import ByteModel, FillFormat, Infilling
from tokenry.errors import CorpusError
from tokenry.models import causal_model
from tokenry.tokenizer import Tokenizer, load

DOMAINS: Final = ("english", "code", "maths", "chinese")
AHEAD: Final = 8  # bytes of a continuation
WAYS: Final = ("exact", "healing", "hope")
DIGITS: Final = frozenset(b"0123456789")
NATS: Final = 0.02  # a byte: a difference that would matter


@dataclass(frozen=True)
class Prompt:
    """A text that is cut inside of an id, and what follows."""

    before: bytes
    after: bytes


def prompts(
    tokenizer: Tokenizer,
    documents: list[str],
    count: int,
    length: int,
    source: random.Random,
    *,
    numbers: bool = False,
) -> list[Prompt]:
    """Prompts of about ``length`` bytes whose end is inside of an id of the whole text.

    With ``numbers`` that id is one of several digits.
    """
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
            if not numbers or DIGITS.issuperset(text[begin:end])
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
    """A model that was trained here, to go on and to fill in.

    Attributes:
        model: read byte by byte.
        form: how it is told what to fill in.
        trained: the same to be trained further.
    """

    model: ByteModel
    form: FillFormat
    trained: Any


def trained(
    setting: Setting, tokenizer: Tokenizer, learnt: dict[str, list[str]], seed: int
) -> Small:
    """Documents of all kinds as they are; those of code cut into three too, the middle last."""
    from tokenry.neural.recipes.language import train_language_model

    size, source = len(tokenizer.vocabulary), random.Random(seed)
    rows = [np.array(tokenizer.encode(each)) for every in learnt.values() for each in every]
    for document in [*learnt["code"], *learnt["code"]]:
        ids = tokenizer.encode(document)
        first, last = sorted(source.sample(range(len(ids) + 1), 2))
        rows.append(
            np.array([size, *ids[:first], size + 1, *ids[last:], size + 2, *ids[first:last]])
        )
    made = train_language_model(
        rows, size + 3, shape=shape_of(setting), passes=passes_of(setting), seed=seed
    )
    model = ByteModel(causal_model(made.model), tokenizer, begin=[made.end], ends=[made.end])
    return Small(model, FillFormat(size, size + 1, size + 2), made)


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
    """What all parts found: nats a byte by domain and way, of SmolLM2 and by seed; middles."""

    large: dict[str, dict[str, NDArray[np.float64]]]
    small: list[dict[str, dict[str, float]]]
    filling: list[tuple[float, float]]
    ensembles: Ensembles


def run(setting: Setting) -> Findings:
    """Read prompts by every way, fill in, and put models together."""
    import torch

    torch.set_num_threads(1)
    sides = Sides.of(setting.data, DOMAINS, limit=setting.pick(60_000, 4_000), held=60_000)
    one, other = tokenizers(setting, sides)
    seen = Seen({}, [], [], Ensembles())
    large: Any = None
    for seed in setting.seeds:
        setting.tell(f"models of seed {seed}")
        small = trained(setting, one, sides.learnt, seed)
        partner = trained(setting, other, sides.learnt, seed)
        seen.small.append(_read_by(setting, small.model, sides))
        exact, plain = filled(small, sides.held["code"], setting.pick(40, 3), random.Random(7))
        seen.filling.append((float(exact.mean()), float(plain.mean())))
        large = large or reference(setting, small)
        put_together(setting, seen.ensembles, (small, partner, large), sides, seed)
    for domain in setting.pick(DOMAINS, DOMAINS[:1]):
        setting.tell(f"prompts of {domain}")
        source = random.Random(3)
        every = prompts(large.tokenizer, sides.held[domain], setting.pick(30, 2), 80, source)
        seen.large[domain] = mid_token(large, every)
    return Findings(tables=_tables(seen), checks=_checks(seen), notes=NOTES)


def _read_by(setting: Setting, model: ByteModel, sides: Sides) -> dict[str, dict[str, float]]:
    """Nats a byte by domain and way; numbers are cut between digits."""
    found = {}
    for domain in setting.pick(DOMAINS, DOMAINS[:1]):
        every = prompts(
            model.tokenizer, sides.held[domain], setting.pick(16, 2), 80, random.Random(7),
            numbers=domain == "maths",
        )  # fmt: skip
        found[domain] = {way: float(each.mean()) for way, each in mid_token(model, every).items()}
    return found


def _tables(seen: Seen) -> tuple[Table, ...]:
    rows: list[tuple[Cell, ...]] = [
        (f"SmolLM2, {domain}", len(ways["exact"]), *(round(float(ways[w].mean()), 3) for w in WAYS))
        for domain, ways in seen.large.items()
    ]
    for domain in seen.small[0]:
        means = (np.mean([each[domain][way] for each in seen.small]) for way in WAYS)
        rows.append((f"trained here, {domain}", "", *(round(float(each), 3) for each in means)))
    fills = tuple(
        (at, round(exact, 3), round(plain, 3)) for at, (exact, plain) in enumerate(seen.filling)
    )
    return (
        Table("Prompts cut inside of an id: nats a byte of what follows",
              ("model and text", "prompts", *WAYS), tuple(rows),
              "Those trained here: means over the seeds, 16 prompts each."),
        Table("Filling in code, prefix cut inside of an id: nats a byte",
              ("seed", "exact", "ids of the prefix"), fills),
        *ensemble_tables(seen.ensembles),
    )  # fmt: skip


def _checks(seen: Seen) -> tuple[Check, ...]:
    def apart(way: str) -> dict[str, Estimate]:
        large = np.concatenate([ways[way] - ways["exact"] for ways in seen.large.values()])
        small = [
            float(np.mean([ways[way] - ways["exact"] for ways in each.values()]))
            for each in seen.small
        ]
        return {"SmolLM2": mean_of(large), "trained here": over_seeds(small)}

    fill = [plain - exact for exact, plain in seen.filling]
    return (
        check("mid-token prompts: fewer nats a byte than tokenize-and-hope", apart("hope"),
              matters=NATS),
        check("mid-token prompts: fewer nats a byte than token healing", apart("healing"),
              matters=NATS),
        check("filling in: fewer nats a byte than with the ids of the prefix (published: 18% more "
              "solved)", over_seeds(fill), matters=NATS),
        *ensemble_checks(seen.ensembles),
    )  # fmt: skip


NOTES: Final = (
    "All ways are scored by sums over canonical sequences behind their ids, so that only the "
    "reading of the prompt differs. Digits are single ids of SmolLM2, so its prompts of numbers "
    "are cut inside of words between them; those of the models trained here between digits.",
    "Models that are put together with each other learnt from the same text, as often, with the "
    "same sizes but for the rows of their ids.",
)
EXPERIMENT: Final = Experiment(
    name="Exact byte-level probabilities",
    claim="Exact next-byte probabilities remove the bias of prompts that end inside of a token, "
    "improve filling in by 18% over the usual way and beat token healing, and let models over "
    "different vocabularies be combined, which improves on each (3.7%).",
    scale="Paper: 7-billion-parameter code models, HumanEval infilling. Here: SmolLM2-135M on 120 "
    "prompts of four kinds, and 2 layers of width 64 trained on 60 kB of each kind by three seeds.",
    baseline="Tokenize-and-hope and token healing on the same prompts and model; each member of an "
    "ensemble.",
    needs=("text", "code", "gsm8k"),
    run=run,
)
