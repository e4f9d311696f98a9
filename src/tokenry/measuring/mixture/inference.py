"""Which text a tokenizer was learnt from, by the order of its merges.

Source: Hayase, Liu, Choi, Oh, Smith 2024, Data Mixture Inference: What do BPE Tokenizers Reveal
about their Training Data?, arXiv:2407.16607. Every merge was the most frequent pair of the training
text when it was learnt. Applied to samples of candidate categories, the merges give the count of
each pair in each category at each step, and a linear program finds the mixture under which the
learnt merges come first. Here counts come from changes (`replay.py`), and the program, in bytes and
with a column for other text, is solved by rows as they are needed (`program.py`).

**other** is text of no category that is given. What a merge lacks, v_t, is how often it must have
stood in such text. Only merges that the categories explain by less than half count as lacking:
the rest is the noise of samples. Each occurrence of a merge takes one symbol away, and text of so
many bytes has as many of them as the categories have on average; hence a number of bytes. It is a
lower bound where a missing text resembles a given one.

What it does not do: it cannot tell categories apart whose pairs are alike, and says nothing of text
that the tokenizer was not learnt from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from tokenry.corpus import CorpusLike
from tokenry.errors import CorpusError
from tokenry.measuring.mixture.alphabets import check_scripts
from tokenry.measuring.mixture.categories import OTHER, Category, count_categories
from tokenry.measuring.mixture.merge_order import MergeOrder, merge_order
from tokenry.measuring.mixture.program import (
    Inequalities,
    Solution,
    near,
    occurrences,
    optimum,
    solve,
)
from tokenry.measuring.mixture.rates import MEGABYTE, Floats, Rates
from tokenry.measuring.mixture.replay import replay
from tokenry.progress import Progress, silent
from tokenry.results import SavedResult
from tokenry.tokenizer import Tokenizer

MOST_MERGES: Final = 3000  # the first merges carry the signal
ENOUGH: Final = 10  # occurrences that the last merge's rivals need in each sample
LEAST_MERGES: Final = 50
SILENT: Final = 0.9  # share of merges without an occurrence that no sample of theirs has
RESOLUTION: Final = 2  # occurrences in the smallest sample: less is no violation
SHOWN: Final = 20
TOLD: Final = 0.05  # of the usual occurrences of merges: text with fewer is not told by them


@dataclass(frozen=True)
class MixtureOptions:
    """How a mixture is inferred.

    Attributes:
        merges: how many of the first merges; None for as many as the samples bear, at most 3,000.
        pretokenizer: what cut the training text, where it was not the tokenizer's own splitter (as
            for superwords, whose first stage had another).
        price: of the excess of pairs in the linear program; 1 is the published one.
        gap: at which the linear program is solved, as a share of all occurrences of merges.
        replicates: how often the merges are drawn anew for the intervals.
        seed: of these draws.
    """

    merges: int | None = None
    pretokenizer: str | None = None
    price: float = 3.0
    gap: float = 2e-3
    replicates: int = 20
    seed: int = 0


@dataclass(frozen=True)
class Share:
    """The ends of a 95% interval of a share of bytes."""

    low: float
    high: float


@dataclass(frozen=True)
class Mixture(SavedResult):
    """An inferred mixture.

    Attributes:
        mixture: share of the bytes by category, ``other`` among them; they sum to 1.
        intervals: 95% of each, over draws of the merges.
        merges: how many were used.
        left_out: merges of the file that were never learnt (several pairs make one piece).
        untold: categories in which the merges hardly occur, so that they say nothing of them; their
            share is 0. LLaMA has few signs of Han among its characters, and so of Chinese.
        unexplained: the first merges that no category explains.
        unexplained_merges: how many of them there are.
        fit: what the merges lack, as a share of their occurrences: 0 is a perfect fit.
        rows: inequalities of the linear program at the end.
        rounds: how often violated ones were added.
        gap: what rows that are left out still ask for, as a share of all occurrences of merges.
        tokenizer: its fingerprint.
    """

    format: ClassVar[str] = "tokenry-mixture"
    version: ClassVar[int] = 1

    mixture: dict[str, float]
    intervals: dict[str, Share]
    merges: int
    left_out: int
    untold: tuple[str, ...]
    unexplained: tuple[str, ...]
    unexplained_merges: int
    fit: float
    rows: int
    rounds: int
    gap: float
    tokenizer: str


def infer_mixture(
    tokenizer: Tokenizer,
    samples: Mapping[str, CorpusLike],
    options: MixtureOptions | None = None,
    *,
    progress: Progress = silent,
) -> Mixture:
    """The mixture of categories that a tokenizer's merges were learnt from.

    Args:
        tokenizer: one of byte-pair encoding.
        samples: text of each category, which need not be what the tokenizer was learnt from.
        options: how.
        progress: told how far it is.

    Raises:
        UnsupportedError: the tokenizer has no list of merges.
        CorpusError: categories overlap, are of another alphabet than the merges, or too small for
            the merges that were asked for.
    """
    options = options or MixtureOptions()
    order = merge_order(tokenizer, options.merges or MOST_MERGES)
    categories = count_categories(tokenizer, samples, order, options.pretokenizer, progress)
    check_scripts(categories, order)
    whole, order = _rates(categories, order, options, progress)
    often = occurrences(whole)
    told_of = often >= TOLD * np.median(often)
    rates = whole.of_categories(told_of)

    def told(rows: int, gap: float) -> None:
        progress(f"solve, {rows:,} rows, gap {gap:.2%}", 0, None)

    solution, rows = solve(rates, gap=options.gap, price=options.price, progress=told)
    names = (*categories, OTHER)
    kept = np.append(told_of, True)
    shares, spread = np.zeros((2, len(names)))
    shares[kept] = with_other(rates, solution)
    spread[kept] = _spread(rates, near(rates, rows, solution), options, progress)
    pieces = order.pieces()[len(order.base) :]
    silent_steps = np.flatnonzero(unexplained(rates, solution))
    return Mixture(
        mixture=dict(zip(names, shares.tolist(), strict=True)),
        intervals={
            name: Share(max(0.0, share - 1.96 * s), min(1.0, share + 1.96 * s))
            for name, share, s in zip(names, shares.tolist(), spread.tolist(), strict=True)
        },
        merges=len(order),
        left_out=order.left_out,
        untold=tuple(n for n, told in zip(names, kept.tolist(), strict=True) if not told),
        unexplained=tuple(pieces[step].decode("utf-8", "replace") for step in silent_steps[:SHOWN]),
        unexplained_merges=len(silent_steps),
        fit=float(solution.lacks.sum() / max((rates.own @ solution.amounts).sum(), 1e-12)),
        rows=solution.rows,
        rounds=solution.rounds,
        gap=solution.gap,
        tokenizer=tokenizer.fingerprint(),
    )


def _rates(
    categories: Mapping[str, Category],
    order: MergeOrder,
    options: MixtureOptions,
    progress: Progress,
) -> tuple[Rates, MergeOrder]:
    """Rates of so many merges as the samples bear, and these merges."""
    sizes = [each.size for each in categories.values()]
    replays = []
    for number, category in enumerate(categories.values()):
        progress("replay", number, len(categories))
        least = max(1, round(RESOLUTION * category.size / min(sizes)))
        replays.append(replay(category.words, order, least=least))
    progress("replay", len(categories), len(categories))
    _check_alphabet(np.array([each.own for each in replays]), order)
    rates = Rates.of(replays, sizes, RESOLUTION * MEGABYTE / min(sizes))
    borne = {
        name: rates.frontier(number, ENOUGH * MEGABYTE / category.size)
        for number, (name, category) in enumerate(categories.items())
    }
    weakest = min(borne, key=borne.__getitem__)
    if borne[weakest] < ((options.merges and len(order)) or min(LEAST_MERGES, len(order))):
        raise CorpusError(
            f"the sample of {weakest!r} ({categories[weakest].size:,} bytes) is too small for "
            f"{len(order):,} merges: after {borne[weakest]:,} of them none of its pairs occurs "
            f"{ENOUGH} times; give more text, or ask for fewer merges"
        )
    steps = min(len(order), borne[weakest])
    return rates.first(steps), order.first(steps)


def _check_alphabet(own: Floats, order: MergeOrder) -> None:
    absent = (own == 0).all(axis=0)
    if not len(order) or absent.mean() > SILENT:
        pieces = order.pieces()[len(order.base) :]
        first = next((pieces[step] for step in np.flatnonzero(absent)), b"")
        raise CorpusError(
            f"{int(absent.sum()):,} of {len(order):,} merges never occur in any sample (the first "
            f"makes {first.decode('utf-8', 'replace')!r}): these merges are of another alphabet or "
            "kind of data than the samples; give samples of what the tokenizer was learnt from"
        )


def unexplained(rates: Rates, solution: Solution) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which merges lack more than the categories have of them."""
    found: np.ndarray[tuple[int], np.dtype[np.bool_]]
    found = solution.lacks > rates.own @ solution.amounts
    return found


