"""What a difference of two tokenizers holds, typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.card.options import CardOptions
from tokenry.card.sections.identity import Identity
from tokenry.json_data import UNSAVED
from tokenry.measuring.shared_ids import SharedIds
from tokenry.measuring.word_changes import ChangedWords
from tokenry.results import Result, SavedResult


@dataclass(frozen=True, slots=True)
class TokenChange(Result):
    """Tokens of both, and the share that the second needs more; 95% interval over documents."""

    first: int
    second: int
    change: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class CostChange(Result):
    """What a million bytes of text cost under both, and the share that the second costs more."""

    first: float
    second: float
    change: float
    unit: str = "price of a million bytes of text"


@dataclass(frozen=True, slots=True)
class ComparedData(Result):
    """What was compared on."""

    source: tuple[str, ...]
    fingerprint: str
    bytes: int


@dataclass(frozen=True)
class Compared(SavedResult):
    """Two tokenizers on the same data; see docs/card.md for the fields.

    ``id_map``, which the JSON lacks, has for each id of the first the id of the second with the
    same bytes or special, else -1.
    """

    format: ClassVar[str] = "tokenry-diff"
    version: ClassVar[int] = 1

    tokenry: str
    created: str
    options: CardOptions
    tokenizers: tuple[Identity, ...]
    data: ComparedData
    total: TokenChange
    domains: dict[str, TokenChange]
    languages: dict[str, TokenChange] | None
    words: ChangedWords
    ids: SharedIds
    cost: CostChange | None
    id_map: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros(0, np.int64), metadata=UNSAVED, compare=False
    )

    @property
    def names(self) -> tuple[str, str]:
        """Names of the two."""
        first, second = (each.name for each in self.tokenizers)
        return first, second
