"""What a study finds, typed: the content of study.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tokenry.formats.export import ExportReport
from tokenry.measuring.fairness import Premiums
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.metric import Figure, Metric
from tokenry.measuring.rank_frequency import RankFrequency
from tokenry.measuring.scorecard import Figures
from tokenry.measuring.size import USUAL_SHAPE, ModelShape, VocabularyCost
from tokenry.results import Result, SavedResult
from tokenry.study.options import StudyOptions


@dataclass(frozen=True, slots=True)
class StudyIdentity(Result):
    """What must be equal for a study to be continued.

    Attributes:
        vocab_size, learners, holdout, seed, special_tokens, shape: of the options.
        data: fingerprint of the documents.
        against: by reference, the digest of its file and its pattern.
        parallel: fingerprint of the parallel text.
        reference_language: of premiums.
    """

    vocab_size: int
    learners: tuple[str, ...]
    holdout: float
    seed: int
    data: str
    against: dict[str, tuple[str, str | None]]
    parallel: str | None
    reference_language: str | None
    special_tokens: tuple[str, ...] = ()
    shape: ModelShape = USUAL_SHAPE


@dataclass(frozen=True, slots=True)
class DomainSizes(Result):
    """A domain of the data."""

    documents: int
    bytes: int
    held_out_documents: int


@dataclass(frozen=True, slots=True)
class HeldOutPart(Result):
    """What no learner saw."""

    documents: int
    bytes: int
    words: int
    fingerprint: str
    rule: str = (
        "a document is held out where a hash of its bytes, keyed by the seed, is below the share; "
        "exact duplicates fall on one side and are measured once"
    )


@dataclass(frozen=True, slots=True)
class StudiedData(Result):
    """What was read and how it was divided."""

    source: tuple[str, ...]
    fingerprint: str
    documents: int
    bytes: int
    duplicates: int
    learning_bytes: int
    held_out: HeldOutPart
    domains: dict[str, DomainSizes]


@dataclass(frozen=True, slots=True)
class StudiedTokenizer(Result):
    """A tokenizer of the study and its figures on the held-out part.

    Attributes:
        name: the learner, or a short name of the file.
        kind: whether it was learnt here.
        file: its folder in the study, or the name of its file.
        vocabulary_size: ids.
        fingerprint: of the tokenizer.
        lossless: whether it says that all text comes back.
        export: names of the files of a learnt one, and what other programs get of it.
        seconds_to_learn: of a learnt one.
        tokens: of the held-out part.
        overall: figures by metric.
        domains: figures by domain and metric.
        speed: of encoding.
        rank_frequency: how often its ids occur.
    """

    name: str
    kind: Literal["learnt", "reference"]
    file: str
    vocabulary_size: int
    fingerprint: str
    lossless: bool
    export: ExportReport | None
    seconds_to_learn: float | None
    tokens: int
    overall: Figures
    domains: dict[str, Figures]
    speed: Measurement
    rank_frequency: RankFrequency

    @property
    def is_learnt(self) -> bool:
        """Whether it was learnt here."""
        return self.kind == "learnt"

    @property
    def restores(self) -> bool:
        """Whether every held-out document came back byte for byte."""
        return self.overall["lossless"].value == 1.0


@dataclass(frozen=True, slots=True)
class Saving(Result):
    """Share of tokens saved against another tokenizer, with the 95% interval."""

    value: float
    low: float | None
    high: float | None
    estimator: str = "1 - sum of tokens over the other's sum of tokens, paired by document"


@dataclass(frozen=True, slots=True)
class Verdict(Result):
    """The winner, why it wins, how it stands to each other tokenizer, and that in a sentence."""

    name: str
    reason: str
    summary: str
    savings: dict[str, Saving]


@dataclass(frozen=True, slots=True)
class Advice(Result):
    """Which of all tokenizers to take for the model of the options, learnt or published.

    Attributes:
        take: its name.
        keep: whether it is a published one.
        reason: why, in a sentence or two.
        saving: of the operations for a byte of text, what the best learnt tokenizer saves against
            the best published one; None where there are not both.
        costs: what the rows of each tokenizer cost in the model.
        rule: what decides.
    """

    take: str
    keep: bool
    reason: str
    saving: Saving | None
    costs: dict[str, VocabularyCost]
    rule: str


@dataclass(frozen=True, slots=True)
class CurvePoint(Result):
    """A nested vocabulary: the first ids of a learnt tokenizer."""

    vocabulary_size: int
    bytes_per_token: Measurement


@dataclass(frozen=True, slots=True)
class StudiedPremiums(Result):
    """Premiums of all languages under all tokenizers; ``labels`` says what to call languages."""

    reference: str
    source: str
    labels: dict[str, str]
    by_tokenizer: dict[str, Premiums]


@dataclass(frozen=True, slots=True)
class ExampleCut(Result):
    """Ids of a text, and the byte offset at which each ends."""

    ids: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Example(Result):
    """A passage of the held-out part as each tokenizer cuts it."""

    domain: str
    text: str
    cuts: dict[str, ExampleCut]


@dataclass(frozen=True)
class Study(SavedResult):
    """Everything that a study found; see docs/study.md for the fields."""

    format: ClassVar[str] = "tokenry-study"
    version: ClassVar[int] = 1

    tokenry: str
    created: str
    options: StudyOptions
    identity: StudyIdentity
    word_rule: str
    data: StudiedData
    winner: Verdict
    tokenizers: tuple[StudiedTokenizer, ...]
    curves: dict[str, tuple[CurvePoint, ...]]
    premiums: StudiedPremiums | None
    examples: tuple[Example, ...]
    seconds: dict[str, float]
    advice: Advice | None = None

    @property
    def names(self) -> list[str]:
        """Names of the tokenizers, in order."""
        return [each.name for each in self.tokenizers]

    @property
    def to_take(self) -> str:
        """Name of the tokenizer to take, learnt or published."""
        return self.winner.name if self.advice is None else self.advice.take

    def figure(self, tokenizer: StudiedTokenizer, metric: Metric) -> Figure:
        """The figure of a metric; None where the study has none."""
        if metric.section == "cost":
            return metric.find(self.advice and self.advice.costs.get(tokenizer.name))
        return metric.find(tokenizer.speed if metric.section == "speed" else tokenizer.overall)
