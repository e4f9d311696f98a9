"""What a comparison by small models is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as declared
from pathlib import Path

from tokenry.errors import StudyError
from tokenry.json_data import UNSAVED
from tokenry.options import check
from tokenry.results import Result

HEADS = 4
_LEAST_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class ComparisonOptions(Result):
    """Everything that decides the figures of a comparison.

    Args:
        tokenizers: two or more, each ``FILE`` or ``FILE:pattern`` for rank files; the first is
            held against the others.
        data: files, folders and globs.
        out: the folder that the comparison writes.
        field: the field of ``.jsonl`` records, and the column of ``.parquet``, that holds the text.
        budget: bytes of text that the models learn from; an eighth of that is measured on.
        holdout: share of the documents that no model sees.
        width: of the models.
        layers: of the models.
        context: bytes of text that a model sees at a time, in as many tokens as that takes.
        batch: contexts a step.
        rate: the highest learning rate.
        seeds: models of each tokenizer and budget.
        seed: of the hold-out, and of the first model.
    """

    tokenizers: tuple[str, ...]
    data: tuple[str, ...]
    out: Path = declared(default=Path("comparison"), metadata=UNSAVED)
    field: str = "text"
    budget: int = 2_000_000
    holdout: float = 0.1
    width: int = 64
    layers: int = 2
    context: int = 512
    batch: int = 16
    rate: float = 3e-3
    seeds: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        check(self, StudyError)
        if len(self.tokenizers) < 2:
            raise StudyError("a comparison needs two tokenizers or more; name another")
        if not self.data:
            raise StudyError("models learn from text; name files or folders as data=")
        if self.budget < _LEAST_BYTES:
            raise StudyError(f"budget {self.budget}; expected {_LEAST_BYTES:,} bytes or more")
        if not 0 < self.holdout <= 0.5:
            raise StudyError(f"holdout {self.holdout}; expected a share above 0 and up to 0.5")
        if self.width < HEADS or self.width % HEADS:
            raise StudyError(f"width {self.width}; expected a multiple of {HEADS}")
        if min(self.layers, self.context, self.batch, self.seeds) < 1:
            raise StudyError("layers, context, batch and seeds; expected 1 or more of each")
