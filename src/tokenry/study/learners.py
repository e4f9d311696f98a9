"""Learn one tokenizer of a study and save it."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

from tokenry.corpus import Corpus
from tokenry.errors import StudyError
from tokenry.formats.export import ExportReport
from tokenry.learning import KINDS, SmallerVocabularyWarning, learn
from tokenry.progress import Progress, prefixed
from tokenry.results import Result
from tokenry.study.holdout import DataSplit
from tokenry.study.options import StudyOptions
from tokenry.tokenizer import Tokenizer, load


@dataclass(frozen=True, slots=True)
class LearntStage(Result):
    """What is kept of a finished learner: which tokenizer it gave, and what that took."""

    fingerprint: str
    seconds: float
    export: ExportReport


def check_learners(names: tuple[str, ...]) -> None:
    """Refuse, before any work, a learner that does not exist."""
    unknown = [name for name in names if name not in KINDS]
    if unknown:
        raise StudyError(f"there is no learner {unknown[0]!r}; learners are {', '.join(KINDS)}")


def learn_one(
    kind: str,
    data: DataSplit,
    options: StudyOptions,
    folder: str | os.PathLike[str],
    progress: Progress,
) -> tuple[Tokenizer, ExportReport]:
    """Learn from the documents that are not held out, save in ``folder``, and load from there.

    What is measured is thus what the files hold. The second value says, by their names, which
    files there are and how exact they are for other programs.

    An interruption leaves ``<kind>.checkpoint.json`` beside the folder, from which the next call
    goes on. Data that give fewer pieces than asked for are no error: the report states the size.
    """
    folder = Path(folder)
    checkpoint = folder.with_name(f"{kind}.checkpoint.json")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        tokenizer = learn(
            Corpus.from_texts(data.learning_documents),
            kind=kind,
            vocab_size=options.vocab_size,
            special_tokens=options.special_tokens,
            progress=prefixed(progress, f"learning {kind}", count=data.learning_bytes),
            checkpoint=checkpoint,
        )
    report = tokenizer.save(folder)
    checkpoint.unlink(missing_ok=True)
    names = tuple(Path(path.name) for path in report.paths)
    return load(folder), replace(report, paths=names)
