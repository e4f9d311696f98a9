"""What a study is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tokenry.errors import StudyError
from tokenry.json_data import UNSAVED
from tokenry.measuring.size import USUAL_SHAPE, ModelShape
from tokenry.options import Natural, check
from tokenry.results import Result

LEARNERS = ("bpe", "superbpe")
SMALLEST_VOCABULARY = 257  # 256 bytes and one merge


@dataclass(frozen=True, slots=True)
class StudyOptions(Result):
    """Everything that decides the result of a study.

    Args:
        data: files, folders and globs; none for the text that every machine has.
        out: the folder that the study writes.
        vocab_size: ids of each learnt tokenizer.
        field: the field of ``.jsonl`` records, and the column of ``.parquet``, that holds the text.
        learners: kinds of tokenizer to learn, see `tokenry.learning`; none to choose among
            ``against`` alone.
        against: reference tokenizers, each ``FILE`` or ``FILE:pattern`` for rank files.
        parallel: a folder with one text file a language, aligned by line.
        reference_language: the language that premiums are relative to; None finds English, or
            takes the first.
        holdout: share of the documents that no learner sees; without learners all are measured on.
        seed: of the hold-out and of the bootstrap.
        special_tokens: specials of each learnt tokenizer, among its ``vocab_size`` ids.
        shape: the model that the tokenizer is for: what rows of a vocabulary cost in it is weighed
            against the tokens that they save.
    """

    data: tuple[str, ...] = ()
    out: Path = field(default=Path("study"), metadata=UNSAVED)  # a moved folder is the same study
    field: str = "text"
    vocab_size: int = 16_000
    learners: tuple[str, ...] = LEARNERS
    against: tuple[str, ...] = ()
    parallel: Path | None = None
    reference_language: str | None = None
    holdout: float = 0.05
    seed: Natural = 0
    special_tokens: tuple[str, ...] = ()
    shape: ModelShape = USUAL_SHAPE

    def __post_init__(self) -> None:
        check(self, StudyError)
        if self.vocab_size < SMALLEST_VOCABULARY:
            raise StudyError(
                f"a vocabulary of {self.vocab_size} ids cannot hold the 256 bytes and a merge; "
                f"give at least {SMALLEST_VOCABULARY}"
            )
        if not 0 < self.holdout <= 0.5:
            raise StudyError(
                f"holdout is the share of documents to measure on, got {self.holdout}; "
                "give a number above 0 and up to 0.5, such as 0.05"
            )
        if len(set(self.learners)) != len(self.learners):
            raise StudyError(f"learners must be different names, got {list(self.learners)}")
        if not self.learners and not self.against:
            raise StudyError(
                "nothing is learnt and there is no tokenizer to choose; name learners, or files "
                "as against="
            )
