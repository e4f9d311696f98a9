"""Models over different vocabularies put together byte by byte, beside each of them.

Two kinds. *Equals*: two small models that learnt from the same text, over vocabularies that were
learnt apart. *With SmolLM2*: it and a small model that went on to learn Chinese, which SmolLM2
hardly knows, by the mean, by the geometric mean, and moved as far as the small one was moved by
learning Chinese (proxy-tuned: Liu et al. 2024, arXiv:2401.08565).

What members say is read once along a text and combined in every way.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.decoding.small_models import passes_of
from experiments.harness.corpora import Sides, first_bytes
from experiments.harness.experiment import Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check
from tokenry.decoding.bytewise import ByteModel, GeometricMean, Mean, ProxyTuned
from tokenry.decoding.bytewise.ensembles import Combination
from tokenry.models import causal_model

Floats = NDArray[np.float64]
NATS: Final = 0.02
GIVEN: Final = 60  # bytes that are read before the first is scored
WAYS: Final[dict[str, Combination]] = {"mean": Mean(), "geometric mean": GeometricMean()}


@dataclass
class Ensembles:
    """Nats a byte by seed.

    Attributes:
        equals: of each member and each way.
        large: the same with SmolLM2.
    """

    equals: list[dict[str, float]] = field(default_factory=list)
    large: list[dict[str, float]] = field(default_factory=list)
    read: dict[bytes, Floats] = field(default_factory=dict)


def passages(documents: Sequence[str], count: int, length: int) -> list[bytes]:
    """The beginnings of the first documents that are long enough, whole characters."""
    found = [
        document.encode()[:length] for document in documents if len(document.encode()) > length
    ]
    return [each.decode("utf-8", "ignore").encode() for each in found[:count]]


def said(model: ByteModel, text: bytes) -> Floats:
    """Logarithms of the probabilities of each byte behind `GIVEN`, shape (bytes, 257)."""
    lanes, rows = model.lanes([text[:GIVEN]]), []
    for byte in text[GIVEN:]:
        rows.append(lanes.logprobs()[0])
        lanes = lanes.advance([bytes([byte])])
    return np.array(rows)


def nats(logprobs: Floats, text: bytes) -> float:
    """Of each byte of a text behind `GIVEN`."""
    followed = np.frombuffer(text[GIVEN:], np.uint8)
    return float(-logprobs[np.arange(len(followed)), followed].mean())


def put_together(
    setting: Setting, found: Ensembles, models: tuple[Any, Any, ByteModel], sides: Sides, seed: int
) -> None:
    """Score both kinds for one seed.

    Args:
        setting: of the run.
        found: gets what came of it.
        models: two small ones over different vocabularies, and SmolLM2.
        sides: text.
        seed: of the training.
    """
    small, partner, large = models
    count, length = setting.pick((3, GIVEN + 60), (1, GIVEN + 4))
    texts = [each for held in sides.held.values() for each in passages(held, count, length)]
    scores: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        rows = np.stack([said(small.model, text), said(partner.model, text)])
        _score(scores, ("one", "other"), rows, text)
    found.equals.append({name: float(np.mean(each)) for name, each in scores.items()})
    setting.tell(f"Chinese, seed {seed}")
    tuned = _tuned(setting, small, sides, seed)
    scores = defaultdict(list)
    for text in passages(sides.held["chinese"], setting.pick(6, 1), length):
        if text not in found.read:
            found.read[text] = said(large, text)
        rows = np.stack([found.read[text], said(tuned, text)])
        _score(scores, ("SmolLM2", "small, Chinese"), rows, text)
        moved = ProxyTuned()(np.stack([*rows, said(small.model, text)]))
        scores["proxy-tuned"].append(nats(moved, text))
    found.large.append({name: float(np.mean(each)) for name, each in scores.items()})


def _score(
    scores: dict[str, list[float]], names: tuple[str, str], rows: Floats, text: bytes
) -> None:
    for name, member in zip(names, rows, strict=True):
        scores[name].append(nats(member, text))
    for name, way in WAYS.items():
        scores[name].append(nats(way(rows), text))


def _tuned(setting: Setting, small: Any, sides: Sides, seed: int) -> ByteModel:
    """The same small model once it has read more Chinese."""
    from tokenry.neural.recipes.language import train_language_model

    tokenizer = small.model.tokenizer
    learnt = first_bytes(_chinese(setting), setting.pick(200_000, 3_000))
    rows = [np.array(tokenizer.encode(each)) for each in learnt]
    made = train_language_model(
        rows, small.trained.end, passes=passes_of(setting), seed=seed,
        start=copy.deepcopy(small.trained),
    )  # fmt: skip
    return ByteModel(causal_model(made.model), tokenizer, begin=[made.end], ends=[made.end])


def _chinese(setting: Setting) -> list[str]:
    return Sides.of(setting.data, ["chinese"]).learnt["chinese"]


def ensemble_tables(found: Ensembles) -> tuple[Table, Table]:
    """Rows by seed."""
    titles = (
        "Two small models over different vocabularies, prose, code, numbers and Chinese",
        "SmolLM2 and a small model that learnt Chinese, on Chinese",
    )
    first, second = (
        Table(
            f"{title}: nats a byte",
            ("seed", *rows[0]),
            tuple((at, *(round(v, 3) for v in row.values())) for at, row in enumerate(rows)),
        )
        for title, rows in zip(titles, (found.equals, found.large), strict=True)
    )
    return first, second


def ensemble_checks(found: Ensembles) -> tuple[Check, Check]:
    """Each way beside the better member; proxy-tuning beside the model that it moves."""
    equals = {
        way: over_seeds([min(row["one"], row["other"]) - row[way] for row in found.equals])
        for way in WAYS
    }
    large = {
        way: over_seeds(
            [min(row["SmolLM2"], row["small, Chinese"]) - row[way] for row in found.large]
        )
        for way in WAYS
    }
    large["proxy-tuned"] = over_seeds([row["SmolLM2"] - row["proxy-tuned"] for row in found.large])
    return (
        check("two models of equal strength over different vocabularies are better together than "
              "each (published: up to 3.7%)", equals, matters=NATS),
        check("SmolLM2 and a small model of the domain are better together than each; moved by "
              "the small one's tuning SmolLM2 is better than alone", large, matters=NATS),
    )  # fmt: skip
