"""Which vocabulary size to take: learn once, measure every size, and the sizes languages need.

Each size is the first ids of the largest vocabulary, measured on documents that the learner did not
see. Of parallel text, each language is learnt from every second block of lines, and counted on the
others: Arnett et al. 2025, arXiv:2510.21909.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tokenry.corpus.corpus import Corpus, CorpusLike, as_corpus
from tokenry.corpus.parallel import read_languages
from tokenry.errors import CorpusError, SmallerVocabularyWarning, VocabularyError
from tokenry.json_data import FLAT
from tokenry.learning import learner
from tokenry.measuring.encoded import Sample
from tokenry.measuring.fairness import check_aligned
from tokenry.measuring.size import TOLERANCE, ModelShape, SizeSweep, sweep_sizes
from tokenry.measuring.size_curve import LanguageSize, language_sizes
from tokenry.results import Result

SIZES = (2_000, 4_000, 8_000, 16_000, 32_000, 64_000)
BLOCK = 20  # lines


@dataclass(frozen=True)
class LanguageSizes(Result):
    """Sizes by language, and the tokens that they follow from.

    Attributes:
        reference: the language that the others are measured against.
        size: ids of the reference.
        target: the premium that each language is to pay.
        found: the size of each language, cheapest language first.
        tokens: by language and size.
    """

    reference: str
    size: int
    target: float
    found: tuple[LanguageSize, ...]
    tokens: dict[str, dict[int, int]]


@dataclass(frozen=True)
class SizeChoice(Result):
    """What every size costs, the one to take, and what languages need where that was asked."""

    sweep: SizeSweep = field(metadata=FLAT)
    languages: LanguageSizes | None = None

    def to_json(self) -> dict[str, Any]:
        """A JSON object; without languages where none were asked for."""
        facts = super().to_json()
        if self.languages is None:
            del facts["languages"]
        return facts


def choose_size(
    corpus: CorpusLike,
    sizes: Sequence[int] = SIZES,
    *,
    kind: str = "bpe",
    shape: ModelShape | None = None,
    tolerance: float = TOLERANCE,
    holdout: float = 0.1,
    parallel: str | os.PathLike[str] | None = None,
    reference_language: str = "eng_Latn",
    target: float = 1.0,
) -> SizeChoice:
    """Learn once, measure every size, and recommend one for a model.

    Args:
        corpus: documents, or the path of a file or a folder of them.
        sizes: ids, ascending.
        kind: a learner whose vocabularies nest.
        shape: the model that the vocabulary is for.
        tolerance: share of operations per byte that a smaller size may cost more.
        holdout: share of the documents to measure on.
        parallel: a folder of translations, one file a language, line by line: also find the size
            that each language needs.
        reference_language: the file that the others are measured against.
        target: the premium that each language is to pay.

    Raises:
        CorpusError: no documents to measure on, or text that is not parallel.
        VocabularyError: a size that cannot be, or too few sizes for the parallel text.
        LearnError: no learner is named ``kind``.
        UnsupportedError: its vocabularies do not nest.
    """
    learnt, held = as_corpus(corpus).split(holdout)
    sample = _sample(held, holdout)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        tokenizer = learner(kind, vocab_size=sizes[-1]).learn(learnt)
        sweep = sweep_sizes(tokenizer, sizes, sample, shape=shape, tolerance=tolerance)
        if parallel is None:
            return SizeChoice(sweep)
        lines = read_languages(parallel)
        check_aligned(lines, reference_language)
        found = sizes_by_language(lines, sizes, kind, reference_language, target)
        return SizeChoice(sweep, found)


def sizes_by_language(
    lines: dict[str, list[str]], sizes: Sequence[int], kind: str, reference: str, target: float
) -> LanguageSizes:
    """Learn each language from every second block of lines, and count on the others.

    Raises:
        VocabularyError: fewer than three of the sizes can be learnt of the text.
    """
    tokenizers = {
        name: learner(kind, vocab_size=sizes[-1]).learn(_side(each, 0))
        for name, each in lines.items()
    }
    largest = min(len(each.vocabulary) for each in tokenizers.values())
    usable = [size for size in sizes if size <= largest]
    if len(usable) < 3:
        raise VocabularyError(
            f"the parallel text gives vocabularies of up to {largest:,} ids, and a curve needs "
            f"three sizes within that; {len(usable)} of the sizes are: give smaller ones or more "
            "text"
        )
    counts = {
        name: {
            size: int(tokenizer.truncate(size).count_batch(_side(lines[name], 1)).sum())
            for size in usable
        }
        for name, tokenizer in tokenizers.items()
    }
    common = usable[len(usable) // 2]
    found = language_sizes(counts, reference, size=common, target=target)
    return LanguageSizes(reference, common, target, found, counts)


def _sample(held: Corpus, share: float) -> Sample:
    documents = [document.data for document in held]
    if not documents:
        raise CorpusError(
            f"holding out {share:g} of the documents leaves none to measure on; give more text or "
            "hold out a larger share"
        )
    return Sample.of(documents)


def _side(lines: list[str], side: int) -> list[str]:
    return [line for at, line in enumerate(lines) if at // BLOCK % 2 == side]
