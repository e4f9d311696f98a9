"""A pool of many domains, a target that is one of them, and models of what methods choose of it.

All methods have the same raw documents, the same examples of the target and the same budget of
tokens; a model of each choice is read on other documents of the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness import corpora
from experiments.harness.experiment import Setting
from tokenry import learn
from tokenry.corpus.registry import SCORERS
from tokenry.corpus.selection.bigrams import BigramModel
from tokenry.corpus.selection.choosing import choose
from tokenry.corpus.selection.contract import SelectionTask
from tokenry.corpus.selection.ratings import RatingScorer
from tokenry.tokenizer import Tokenizer

TARGET: Final = "biomedical"
POOL: Final = ("english", "multilingual", "legal", "financial", "clinical", "maths", TARGET)
RATED: Final = 10  # of so many raw documents one is rated
BUDGET: Final = 30_000  # tokens, a tenth of all
NEEDS: Final = corpora.FOLDERS
SCALE: Final = (
    "seven domains of 150 kB each, of which one (PubMedQA) is the target; 100 examples of it, "
    "other 100 to measure on; a BPE of 2,000 ids, a transformer of 2 layers and width 128, two "
    "passes; seeds have their own splits"
)


@dataclass(frozen=True, eq=False)
class SelectionPool:
    """What a seed has.

    Attributes:
        task: the tokenizer, raw documents, examples, losses and ratings.
        sizes: tokens of the raw documents.
        wanted: which raw documents are of the target's domain; only raters are told, of a tenth.
        held: documents of the target to measure on.
    """

    task: SelectionTask
    sizes: NDArray[np.int64]
    wanted: NDArray[np.bool_]
    held: Sequence[bytes]

    @property
    def tokenizer(self) -> Tokenizer:
        """Whose tokens are counted."""
        return self.task.tokenizer

    def chosen(self, method: str, budget: float) -> NDArray[np.int64]:
        """Numbers of the documents that a method takes for so many tokens."""
        scorer = SCORERS.load(method).of(self.task)
        return choose(scorer.score(self.task.raw), self.sizes, budget)


def pool(setting: Setting, seed: int) -> SelectionPool:
    """The documents of a seed."""
    limit, examples = setting.pick(150_000, 12_000), setting.pick(100, 10)
    target = corpora.DOMAINS[TARGET](setting.data)
    order = np.random.default_rng(seed).permutation(len(target))
    given, held, rest = np.split(order, (examples, 2 * examples))
    texts, wanted = [], []
    for name in POOL:
        documents = (
            [target[i] for i in rest]
            if name == TARGET
            else corpora.split(corpora.DOMAINS[name](setting.data), 0.5, seed)[0]
        )
        some = corpora.first_bytes(documents, limit)
        texts += some
        wanted += [name == TARGET] * len(some)
    raw = [text.encode() for text in texts]
    tokenizer = learn(texts, vocab_size=setting.pick(2_000, 400))
    inside = np.array(wanted)
    example_texts = [target[i].encode() for i in given]
    task = SelectionTask(
        tokenizer,
        raw,
        example_texts,
        *_models(tokenizer, raw, example_texts),
        ratings=None,
        seed=seed,
    )
    return SelectionPool(
        task, tokenizer.count_batch(raw), inside, [target[i].encode() for i in held]
    )


def _models(
    tokenizer: Tokenizer, raw: Sequence[bytes], target: Sequence[bytes]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Losses of models that read more and more of the target, and their abilities on the rest.

    All read an eighth of the raw documents; the abilities are on a fifth of the examples that none
    of them read.
    """
    held, rest = target[::5], [text for i, text in enumerate(target) if i % 5]
    parts = [rest[: len(rest) * share // 4] for share in range(5)]
    models = [BigramModel.fit(tokenizer, [*raw[::8], *part]) for part in parts]
    losses = np.stack([model.per_byte(raw) for model in models], axis=1)
    abilities = np.array([-float(model.nats(held).sum()) for model in models])
    return losses, abilities


def rated(found: SelectionPool) -> SelectionPool:
    """The same where someone rated a tenth of the raw documents, and those alone are to learn from.

    The rater gives 5 to documents of the target's domain and 1 to others.
    """
    raw = found.task.raw
    seen = np.arange(0, len(raw), RATED)
    scorer = RatingScorer.fit(
        found.tokenizer, [raw[i] for i in seen.tolist()], 1 + 4.0 * found.wanted[seen]
    )
    return replace(found, task=replace(found.task, ratings=scorer.rate(raw)))


def bits(
    setting: Setting, found: SelectionPool, numbers: NDArray[np.int64], seed: int, passes: int = 2
) -> float:
    """Bits a byte of the target's held-out documents, of a model of some raw documents."""
    from tokenry.neural.recipes.language import bits_per_byte, train_language_model
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = setting.pick(Shape(width=128, layers=2), Shape(width=16, layers=1, context=32))
    rows = list(found.tokenizer.encode_batch([found.task.raw[i] for i in numbers]))
    model = train_language_model(
        rows, found.tokenizer.n_vocab, shape=shape, passes=Passes(passes=passes, batch=8),
        seed=seed,
    )  # fmt: skip
    held = list(found.tokenizer.encode_batch(found.held))
    return bits_per_byte(model, held, sum(map(len, found.held)))
