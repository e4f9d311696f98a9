"""S007: what shallow encoders that were never trained say of a sentence, by tokenization.

There are no recordings of readers here. Their place takes what a trained encoder (MiniLM) makes of
the same sentences: features of an untrained transformer, the mean over its places, are mapped to it
by ridge regression, and sentences held out are predicted. Tokens, words and bytes are fed to the
same encoders of no, one, two and six layers.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import english, first_bytes, flores
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.trained import once
from experiments.harness.verdicts import Baseline, Check, check
from tokenry.errors import CorpusError
from tokenry.learning import Bpe

WIDTH: Final = 256
LAYERS: Final = (0, 1, 2, 6)
SHALLOW, DEEP = 1, 6
READINGS: Final = ("tokens", "words", "bytes")
PENALTIES: Final = (0.1, 1.0, 10.0, 100.0)
Floats = NDArray[np.float64]
Rows = list[list[int]]


def read(reading: str, sentences: Sequence[str], learnt: Sequence[str], size: int) -> Rows:
    """Ids of sentences: tokens of BPE, words by their number, or bytes."""
    if reading == "bytes":
        return [list(sentence.encode()) for sentence in sentences]
    if reading == "tokens":
        tokenizer = Bpe(vocab_size=size).learn(learnt)
        return [tokenizer.encode(sentence) for sentence in sentences]
    words = [sentence.split() for sentence in sentences]
    numbers = {word: at for at, word in enumerate(sorted({w for each in words for w in each}))}
    return [[numbers[word] for word in each] for each in words]


def features(rows: Rows, layers: int, width: int, seed: int) -> Floats:
    """The mean over the places of an untrained encoder, shape (sentences, width)."""
    import torch

    from tokenry.neural.recipes.sizes import Shape

    ids = max(id_ for row in rows for id_ in row) + 1
    shape = Shape(width=width, layers=max(1, layers), heads=4, spread=0.1)
    model = shape.classifier(ids, 2).build(seed=seed)
    found = []
    with torch.no_grad():
        for row in rows:
            given = torch.tensor([row])
            hidden = model.hidden(given).hidden if layers else model.embed(given)
            found.append(hidden[0].mean(dim=0).numpy())
    return np.array(found, dtype=np.float64)


def predicted(inputs: Floats, targets: Floats) -> float:
    """Mean correlation of predicted with true targets on the last quarter of the sentences.

    The penalty of the ridge is the one that predicts the third quarter best.
    """
    half, three = len(inputs) // 2, 3 * len(inputs) // 4
    scores = [
        _correlation(inputs[:half], targets[:half], inputs[half:three], targets[half:three], each)
        for each in PENALTIES
    ]
    best = PENALTIES[int(np.argmax(scores))]
    return _correlation(inputs[:three], targets[:three], inputs[three:], targets[three:], best)


def _correlation(x: Floats, y: Floats, new_x: Floats, new_y: Floats, penalty: float) -> float:
    mean, scale = x.mean(0), x.std(0) + 1e-9
    known, new = (x - mean) / scale, (new_x - mean) / scale
    gram = known.T @ known + penalty * len(x) * np.eye(x.shape[1]) / 10
    said = new @ np.linalg.solve(gram, known.T @ (y - y.mean(0)))
    apart = said - said.mean(0), new_y - new_y.mean(0)
    over = np.linalg.norm(apart[0], axis=0) * np.linalg.norm(apart[1], axis=0) + 1e-12
    return float(((apart[0] * apart[1]).sum(0) / over).mean())


def targets(setting: Setting, sentences: Sequence[str]) -> Floats:
    """What MiniLM makes of sentences; a small run draws something of as many."""
    if setting.size == "small":
        return np.random.default_rng(0).normal(size=(len(sentences), 4))
    folder = Path(os.environ.get("TOKENRY_MODELS") or "build/models") / "all-minilm-l6-v2"
    if not folder.is_dir():
        raise CorpusError(f"{folder} is missing; run `make models`, or set TOKENRY_MODELS")
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    with torch.no_grad():
        found = [
            model(**tokenizer(each, return_tensors="pt")).last_hidden_state[0].mean(0).numpy()
            for each in sentences
        ]
    return np.array(found, dtype=np.float64)


def run(setting: Setting) -> Findings:
    """Predict the trained encoder from untrained ones of every depth and reading."""
    sentences = flores(setting.data)["eng_Latn"][: setting.pick(None, 40)]
    learnt = first_bytes(english(setting.data), setting.pick(1_000_000, 30_000))
    wanted = targets(setting, sentences)
    size, width = setting.pick((4_000, WIDTH), (400, 16))
    found: dict[tuple[str, int], Floats] = {}
    for reading in READINGS:
        rows = read(reading, sentences, learnt, size)
        for layers in setting.pick(LAYERS, (0, SHALLOW, DEEP)):
            setting.tell(f"{reading}, {layers} layers")
            one = partial(_score, rows, layers, width, wanted)
            given = (reading, layers, width, size)
            scores = [once(setting, "untrained", given, seed, one) for seed in setting.seeds]
            found[reading, layers] = np.array(scores)
    return Findings((_table(found),), _checks(found), NOTES)


def _score(rows: Rows, layers: int, width: int, wanted: Floats, seed: int) -> float:
    return predicted(features(rows, layers, width, seed), wanted)


def _checks(found: dict[tuple[str, int], Floats]) -> tuple[Check, ...]:
    shallow = found["tokens", SHALLOW]
    base = Baseline(float(found["bytes", SHALLOW].mean()), floor=0.0, ceiling=1.0)
    return (
        check(
            "features of untrained shallow encoders predict what a trained one makes of a "
            "sentence (correlation)",
            over_seeds(shallow), matters=0.05, claimed=0.2,
        ),
        check(
            "tokens predict better than bytes, through the same encoder",
            over_seeds(shallow - found["bytes", SHALLOW]), matters=0.02, claimed=0.05,
            baseline=base,
        ),
        check(
            "attention adds to the tokens alone",
            over_seeds(shallow - found["tokens", 0]), matters=0.01, claimed=0.02,
        ),
        check(
            "and one layer of it is better than six",
            over_seeds(shallow - found["tokens", DEEP]), matters=0.01, claimed=0.02,
        ),
    )  # fmt: skip


def _table(found: dict[tuple[str, int], Floats]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (reading, layers), scores in found.items():
        each = over_seeds(scores)
        rows.append(
            (reading, layers, *(round(cell, 4) for cell in (each.value, each.low, each.high)))
        )
    return Table(
        "Correlation with what a trained encoder makes of sentences held out",
        ("read in", "layers", "mean correlation", "low", "high"),
        tuple(rows),
        "No layers: the mean of drawn rows. Intervals over weights.",
    )


NOTES: Final = (
    "The paper predicts recordings of the language network of the brain, and reading times; none "
    "are in the data, and a trained sentence encoder stands in for them under its own name.",
)

EXPERIMENT = Experiment(
    name="Brain-like shallow untrained attention",
    claim="Shallow encoders with untrained attention predict responses to language well; how text "
    "is tokenized matters most, attention adds to it, and depth does not help.",
    scale="Paper: recordings of the brain for hundreds of sentences, encoders of LLaMA's shape. "
    "Here: 500 sentences of FLORES a draw, MiniLM for the recordings, width 256, three seeds.",
    baseline="The same encoders over bytes and words; drawn rows without attention; six layers.",
    needs=("text", "flores_dev"),
    run=run,
)
