"""Decimal sums, cut by number policies, and small models that add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Setting
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

Sums = NDArray[np.int64]
Right = NDArray[np.bool_]
MOST_PLACES: Final = 5  # of a sum
SHORT: Final = 3  # each third sum to learn has addends of one group, which all policies cut alike


@dataclass(frozen=True, slots=True)
class Split:
    """Sums to learn, to choose rates, to decide; of those asked for none is learnt."""

    train: Sums
    development: Sums
    test: Sums


def tokenizer_of(policy: str) -> Tokenizer:
    """All groups of up to two digits, ``+`` and ``=``: one vocabulary for all policies."""
    digits = [str(digit) for digit in range(10)]
    groups = [*digits, *(first + second for first in digits for second in digits)]
    vocabulary = Vocabulary([group.encode() for group in (*groups, "+", "=")])
    return Tokenizer(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_ranks(vocabulary),
        pretokenizer=NativePretokenizer(f"o200k+{policy}"),
        lossless=False,
        name=policy,
    )


def draw(train: int, development: int, test: int, seed: int, digits: int = 3) -> Split:
    """Ordered pairs of addends of so many digits, each at most once in all three parts.

    Among those to learn stand shorter ones, of two digits (`SHORT`): with them a model finds how
    groups add in a third of the steps.
    """
    least = 10 ** (digits - 1)
    side = 10**digits - least
    count = train + development + test
    source = np.random.default_rng(seed)
    drawn = source.choice(side * side, count, replace=False)
    pairs = np.stack([drawn // side, drawn % side], axis=1) + least
    asked, learnt = pairs[: test + development], pairs[test + development :]
    learnt[::SHORT] = source.integers(10, 100, learnt[::SHORT].shape)
    return Split(learnt, asked[test:], asked[:test])


def texts(pairs: Sums) -> tuple[list[str], list[str]]:
    """``a+b=`` and the sum."""
    rows = pairs.tolist()
    return [f"{a}+{b}=" for a, b in rows], [str(a + b) for a, b in rows]


def is_longer(pairs: Sums) -> Right:
    """Whether a sum has one digit more than its addends."""
    ends = 10 ** np.char.str_len(pairs[:, 0].astype(str))
    longer: Right = pairs.sum(axis=1) >= ends
    return longer


def add(
    setting: Setting, policy: str, rate: float, train: Sums, asked: Sums, seed: int
) -> list[list[int]]:
    """What a model gets right of the sums asked for, after it has read all of ``train`` once.

    Returns:
        For each sum 1 or 0 for all of it, then for each digit from the right; -1 where it has none.
    """
    from tokenry.neural.recipes.answers import give_answers, train_answers
    from tokenry.neural.recipes.sizes import Passes, Shape

    setting.tell(f"{policy}, {len(train):,} sums, rate {rate:g}, seed {seed}")
    tokenizer = tokenizer_of(policy)
    size = len(tokenizer.vocabulary)
    prompts, answers = (tokenizer.encode_batch(each) for each in texts(train))
    model = train_answers(
        list(prompts),
        list(answers),
        size,
        shape=setting.pick(
            Shape(width=64, layers=1, heads=4, context=32, spread=0.1),
            Shape(width=16, layers=1, heads=2, context=32, spread=0.1),
        ),
        passes=Passes(rate=rate, batch=64),
        seed=seed,
    )
    questions, wanted = texts(asked)
    rows = give_answers(model, [tokenizer.encode(each) for each in questions], MOST_PLACES + 1)
    # The end mark is no text; an answer with it inside is wrong.
    found = [tokenizer.decode([id_ for id_ in row if id_ < size]) for row in rows]
    return [_marked(one, other) for one, other in zip(found, wanted, strict=True)]


def _marked(found: str, wanted: str) -> list[int]:
    """
    >>> _marked("1245", "1345")
    [0, 1, 1, 0, 1, -1]
    """
    places = range(1, MOST_PLACES + 1)
    digits = [
        int(found[-at:][:1] == wanted[-at] and len(found) >= at) if at <= len(wanted) else -1
        for at in places
    ]
    return [int(found == wanted), *digits]
