"""What each language pays on parallel text, and how unequal that is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tokenry.card.options import CardOptions
from tokenry.card.written import Written
from tokenry.json_data import FLAT
from tokenry.measuring.fairness import Premiums, Sets, lorenz, premiums_of, split_sets
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class LanguageCosts(Result):
    """Premiums, and what follows from them.

    Attributes:
        found: the premiums.
        lorenz: shares of all tokens that the cheapest languages need.
        median, p90: of the premiums.
        worst: the dearest language.
        sets: inequality among the languages it was made for, and among the others.
        cost: by language, what its text costs.
        unknown: by language, share of its tokens that stand for text that is not known.
    """

    found: Premiums = field(metadata=FLAT)
    lorenz: tuple[float, ...]
    median: float
    p90: float
    worst: str
    sets: Sets | None
    cost: dict[str, float] | None
    unknown: dict[str, float]

    @property
    def dearest(self) -> float:
        """What the dearest language pays."""
        return self.found.premiums[-1].value


def measure_costs(tokenizer: Tokenizer, written: Written, options: CardOptions) -> LanguageCosts:
    """Premiums of one tokenizer."""
    parallel = written.parallel
    counts = np.array([ids.lengths() for ids in written.ids.values()], dtype=np.int64).T
    found = premiums_of(
        counts, parallel.lines, parallel.reference, tokenizer.fingerprint(), seed=options.seed
    )
    values = [row.value for row in found.premiums]
    cost = None
    if options.price is not None:
        cost = {row.language: row.tokens * options.price / 1e6 for row in found.premiums}
    return LanguageCosts(
        found=found,
        lorenz=tuple(lorenz([row.tokens for row in found.premiums]).tolist()),
        median=float(np.median(values)),
        p90=float(np.quantile(values, 0.9)),
        worst=found.premiums[-1].language,
        sets=split_sets(found, options.made_for) if options.made_for else None,
        cost=cost,
        unknown=unknown_by_language(tokenizer, written),
    )


def unknown_by_language(tokenizer: Tokenizer, written: Written) -> dict[str, float]:
    """Share of the tokens of each language that stand for text that is not known."""
    roles = tokenizer.vocabulary.roles
    unknown = np.array([id_ for id_, role in roles.items() if role == "unknown"], dtype=np.uint32)
    return {
        name: float(np.isin(found.ids, unknown).mean()) if len(found.ids) else 0.0
        for name, found in written.ids.items()
    }
