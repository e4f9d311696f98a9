"""How a tokenizer writes numbers: which are one token, and whether digits line up by place.

Model-free. Place-value alignment follows the finding of Singh and Strouse 2024 (arXiv:2402.14903):
sums are easier where the groups of digits of both addends and of the sum are counted from the
right. Nogueira et al. 2021 (arXiv:2102.13019) show the same for other surface forms.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tokenry.measuring.encoded import Spanning
from tokenry.results import Result

RANGES = ((0, 9), (10, 99), (100, 999), (1_000, 9_999))
LENGTHS = tuple(range(1, 13))
CONTEXTS = ("{}", " {}", "={}", "({})", "a {} b")


@dataclass(frozen=True, slots=True)
class NumberReport(Result):
    """What a tokenizer does to decimal numbers.

    Attributes:
        single: by range of values, the share of its numbers that are one token (with a space
            before them or without).
        tokens: by number of digits, mean tokens of a number.
        patterns: by number of digits, the commonest sizes of groups, such as ``3|3|1``.
        consistent: share of numbers that are cut in the same way in five contexts.
        aligned: share of additions whose two addends and sum are cut at the same places counted
            from the right, as far as the shorter one reaches.
        sampled: numbers drawn for each length, and additions drawn.
        examples: additions as they are cut.
    """

    single: dict[str, float]
    tokens: dict[int, float]
    patterns: dict[int, str]
    consistent: float
    aligned: float
    sampled: int
    examples: tuple[str, ...]
    estimator: str = (
        "numbers drawn uniformly among those of a length, seeded; additions of two numbers of 3 "
        "to 9 digits"
    )


def measure_numbers(tokenizer: Spanning, *, sampled: int = 200, seed: int = 0) -> NumberReport:
    """Draw numbers and look at how they are cut."""
    draw = random.Random(seed)
    by_length = {
        size: [str(draw.randrange(10 ** (size - 1) if size > 1 else 0, 10**size))
               for _ in range(sampled)]
        for size in LENGTHS
    }  # fmt: skip
    cuts = {size: [groups(tokenizer, each) for each in found] for size, found in by_length.items()}
    sums = [_addition(draw) for _ in range(sampled)]
    return NumberReport(
        single={f"{low}-{high}": _single(tokenizer, low, high, draw) for low, high in RANGES},
        tokens={size: float(np.mean([len(cut) for cut in found])) for size, found in cuts.items()},
        patterns={size: _commonest(found) for size, found in cuts.items()},
        consistent=float(np.mean([_is_consistent(tokenizer, row[0]) for row in _few(by_length)])),
        aligned=float(np.mean([_is_aligned(tokenizer, each) for each in sums])),
        sampled=sampled,
        examples=tuple(_drawn(tokenizer, each) for each in sums[:4]),
    )


def groups(tokenizer: Spanning, number: str, context: str = "{}") -> tuple[int, ...]:
    """Sizes of the groups of digits that a number is cut into, from the left.

    A token that reaches over the edge of the number counts by the digits it holds.
    """
    before, after = context.split("{}")
    _, spans = tokenizer.encode_with_spans(f"{before}{number}{after}".encode())
    first = len(before.encode())
    ends = {first + len(number)}
    ends |= {end for end in spans[:, 1].tolist() if first < end <= first + len(number)}
    edges = [first, *sorted(ends)]
    return tuple(b - a for a, b in itertools.pairwise(edges))


def _addition(draw: random.Random) -> tuple[str, str, str]:
    left, right = (draw.randrange(10 ** (size := draw.randint(2, 8)), 10 ** (size + 1))
                   for _ in range(2))  # fmt: skip
    return str(left), str(right), str(left + right)


def _is_aligned(tokenizer: Spanning, numbers: Sequence[str]) -> bool:
    cuts = [_from_right(groups(tokenizer, number, " {}")) for number in numbers]
    sizes = [len(number) for number in numbers]
    return all(
        {place for place in a if place < min(sizes[i], sizes[j])}
        == {place for place in b if place < min(sizes[i], sizes[j])}
        for i, a in enumerate(cuts)
        for j, b in enumerate(cuts)
    )


def _from_right(sizes: Sequence[int]) -> set[int]:
    """Places of cuts, counted from the right end."""
    return set(np.cumsum(list(sizes)[::-1])[:-1].tolist())


def _single(tokenizer: Spanning, low: int, high: int, draw: random.Random) -> float:
    values = range(low, high + 1)
    chosen = values if len(values) <= 1_000 else draw.sample(values, 1_000)
    return float(
        np.mean(
            [
                any(len(groups(tokenizer, str(each), form)) == 1 for form in ("{}", " {}"))
                for each in chosen
            ]
        )
    )


def _is_consistent(tokenizer: Spanning, number: str) -> bool:
    return len({groups(tokenizer, number, context) for context in CONTEXTS}) == 1


def _few(by_length: dict[int, list[str]]) -> list[list[str]]:
    return [[number] for found in by_length.values() for number in found[:25]]


def _commonest(cuts: Sequence[tuple[int, ...]]) -> str:
    return "|".join(map(str, Counter(cuts).most_common(1)[0][0]))


def _drawn(tokenizer: Spanning, numbers: Sequence[str]) -> str:
    shown = []
    for number in numbers:
        parts, at = [], 0
        for size in groups(tokenizer, number, " {}"):
            parts.append(number[at : at + size])
            at += size
        shown.append("|".join(parts))
    return f"{shown[0]} + {shown[1]} = {shown[2]}"
