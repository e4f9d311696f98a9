"""Tokenry: the token layer of foundation models.

All names but errors are imported when they are first used, so that ``import tokenry`` costs next to
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

# isort: off
from tokenry.errors import ArgumentError, ConstraintError, CorpusError, DomainError, EncodeError
from tokenry.errors import FileWarning, FormatError, LearnError, MissingExtraError, ModelError
from tokenry.errors import PartError, ShardError, SignalError, SmallerVocabularyWarning
from tokenry.errors import SpareRowsWarning, StudyError, TokenryError, TooLargeError, TrainingError
from tokenry.errors import UnsupportedError, VocabularyError

from tokenry.lazy import lazily
from tokenry.version import __version__

if TYPE_CHECKING:
    from tokenry.card import Card, CardOptions
    from tokenry.card.measure import measure
    from tokenry.compat.huggingface.accelerate import accelerate, patch_transformers
    from tokenry.compat.huggingface.accelerate import unpatch_transformers
    from tokenry.corpus import Corpus, Document, ReadOptions
    from tokenry.drawing.view import show
    from tokenry.learning import learn
    from tokenry.study import StudyOptions, StudyResult, run_study
    from tokenry.text.ragged import Ragged
    from tokenry.tokenizer import Tokenizer, load
    from tokenry.vocabulary import Vocabulary

__all__ = [
    "ArgumentError", "Card", "CardOptions", "ConstraintError", "Corpus", "CorpusError",
    "Document", "DomainError", "EncodeError", "FileWarning", "FormatError", "LearnError",
    "MissingExtraError", "ModelError", "PartError", "Ragged", "ReadOptions", "ShardError",
    "SignalError", "SmallerVocabularyWarning", "SpareRowsWarning", "StudyError", "StudyOptions",
    "StudyResult", "Tokenizer", "TokenryError", "TooLargeError", "TrainingError",
    "UnsupportedError", "Vocabulary", "VocabularyError", "__version__", "accelerate", "learn",
    "load", "measure", "patch_transformers", "run_study", "show", "unpatch_transformers",
]  # fmt: skip

_HOMES = {
    ".card": "Card CardOptions",
    ".card.measure": "measure",
    ".compat.huggingface.accelerate": "accelerate patch_transformers unpatch_transformers",
    ".corpus": "Corpus Document ReadOptions",
    ".drawing.view": "show",
    ".learning": "learn",
    ".study": "StudyOptions StudyResult run_study",
    ".text.ragged": "Ragged",
    ".tokenizer": "Tokenizer load",
    ".vocabulary": "Vocabulary",
}
__getattr__ = lazily(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(__all__)