def with_other(rates: Rates, solution: Solution, weights: Floats | None = None) -> Floats:
    """Shares of the categories, and last of what none of them explains; they sum to 1."""
    lacking = solution.lacks * unexplained(rates, solution) / MEGABYTE
    if weights is not None:
        lacking = lacking * weights
    amounts = solution.amounts
    places = float(occurrences(rates, weights) @ amounts / max(amounts.sum(), 1e-12)) / MEGABYTE
    whole = np.append(amounts, lacking.sum() / places if places else 0.0)
    found: Floats = whole / max(whole.sum(), 1e-12)
    return found


def _spread(
    rates: Rates, rows: Inequalities, options: MixtureOptions, progress: Progress
) -> Floats:
    """Standard deviation of each share over merges that are weighted anew (Rubin 1981)."""
    source = np.random.default_rng(options.seed)
    drawn = []
    for number in range(options.replicates):
        progress("intervals", number, options.replicates)
        weights = source.exponential(size=rates.steps)
        solution = optimum(rates, rows, options.price, weights)
        drawn.append(with_other(rates, solution, weights))
    progress("intervals", options.replicates, options.replicates)
    spread: Floats = np.std(drawn, axis=0, ddof=1) if len(drawn) > 1 else np.zeros(0)
    return spread if len(drawn) > 1 else np.full(rates.own.shape[1] + 1, np.inf)
