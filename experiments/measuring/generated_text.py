"""S145: text that a model made up against the text that it learnt from, token by token.

A small model learns from novels and makes up as much text. Counts of pairs of tokens, of one half
of both, say of the other half which is which. Then tokenizers of the same size are learnt from as
many bytes of each, and encode novels that neither has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import english, first_bytes, size_of, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.trained import once
from experiments.harness.verdicts import check
from experiments.measuring.sampling import sampled
from tokenry.learning import Bpe
from tokenry.tokenizer import Tokenizer

IDS: Final = 1_000
LENGTH: Final = 120  # ids of a text
LEARNT_IDS: Final = 2_000
Ids = Sequence[NDArray[np.unsignedinteger[Any]]]
FIGURES: Final = ("told apart", "pairs seen before", "ids used", "more tokens", "more, human")


def told_apart(human: Ids, made: Ids, ids: int) -> float:
    """The chance that a made text looks more like other made ones than a human one does.

    Each text is weighed by counts of pairs of ids (each one more) of the other half of its kind.
    """
    human_counts, made_counts = (_pairs(each[::2], ids) for each in (human, made))
    weight = np.log(made_counts / made_counts.sum(1, keepdims=True)) - np.log(
        human_counts / human_counts.sum(1, keepdims=True)
    )
    scores = [
        np.array([float(weight[row[:-1], row[1:]].mean()) for row in each[1::2] if len(row) > 1])
        for each in (human, made)
    ]
    larger = scores[1][:, None] > scores[0][None]
    same = scores[1][:, None] == scores[0][None]
    return float(larger.mean() + same.mean() / 2)


def _pairs(rows: Ids, ids: int) -> NDArray[np.float64]:
    counts = np.full((ids, ids), 1 / ids)
    for row in rows:
        np.add.at(counts, (row[:-1], row[1:]), 1.0)
    return counts


def figures(setting: Setting, tokenizer: Tokenizer, documents: list[str], seed: int) -> list[float]:
    """`FIGURES` of one model; a part of the novels that it never reads is held out for them."""
    from tokenry.neural.recipes.language import train_language_model
    from tokenry.neural.recipes.sizes import Passes, Shape

    setting.tell(f"a model that makes up novels, seed {seed}")
    learnt, held = split(documents, held=0.5, seed=seed)
    shape = Shape(width=setting.pick(96, 16), layers=2, context=LENGTH + 1)
    rows = list(tokenizer.encode_batch(learnt))
    model = train_language_model(
        rows, tokenizer.n_vocab, shape=shape, passes=Passes(rate=3e-3), seed=seed
    )
    count = setting.pick(1_000, 20)
    made = sampled(model, tokenizer, count, LENGTH, seed)
    human = _cut(tokenizer, held, count)
    made_ids, human_ids = (list(tokenizer.encode_batch(each)) for each in (made, human))
    return [
        told_apart(human_ids, made_ids, tokenizer.n_vocab),
        _seen(made_ids, rows) - _seen(human_ids, rows),
        _used(made_ids) / _used(human_ids) - 1,
        *_costs(setting.pick(LEARNT_IDS, 300), made, learnt, held[len(held) // 2 :]),
    ]


def _cut(tokenizer: Tokenizer, documents: Sequence[str], count: int) -> list[str]:
    """Stretches of as many ids, from the first half of the documents held out."""
    first = documents[: len(documents) // 2]
    ids = np.concatenate(list(tokenizer.encode_batch(first)))
    places = range(0, len(ids) - LENGTH, LENGTH)
    return [tokenizer.decode(ids[at : at + LENGTH].tolist()) for at in places][:count]


def _seen(rows: Ids, learnt: Ids) -> float:
    """The share of triples of ids that the text to learn from has, too."""
    known = {triple for row in learnt for triple in _triples(row)}
    found = [triple in known for row in rows for triple in _triples(row)]
    return float(np.mean(found))


def _triples(row: NDArray[np.unsignedinteger[Any]]) -> list[tuple[int, ...]]:
    ids = row.tolist()
    return list(zip(ids, ids[1:], ids[2:], strict=False))


def _used(rows: Ids) -> int:
    return len(np.unique(np.concatenate(list(rows))))


def _costs(ids: int, made: list[str], learnt: list[str], held: list[str]) -> tuple[float, float]:
    """How many more tokens novels take with a tokenizer learnt from made text, and from as much
    of other novels, than with one that had all of them to learn from."""
    size = size_of(made)
    counts = [
        int(Bpe(vocab_size=ids).learn(each).count_batch(held).sum())
        for each in (learnt, made, first_bytes(learnt, size))
    ]
    return counts[1] / counts[0] - 1, counts[2] / counts[0] - 1


def run(setting: Setting) -> Findings:
    """Train, make up, tell apart and learn tokenizers, with every seed."""
    documents = first_bytes(english(setting.data), setting.pick(2_400_000, 60_000))
    tokenizer = Bpe(vocab_size=setting.pick(IDS, 400)).learn(documents[::4])
    one = partial(figures, setting, tokenizer, documents)
    given = (tokenizer.fingerprint(), size_of(documents))
    found = np.array([once(setting, "generated", given, s, one) for s in setting.seeds])
    apart, _, _, made, human = found.T
    checks = (
        check(
            "counts of pairs of tokens tell made text from human text (chance of the right order, "
            "less a half)",
            over_seeds(apart - 0.5), matters=0.05, claimed=0.2,
        ),
        check(
            "a tokenizer learnt from made text needs more tokens for human text than one from as "
            "much human text",
            over_seeds(made - human), matters=0.005, claimed=0.02,
        ),
    )  # fmt: skip
    return Findings((_table(found),), checks, NOTES)


def _table(found: NDArray[np.float64]) -> Table:
    names = (
        "made text told from human (AUC)",
        "triples of ids seen in training: made less human, points",
        "different ids used: made against human, %",
        "tokens of novels, tokenizer of made text: more than from all novels, %",
        "the same from as many bytes of novels, %",
    )
    rows: list[tuple[Cell, ...]] = []
    for at, name in enumerate(names):
        each = over_seeds(found[:, at]) * (100 if at else 1)
        rows.append((name, *(round(cell, 3) for cell in (each.value, each.low, each.high))))
    return Table("Made and human text", ("figure", "mean", "low", "high"), tuple(rows))


NOTES: Final = (
    "The paper looks at text of large models by many tests; here a small model stands in, drawn "
    "from without any change of its probabilities, which is further from human text than they are.",
)

EXPERIMENT = Experiment(
    name="Artifactuality of generated data",
    claim="Generated text can be told from human text by its tokens, and what is learnt from it is "
    "worse for human text.",
    scale="Paper: data sets made by large models, against human ones. Here: a transformer of two "
    "layers of width 96 on 1.2 MB of English novels a draw, 1,000 texts of 120 ids, tokenizers of "
    "2,000 ids, three seeds with their own halves of the novels.",
    baseline="Novels that the model has not read, as many bytes of them; tokenizers learnt from as "
    "many bytes of novels.",
    needs=("text",),
    run=run,
)
