"""Learning tokenizers from data: one learner a file, named in `KINDS`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tokenry.arguments import checked
from tokenry.errors import SmallerVocabularyWarning
from tokenry.lazy import lazily
from tokenry.learning.registry import KINDS, learner, learner_of

if TYPE_CHECKING:
    from tokenry.corpus import CorpusLike
    from tokenry.learning.bpe import Bpe
    from tokenry.learning.contract import Learner
    from tokenry.learning.merge_list import MergeList
    from tokenry.learning.superbpe import SuperBpe
    from tokenry.learning.superwords.rule import SuperwordRule
    from tokenry.learning.unigram import Unigram
    from tokenry.progress import Progress
    from tokenry.tokenizer import Tokenizer

__all__ = [
    "KINDS",
    "Bpe",
    "Learner",
    "MergeList",
    "SmallerVocabularyWarning",
    "SuperBpe",
    "SuperwordRule",
    "Unigram",
    "learn",
    "learner",
    "learner_of",
]

# A learner brings numpy and the core, about 100 ms.
__getattr__ = lazily(
    __name__,
    {
        ".bpe": "Bpe",
        ".contract": "Learner",
        ".merge_list": "MergeList",
        ".superbpe": "SuperBpe",
        ".superwords.rule": "SuperwordRule",
        ".unigram": "Unigram",
    },
)


@checked
def learn(
    corpus: CorpusLike,
    *,
    kind: str = "bpe",
    progress: Progress | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    **options: Any,
) -> Tokenizer:
    """Learn a tokenizer.

    Args:
        corpus: a `tokenry.corpus.Corpus`, a path, an iterable of texts or a function that starts
            one.
        kind: one of `KINDS`.
        progress: told now and then how far it is.
        checkpoint: a file to go on from, and to leave behind when interrupted.
        **options: of the learner, such as ``vocab_size=32_000``; see its class.

    Raises:
        CorpusError: the corpus is empty or cannot be read.
        LearnError: an option that does not exist or cannot be met.

    >>> tokenizer = learn(["low lower lowest " * 9], vocab_size=260, pretokenizer="gpt2")
    >>> tokenizer.decode(tokenizer.encode("lowest"))
    'lowest'
    """
    return learner(kind, **options).learn(corpus, progress=progress, checkpoint=checkpoint)
