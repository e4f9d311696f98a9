"""Tokens of held-out text by domain, and what one tokenizer saves against another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from experiments.harness.intervals import Counts, saving
from experiments.harness.verdicts import Estimate
from tokenry.tokenizer import Tokenizer

ALL: Final = "all"
ByDomain = Mapping[str, Counts]


def count(tokenizer: Tokenizer, held: Mapping[str, Sequence[str]]) -> dict[str, Counts]:
    """Tokens of each document by domain, and of the documents of all domains together."""
    found = {name: tokenizer.count_batch(documents) for name, documents in held.items()}
    return {**found, ALL: np.concatenate(list(found.values()))}


def savings(before: ByDomain, after: ByDomain) -> dict[str, Estimate]:
    """The share of the tokens that ``after`` saves in each domain, and over all."""
    return {name: saving(before[name], after[name]) for name in before}


def least_sure(effects: Mapping[str, Estimate]) -> list[str]:
    """Names of the domains, all together left out, where the effect is not surely above none."""
    return [name for name, effect in effects.items() if name != ALL and not effect.low > 0]


def percent(effect: Estimate) -> tuple[float, float, float]:
    """Value and interval in percent, as cells of a table."""
    return (
        round(100 * effect.value, 2),
        round(100 * effect.low, 2),
        round(100 * effect.high, 2),
    )
