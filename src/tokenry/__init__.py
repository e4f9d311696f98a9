"""Tokenry: the token layer of foundation models.

Names are imported when they are first used, so that ``import tokenry`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokenry.lazy import lazily
from tokenry.version import __version__

if TYPE_CHECKING:
    from tokenry.card import Card, CardOptions
    from tokenry.card.measure import measure
    from tokenry.corpus import Corpus, Document, ReadOptions
    from tokenry.learning import learn
    from tokenry.study import StudyOptions, StudyResult, run_study
    from tokenry.text.ragged import Ragged
    from tokenry.tokenizer import Tokenizer, load
    from tokenry.vocabulary import Vocabulary

    # isort: off
    from tokenry.errors import CorpusError, EncodeError, FormatError, LearnError
    from tokenry.errors import MissingExtraError, ModelError, PartError, SmallerVocabularyWarning
    from tokenry.errors import SpareRowsWarning, StudyError, TokenryError, TrainingError
    from tokenry.errors import UnsupportedError, VocabularyError
    # isort: on

__all__ = [
    "Card", "CardOptions", "Corpus", "CorpusError", "Document", "EncodeError", "FormatError",
    "LearnError", "MissingExtraError", "ModelError", "PartError", "Ragged", "ReadOptions",
    "SmallerVocabularyWarning", "SpareRowsWarning", "StudyError", "StudyOptions", "StudyResult",
    "Tokenizer", "TokenryError", "TrainingError", "UnsupportedError", "Vocabulary",
    "VocabularyError",
    "__version__", "learn", "load", "measure", "run_study",
]  # fmt: skip

_HOMES = {
    ".card": "Card CardOptions",
    ".card.measure": "measure",
    ".corpus": "Corpus Document ReadOptions",
    ".errors": "CorpusError EncodeError FormatError LearnError MissingExtraError ModelError "
    "PartError SmallerVocabularyWarning SpareRowsWarning StudyError TokenryError "
    "TrainingError UnsupportedError VocabularyError",
    ".learning": "learn",
    ".study": "StudyOptions StudyResult run_study",
    ".text.ragged": "Ragged",
    ".tokenizer": "Tokenizer load",
    ".vocabulary": "Vocabulary",
}
__getattr__ = lazily(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(__all__)
