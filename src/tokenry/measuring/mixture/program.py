"""The linear program of a mixture, with rows added as they are violated (HiGHS by scipy).

    minimise    sum_t v_t + price * sum_p u_p
    subject to  sum_i a_i M_i + sum_t v_t = M, all variables >= 0, and for every step t and every
                other pair p
                sum_i a_i (rate_i,t(m_t) - rate_i,t(p)) + v_t + u_p >= 0

A merge m_t was the most frequent pair when it was learnt. a_i are bytes of each category, M_i the
occurrences that all merges have in a byte of it. v_t is what a merge lacks: the column of **other**
text, which with the categories makes up all M occurrences. The published program has sum a_i = 1 in
that place (Hayase et al. 2024), and then a category whose pairs are all rare makes every lack
smaller: of LLaMA's merges it took 34% of the bytes for Korean and Japanese and 1% for English.

u_p is what a pair has too much of at all steps together, as where the tokenizer cut text otherwise.
The published price of it is 1. There u_p also pays for text of which no category is given: one
frequent pair of the categories outlives many merges of the missing text.

Rows are looked for where they are violated most: of each pair and each stretch of steps at which
its rates stay, the row at the step that asks for the least. Rounds of adding them go on for the
gap, what such rows still ask for, added up over steps; 0 where all rows hold. It says how far the
rounds have come. It is no bound of how far the objective, which is below that of the whole program,
is from it: other steps of a stretch can ask for something, too.

Programs have thousands of rows and columns and few rows that bind; an interior point finds the
optimum of one of 9,000 rows three times as soon as the simplex method.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import OptimizeWarning, linprog

from tokenry.errors import UnsupportedError
from tokenry.measuring.mixture.rates import MEGABYTE, Floats, Ints, Lows, Rates

MOST_ROUNDS: Final = 60
ROWS_A_ROUND: Final = 4000
ROWS_A_STEP: Final = 6
NEAR: Final = 0.1  # of what a row asks for


@dataclass
class Inequalities:
    """Inequalities so far: their steps, and the stretches whose pair has to be beaten."""

    steps: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    stretches: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.steps)

    def add(self, steps: Ints, stretches: Ints) -> None:
        """More of them."""
        self.steps = np.concatenate((self.steps, steps))
        self.stretches = np.concatenate((self.stretches, stretches))


@dataclass(frozen=True, eq=False)
class Solution:
    """What the program gives.

    Attributes:
        amounts: bytes of each category.
        lacks: of each step (v).
        excess: of each pair (u).
        objective: their sum.
        rounds: how often rows were added.
        rows: how many there are at the end.
        gap: what violated rows still ask for, as a share of M.
    """

    amounts: Floats
    lacks: Floats
    excess: Floats
    objective: float
    rounds: int = 0
    rows: int = 0
    gap: float = 0.0


def solve(
    rates: Rates,
    *,
    gap: float,
    price: float,
    progress: Callable[[int, float], None] | None = None,
) -> tuple[Solution, Inequalities]:
    """Solve the program with all rows, adding those that are violated.

    Args:
        rates: of pairs.
        gap: as a share of M, at which it is solved.
        price: of the excess of pairs.
        progress: told after each round how many rows there are, and the gap.
    """
    categories = rates.own.shape[1]
    pairs = int(rates.pairs.max()) + 1 if len(rates.pairs) else 0
    solution = Solution(np.ones(categories), np.zeros(rates.steps), np.zeros(pairs), 0.0)
    rows, whole = Inequalities(), float(occurrences(rates).mean())
    for number in range(MOST_ROUNDS + 1):
        steps, stretches, lack = violated(rates, solution)
        solution = replace(solution, rounds=number, rows=len(rows), gap=lack / whole)
        if progress:
            progress(len(rows), solution.gap)
        if solution.gap <= gap or number == MOST_ROUNDS:
            break
        rows.add(steps, stretches)
        solution = optimum(rates, rows, price)
    return solution, rows


def violated(rates: Rates, solution: Solution) -> tuple[Ints, Ints, float]:
    """Steps and stretches of the rows that are violated most, and the sum of the most at steps."""
    asked = rates.own @ solution.amounts + solution.lacks
    steps = Lows(asked).within(rates.starts, rates.ends)
    given = rates.rates @ solution.amounts.astype(np.float32) - solution.excess[rates.pairs]
    excess = given - asked[steps]
    over = np.flatnonzero(excess > 0)
    worst = np.zeros(rates.steps)
    np.maximum.at(worst, steps[over], excess[over])
    over = over[np.argsort(-excess[over], kind="stable")]
    by_step = np.argsort(steps[over], kind="stable")
    sorted_steps = steps[over][by_step]
    place = np.empty(len(over), np.int64)
    place[by_step] = np.arange(len(over)) - np.searchsorted(sorted_steps, sorted_steps)
    chosen = over[place < ROWS_A_STEP][:ROWS_A_ROUND]
    return steps[chosen], chosen, float(worst.sum())


def near(rates: Rates, rows: Inequalities, solution: Solution) -> Inequalities:
    """Rows that nearly bind; others do not bind under mixtures that are near, either."""
    given = rates.rates[rows.stretches] @ solution.amounts
    asked = rates.own[rows.steps] @ solution.amounts + solution.lacks[rows.steps]
    spare = asked + solution.excess[rates.pairs[rows.stretches]] - given
    kept = spare <= NEAR * given
    return Inequalities(rows.steps[kept], rows.stretches[kept])


def occurrences(rates: Rates, weights: Floats | None = None) -> Floats:
    """Of all merges per million bytes of each category; ``weights`` of steps."""
    merged = rates.merged if weights is None else rates.merged * weights[:, None]
    found: Floats = merged.sum(axis=0) * MEGABYTE
    return found


def optimum(
    rates: Rates, rows: Inequalities, price: float, weights: Floats | None = None
) -> Solution:
    """The best mixture under some rows; ``weights`` says how much each step counts."""
    categories = rates.own.shape[1]
    used_steps, step = np.unique(rows.steps, return_inverse=True)
    used_pairs, pair = np.unique(rates.pairs[rows.stretches], return_inverse=True)
    count, at = len(rows), np.arange(len(rows))
    left = rates.own[rows.steps] - rates.rates[rows.stretches]
    matrix = sparse.hstack(
        [
            sparse.csr_matrix(left),
            sparse.csr_matrix((np.ones(count), (at, step)), (count, len(used_steps))),
            sparse.csr_matrix((np.ones(count), (at, pair)), (count, len(used_pairs))),
        ],
        format="csr",
    )
    weight = np.ones(rates.steps) if weights is None else weights
    cost = np.concatenate(
        (np.zeros(categories), weight[used_steps], np.full(len(used_pairs), price))
    )
    taken = occurrences(rates, weights)
    whole = np.zeros((1, len(cost)))
    whole[0, :categories] = taken
    whole[0, categories : categories + len(used_steps)] = weight[used_steps]
    values, objective = _minimum(cost, -matrix, np.zeros(count), whole, np.array([taken.mean()]))
    lacks, excess = np.zeros(rates.steps), np.zeros(int(rates.pairs.max()) + 1)
    lacks[used_steps] = values[categories : categories + len(used_steps)]
    excess[used_pairs] = values[categories + len(used_steps) :]
    return Solution(np.clip(values[:categories], 0, None), lacks, excess, objective)


def _minimum(
    cost: Floats, above: NDArray[np.float64], bound: Floats, equal: Floats, to: Floats
) -> tuple[Floats, float]:
    for method in ("highs-ipm", "highs"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OptimizeWarning)
            found = linprog(cost, above, bound, equal, to, bounds=(0, None), method=method)
        if found.x is not None:
            return found.x, float(found.fun)
    raise UnsupportedError(f"HiGHS found no solution of the mixture: {found.message}")
