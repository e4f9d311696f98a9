"""S034: what a tokenizer of the domain saves on a labelled task."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import (
    biomedical,
    clinical,
    clinical_rows,
    english,
    first_bytes,
    size_of,
)
from experiments.harness.data import Data
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds, saving
from experiments.harness.verdicts import Check, check, check_bounded
from tokenry.learning import Bpe
from tokenry.tokenizer import Tokenizer

FOLDER = "mts_dialog_clinical"
TRAINING = "TrainingSet"
TESTS = ("ValidationSet", "TestSet-1-MEDIQA-Chat-2023", "TestSet-2-MEDIQA-Sum-2023")
SAVED, FEWER = 0.24, 0.01  # of the tokens: what is claimed, and what would matter
TRAINING_SPEED, INFERENCE_SPEED, FASTER = 1.65, 1.66, 0.05
WORSE, MUCH_WORSE = 1.0, 3.0  # points of accuracy
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """Dialogues and the section of the note that each belongs to."""

    texts: list[str]
    labels: Labels
    test_texts: list[str]
    test_labels: Labels
    classes: int

    def first(self, most: int) -> Task:
        """The same task with fewer documents."""
        return Task(
            self.texts[:most],
            self.labels[:most],
            self.test_texts[:most],
            self.test_labels[:most],
            self.classes,
        )


@dataclass(frozen=True)
class Arm:
    """One tokenizer on the task; seconds of the processor, one value a seed."""

    tokens: NDArray[np.int64]  # of each test document
    training: list[float]
    inference: list[float]
    accuracy: list[float]


def run(setting: Setting) -> Findings:
    """Train the same classifier over two tokenizers of equal size, learnt from equal bytes."""
    task = read_task(setting.data, setting.pick(10**6, 120))
    domain = clinical(setting.data) + biomedical(setting.data)
    domain = first_bytes(domain, setting.pick(10**9, 100_000))
    general = first_bytes(english(setting.data), size_of(domain))
    ids = setting.pick(8_000, 600)
    tokenizers = {
        "general": Bpe(vocab_size=ids).learn(general),
        "of the domain": Bpe(vocab_size=ids).learn(domain),
    }
    arms = {name: _start(tokenizer, task) for name, tokenizer in tokenizers.items()}
    # The first steps of a process are slower: one untimed round on a few dialogues.
    _train(setting, _start(tokenizers["general"], task), tokenizers["general"], task.first(32), 0)
    for seed in setting.seeds:
        for name, tokenizer in tokenizers.items():
            setting.tell(f"seed {seed}: tokenizer {name}")
            _train(setting, arms[name], tokenizer, task, seed)
    notes = (
        f"{len(task.texts):,} dialogues to train on and {len(task.test_texts):,} to test on, "
        f"{task.classes} sections; tokenizers of {ids:,} ids from {size_of(domain) / 1e6:.1f} MB "
        "each: English novels, or the training dialogues, their notes and abstracts of PubMedQA. "
        "No test dialogue is in them.",
        "The published comparison is of two Japanese models that differ in architecture as well as "
        "in tokenizer; there are no Japanese radiology reports here, and the model is the same in "
        "both arms, so this run shows the part that is due to the tokenizer.",
    )
    return Findings((_table(arms),), _checks(arms), notes)


def read_task(data: Data, most: int) -> Task:
    """Section headers of MTS-Dialog by dialogue; sections that are not trained on are left out."""
    learnt = _rows(data, TRAINING)[:most]
    names = sorted({label for _, label in learnt})
    numbers = {name: number for number, name in enumerate(names)}
    held = [row for file in TESTS for row in _rows(data, file) if row[1] in numbers][:most]
    return Task(
        [text for text, _ in learnt],
        np.array([numbers[label] for _, label in learnt]),
        [text for text, _ in held],
        np.array([numbers[label] for _, label in held]),
        len(names),
    )


def _rows(data: Data, part: str) -> list[tuple[str, str]]:
    return [(row["dialogue"], row["section_header"]) for row in clinical_rows(data, part)]


def _start(tokenizer: Tokenizer, task: Task) -> Arm:
    return Arm(tokenizer.count_batch(task.test_texts), [], [], [])


def _train(setting: Setting, arm: Arm, tokenizer: Tokenizer, task: Task, seed: int) -> None:
    from tokenry.neural.recipes.labels import predict_labels, train_classifier
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = setting.pick(
        Shape(width=64, layers=2, context=256), Shape(width=32, layers=1, context=64)
    )
    start = time.process_time()
    model = train_classifier(
        list(tokenizer.encode_batch(task.texts)),
        task.labels,
        tokenizer.n_vocab,
        classes=task.classes,
        shape=shape,
        passes=Passes(passes=setting.pick(6, 1), rate=1e-3),
        seed=seed,
    )
    trained = time.process_time()
    found = predict_labels(model, list(tokenizer.encode_batch(task.test_texts)))
    arm.inference.append(time.process_time() - trained)
    arm.training.append(trained - start)
    arm.accuracy.append(float((found == task.test_labels).mean()))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _table(arms: dict[str, Arm]) -> Table:
    rows = [
        (
            name,
            round(float(arm.tokens.mean()), 1),
            round(_mean(arm.training), 2),
            round(_mean(arm.inference), 3),
            round(100 * _mean(arm.accuracy), 2),
            round(100 * min(arm.accuracy), 2),
            round(100 * max(arm.accuracy), 2),
        )
        for name, arm in arms.items()
    ]
    return Table(
        "One classifier over two tokenizers",
        (
            "tokenizer", "tokens per document", "training s", "inference s", "accuracy %",
            "lowest seed", "highest seed",
        ),
        tuple(rows),
        "Seconds of the processor, encoding included, mean of the seeds.",
    )  # fmt: skip


def _checks(arms: dict[str, Arm]) -> tuple[Check, ...]:
    general, domain = arms["general"], arms["of the domain"]
    saved = saving(general.tokens, domain.tokens)
    points = over_seeds(100 * (np.array(domain.accuracy) - np.array(general.accuracy)))
    return (
        check(
            "24% fewer tokens per document",
            saved,
            claimed=SAVED,
            matters=FEWER,
            found=f"{saved:.1%} fewer",
        ),
        _faster("training", TRAINING_SPEED, general.training, domain.training),
        _faster("inference", INFERENCE_SPEED, general.inference, domain.inference),
        check_bounded(
            "the quality is comparable (here: at most one point of accuracy lower; three for the "
            "direction)",
            -points,
            WORSE,
            loose=MUCH_WORSE,
            found=f"{points:+.1f} points, mean of {len(domain.accuracy)} seeds",
        ),
    )


def _faster(what: str, claimed: float, before: Sequence[float], after: Sequence[float]) -> Check:
    times = over_seeds(np.array(before) / np.array(after))
    return check(
        f"{what} {claimed} times as fast",
        times - 1.0,
        claimed=claimed - 1,
        matters=FASTER,
        found=f"{times:.2f} times as fast",
    )


EXPERIMENT = Experiment(
    name="ModernBERT for Japanese radiology",
    claim="On the same labelled task the model whose tokenizer suits the text has 24% fewer tokens "
    "per document, trains 1.65 times and infers 1.66 times as fast, at comparable quality.",
    scale="paper: 22,778 Japanese chest CT reports, 18 findings, pretrained BERT and ModernBERT; "
    "here: English doctor-patient dialogues (MTS-Dialog), the section of the note as label, a "
    "transformer of 0.6 million parameters trained from nothing, three seeds",
    baseline="the same classifier over a general tokenizer of equal size from equal bytes",
    needs=("text", FOLDER, "pubmedqa"),
    run=run,
)
