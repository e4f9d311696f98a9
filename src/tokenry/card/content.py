"""What a card holds: all sections of each tokenizer, typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tokenry.card.options import CardOptions
from tokenry.card.sections.changes import SmallChanges
from tokenry.card.sections.domains import DomainFigures
from tokenry.card.sections.identity import Identity
from tokenry.card.sections.morphology import GoldBoundaries
from tokenry.card.sections.premiums import LanguageCosts
from tokenry.card.sections.reachability import Reachability
from tokenry.card.sections.usage import Usage
from tokenry.card.sections.vocabulary import VocabularyMakeUp
from tokenry.json_data import FLAT
from tokenry.measuring.entropy import StreamEntropy
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.metric import Figure, Metric
from tokenry.measuring.morphology import LexiconShares
from tokenry.measuring.numbers import NumberReport
from tokenry.measuring.scorecard import Figures
from tokenry.measuring.size import SizeSweep
from tokenry.results import Result, SavedResult


@dataclass(frozen=True)
class MeasuredData(Result):
    """What was measured on; ``domains`` holds the bytes of each, ``budget`` the most of one."""

    source: tuple[str, ...]
    fingerprint: str
    documents: int
    bytes: int
    budget: int
    domains: dict[str, int]


@dataclass(frozen=True)
class ParallelSource(Result):
    """The parallel text: where it is from, its lines, and what to call its languages."""

    source: str
    reference: str
    lines: int
    labels: dict[str, str]


@dataclass(frozen=True)
class TokenizerCard(Result):
    """All sections of one tokenizer; None for one that its data do not give."""

    identity: Identity = field(metadata=FLAT)
    scorecard: Figures
    domains: dict[str, DomainFigures]
    premiums: LanguageCosts | None
    vocabulary: VocabularyMakeUp
    usage: Usage
    information: StreamEntropy | None
    reachability: Reachability
    morphology: dict[str, GoldBoundaries]
    lexicon: LexiconShares | None
    numbers: NumberReport
    sensitivity: SmallChanges
    sweep: SizeSweep | None
    speed: Measurement

    @property
    def name(self) -> str:
        """What to call the tokenizer."""
        return self.identity.name

    def figure(self, metric: Metric) -> Figure:
        """The figure of a metric; None where the card has none."""
        return metric.find(getattr(self, metric.section))


@dataclass(frozen=True)
class CardContent(SavedResult):
    """The figures of one or more tokenizers on the same data; see docs/card.md for the fields."""

    format: ClassVar[str] = "tokenry-card"
    version: ClassVar[int] = 1

    tokenry: str
    created: str
    options: CardOptions
    word_rule: str
    data: MeasuredData
    parallel: ParallelSource | None
    tokenizers: tuple[TokenizerCard, ...]

    @property
    def names(self) -> list[str]:
        """Names of the tokenizers, in order."""
        return [each.name for each in self.tokenizers]
