"""What a comparison by small models finds, typed: the content of comparison.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tokenry.results import Result, SavedResult
from tokenry.study.model_comparison.options import ComparisonOptions

BudgetKind = Literal["bytes", "compute", "serving"]


@dataclass(frozen=True, slots=True)
class TrainedModel(Result):
    """A model that was trained, and what it made of the held-out documents.

    Attributes:
        bits: for each held-out document.
        flops: of training: matrix products, forward and backward.
        read: share of the text to learn from that it read.
        seconds: of wall time, to train.
        parameters: of the model.
    """

    bits: tuple[float, ...]
    flops: float
    read: float
    seconds: float
    parameters: int


@dataclass(frozen=True, slots=True)
class ComparedModels(Result):
    """A tokenizer, and the models that were trained under it.

    Attributes:
        name: of the tokenizer.
        fingerprint: of the tokenizer.
        vocabulary_size: its ids.
        rows: of the models: ids that occur twice in the text, and one that all others share.
        lossless: whether it restores every held-out document.
        bytes_per_token: of the text to learn from.
        context: tokens that a model sees at a time.
        bytes: models that read the same text, one a seed.
        compute: models that were trained with the same operations, one a seed.
        serving_flops: of a forward pass, for a byte of text: matrix products.
    """

    name: str
    fingerprint: str
    vocabulary_size: int
    rows: int
    lossless: bool
    bytes_per_token: float
    context: int
    bytes: tuple[TrainedModel, ...]
    compute: tuple[TrainedModel, ...]
    serving_flops: float

    def models(self, budget: BudgetKind) -> tuple[TrainedModel, ...]:
        """The models of this kind; those of equal serving are those of equal bytes, corrected."""
        return self.compute if budget == "compute" else self.bytes


@dataclass(frozen=True, slots=True)
class ServingCorrection(Result):
    """What operations of serving are worth in bits, by models of another width.

    Attributes:
        width: of the other models.
        models: under the first tokenizer, of the same text, one a seed.
        serving_flops: of a forward pass of them, for a byte of text.
        exponents: by seed: bits fall as the operations for a byte to the power of minus this.
    """

    width: int
    models: tuple[TrainedModel, ...]
    serving_flops: float
    exponents: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ModelDifference(Result):
    """How the first tokenizer stands to another.

    Attributes:
        other: its name.
        budget: what was equal.
        value: share of the bits of the other that the first saves; the mean over seeds.
        seeds: 95% interval over seeds (Student); None with one seed.
        documents: 95% interval over held-out documents, drawn in pairs; None with one.
        verdict: what follows, in a sentence; undecided where an interval holds none at all.
    """

    other: str
    budget: BudgetKind
    value: float
    seeds: tuple[float, float] | None
    documents: tuple[float, float] | None
    verdict: str


@dataclass(frozen=True)
class ModelComparison(SavedResult):
    """Everything that a comparison found; see docs/comparing-models.md."""

    format: ClassVar[str] = "tokenry-model-comparison"
    version: ClassVar[int] = 2

    tokenry: str
    created: str
    options: ComparisonOptions
    learning_bytes: int
    held_out_bytes: int
    held_out_documents: int
    data: str
    flops: float
    tokenizers: tuple[ComparedModels, ...]
    serving: ServingCorrection
    differences: tuple[ModelDifference, ...]

    def bits_per_byte(self, tokenizer: ComparedModels, budget: BudgetKind) -> list[float]:
        """Of all held-out documents together, by seed.

        Of equal serving they are what they would be with as many operations for a byte as the first
        tokenizer's models take.
        """
        found = [sum(model.bits) / self.held_out_bytes for model in tokenizer.models(budget)]
        if budget != "serving":
            return found
        dearer = tokenizer.serving_flops / self.tokenizers[0].serving_flops
        return [
            bits * dearer**exponent
            for bits, exponent in zip(found, self.serving.exponents, strict=True)
        ]
