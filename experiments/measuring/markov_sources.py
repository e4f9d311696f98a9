"""S013: sources whose optimum is known, under models of letters and of tokens.

A source of order k repeats the letter k places back, or with a small probability the other one: its
letters alone look like coin tosses, and its entropy rate is known. A unigram model of letters stays
at one bit. Tokens are stretches that the source likes, so a unigram model of them comes near the
optimum as there are more of them. Then a small transformer reads the same text in letters and in
tokens.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.trained import bits_under
from experiments.harness.verdicts import check, check_bounded
from tokenry.learning import Bpe
from tokenry.tokenizer import Tokenizer

ORDERS: Final = (1, 2, 4)
OTHER: Final = 0.1  # the probability of the other letter
LENGTH: Final = 1_000  # letters of a document
LETTERS: Final = 256  # ids of bytes, two of which are used
SIZES: Final = (LETTERS + 6, LETTERS + 30, LETTERS + 126, LETTERS + 1022)
NEAR, LOOSE = 0.15, 0.3  # of the optimum
MATTERS: Final = 0.02  # bits a letter


@dataclass(frozen=True, slots=True)
class Text:
    """Documents of one source, and what a letter of it costs at best."""

    learnt: list[str]
    held: list[str]
    optimum: float


def source(order: int, seed: int, learnt: int, held: int) -> Text:
    """Documents of a source of an order.

    >>> source(1, 0, 1, 0).learnt[0][:12]
    'aaaaaaaaaaaa'
    """
    drawn = np.random.default_rng([seed, order])
    flips = drawn.random((learnt + held, LENGTH)) < OTHER
    flips[:, :order] = drawn.random((learnt + held, order)) < 0.5
    letters = np.zeros_like(flips)
    for start in range(order):
        letters[:, start::order] = np.logical_xor.accumulate(flips[:, start::order], axis=1)
    documents = ["".join("ab"[each] for each in row) for row in letters.astype(int).tolist()]
    optimum = -OTHER * math.log2(OTHER) - (1 - OTHER) * math.log2(1 - OTHER)
    return Text(documents[:learnt], documents[learnt:], optimum)


def unigram_bits(tokenizer: Tokenizer, text: Text) -> float:
    """Bits a letter of held-out text under counts of the ids of the other, each one more."""
    counts = np.bincount(tokenizer.encode_batch(text.learnt).ids, minlength=tokenizer.n_vocab) + 1.0
    held = tokenizer.encode_batch(text.held).ids
    return float(-np.log2(counts[held] / counts.sum()).sum() / (len(text.held) * LENGTH))


def run(setting: Setting) -> Findings:
    """Unigram models and transformers over letters and tokens of each source."""
    sizes = setting.pick(SIZES, SIZES[:1])
    unigrams: dict[tuple[int, int], list[float]] = {}
    trained: dict[tuple[int, str], tuple[float, ...]] = {}
    optimum = 0.0
    for order in setting.pick(ORDERS, ORDERS[:1]):
        text = source(order, setting.draw, *setting.pick((250, 60), (10, 4)))
        letters = Bpe(vocab_size=LETTERS, pretokenizer="whole").learn(text.learnt[:1])
        tokens = letters
        for size in (LETTERS, *sizes):
            for seed in setting.seeds:
                setting.tell(f"order {order}, {size:,} ids, source {seed}")
                drawn = source(order, seed, *setting.pick((500, 100), (10, 4)))
                optimum = drawn.optimum
                learnt = Bpe(vocab_size=size, pretokenizer="whole", threads=1).learn(drawn.learnt)
                unigrams.setdefault((order, size), []).append(unigram_bits(learnt, drawn))
            if size <= LETTERS + 126:  # each must be read often to be learnt
                tokens = Bpe(vocab_size=size, pretokenizer="whole", threads=1).learn(text.learnt)
        for name, tokenizer in (("letters", letters), ("tokens", tokens)):
            trained[order, name] = _trained(setting, f"order {order}, {name}", tokenizer, text)
    return _findings(unigrams, trained, optimum)


def _trained(setting: Setting, name: str, tokenizer: Tokenizer, text: Text) -> tuple[float, ...]:
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = Shape(width=32, layers=2, heads=4, context=64)
    passes = Passes(rate=4e-3, batch=16)
    return bits_under(setting, name, tokenizer, text.learnt, text.held, shape, passes)


def _findings(
    unigrams: dict[tuple[int, int], list[float]],
    trained: dict[tuple[int, str], tuple[float, ...]],
    optimum: float,
) -> Findings:
    orders = sorted({order for order, _ in unigrams})
    largest = max(size for _, size in unigrams)
    excess = {
        f"order {k}": over_seeds(np.array(unigrams[k, largest]) / optimum - 1) for k in orders
    }
    gained = {
        f"order {k}": over_seeds(np.subtract(unigrams[k, LETTERS], unigrams[k, largest]))
        for k in orders
    }
    saved = {
        f"order {k}": over_seeds(np.subtract(trained[k, "letters"], trained[k, "tokens"]))
        for k in orders
    }
    checks = (
        check_bounded(
            f"a unigram model of tokens comes near the optimum: at most {NEAR:.0%} above it at "
            f"{largest - LETTERS:,} tokens ({LOOSE:.0%} for the direction)",
            excess, NEAR, loose=LOOSE,
        ),
        check(
            "a unigram model of letters stays far above one of tokens, in bits a letter (optimum "
            f"{optimum:.3f}, letters alone 1)",
            gained, matters=MATTERS, claimed=0.4,
        ),
        check(
            "a transformer needs fewer bits a letter with tokens than with letters of the same "
            "text (recalled: with letters it stays at a unigram model for orders above 1)",
            saved, matters=MATTERS, claimed=0.2,
        ),
    )  # fmt: skip
    return Findings(_tables(unigrams, trained, optimum), checks, NOTES)


def _tables(
    unigrams: dict[tuple[int, int], list[float]],
    trained: dict[tuple[int, str], tuple[float, ...]],
    optimum: float,
) -> tuple[Table, ...]:
    first = tuple(
        (order, size, *_figures(bits), round(optimum, 4))
        for (order, size), bits in unigrams.items()
    )
    second = tuple(
        (order, name, *_figures(bits), round(optimum, 4)) for (order, name), bits in trained.items()
    )
    columns = ("bits a letter", "low", "high", "optimum")
    return (
        Table("Unigram models", ("order", "ids", *columns), first, f"{LETTERS} ids: letters."),
        Table("Transformers", ("order", "read in", *columns), second, "Ends of documents too."),
    )


def _figures(bits: Sequence[float]) -> tuple[float, float, float]:
    found = over_seeds(bits)
    return round(found.value, 4), round(found.low, 4), round(found.high, 4)


NOTES: Final = (
    "Both transformers read 250,000 letters once; the one of letters makes more steps for it, so "
    "with equal text it has more compute.",
    "Vocabularies count the 256 bytes, of which the text uses two.",
)

EXPERIMENT = Experiment(
    name="Theory of tokenization",
    claim="On sources of order k, models of letters fall back to a unigram model, and even a "
    "unigram model of tokens comes near the optimum; a transformer with tokens does too.",
    scale="Paper: sources of small orders, dictionaries to thousands of tokens, GPT-2-like models. "
    "Here: two letters, orders 1, 2 and 4, a million letters for each of three sources; "
    "transformers of two layers of width 32, three seeds.",
    baseline="A unigram model of letters, the entropy rate of the source, and the same transformer "
    "over letters.",
    needs=(),
    run=run,
)
