"""How often each id is used, and which ids a piece is built from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus import CorpusLike, as_corpus
from tokenry.corpus.batches import batches
from tokenry.errors import CorpusError
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.tokenizer import Tokenizer

Ids = NDArray[np.int64]
_BATCH = 8 << 20  # bytes encoded at a time


def count_uses(tokenizer: Tokenizer, corpus: CorpusLike) -> Ids:
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


def built_from(tokenizer: Tokenizer) -> Ids:
    """The two ids that each id is merged from, shape (ids, 2); -1 where it is not.

    Merging a stretch of text goes the same way whether it stands alone or is what becomes of a part
    of a pretoken, since no merge crosses its ends. So every id that merging makes has one tree of
    ids below it: that of its own piece. An id with several merges (as rank files give) is looked
    up by merging its piece; one that its piece does not become is made by no text.
    """
    table = np.full((len(tokenizer.vocabulary), 2), -1, dtype=np.int64)
    segmenter = tokenizer.segmenter
    if not isinstance(segmenter, BytePairSegmenter) or not len(segmenter.merges):
        return table
    merges = segmenter.merges.astype(np.int64)
    made, first, times = np.unique(merges[:, 2], return_index=True, return_counts=True)
    once = times == 1
    table[made[once]] = merges[first[once], :2]
    for id_ in made[~once].tolist():
        piece = tokenizer.vocabulary.pieces[id_]
        steps = segmenter.derivation(piece) if piece else []
        if steps and steps[-1][2] == id_:
            table[id_] = steps[-1][:2]
    return table
