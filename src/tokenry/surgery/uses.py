"""How often each id is used, and which ids a piece is built from."""

from __future__ import annotations

import numpy as np

from tokenry.corpus import CorpusLike, as_corpus
from tokenry.corpus.batches import batches
from tokenry.errors import CorpusError
from tokenry.text.id_changes import IdTable
from tokenry.tokenizer import Tokenizer

_BATCH = 8 << 20  # bytes encoded at a time


def count_uses(tokenizer: Tokenizer, corpus: CorpusLike) -> IdTable:
    """How often each id comes out of a corpus, shape (ids,).

    Raises:
        CorpusError: there are no documents.
    """
    uses = np.zeros(len(tokenizer.vocabulary), dtype=np.int64)
    empty = True
    for batch in batches((document.data for document in as_corpus(corpus)), _BATCH):
        empty = False
        uses += np.bincount(tokenizer.encode_batch(batch).ids, minlength=len(uses))
    if empty:
        raise CorpusError("the corpus is empty: no piece has a use to be judged by; give text")
    return uses


def built_from(tokenizer: Tokenizer) -> IdTable:
    """The two ids that each id is merged from, shape (ids, 2); -1 where it is not."""
    return tokenizer.segmenter.built_from(len(tokenizer.vocabulary))
