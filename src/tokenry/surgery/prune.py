"""Drop pieces that a corpus does not use.

For BPE this is leaf-based pruning (Purason, Chizhov, Yamshchikov, Fishel 2025, "Teaching old
tokenizers new words", arXiv:2512.03989): only a piece from which no other kept piece is built may
go, least used first, and the uses of a piece that goes are added to the two that it was built from.
So what is kept is closed under merges.

What stays equal. Let K be the kept ids. A pretoken that the old tokenizer writes in ids of K only
is written in the same pieces: every merge on the way to them makes an id of K, so all are still
there with their ranks; at each step the best merge of the old tokenizer is thus still known, and
what was not known before is not known now. For Unigram the best path is still there and no other
got better; for WordPiece the longest piece at each place is still the longest. (A word that
WordPiece did not know may become known by other pieces.)
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from tokenry.arguments import checked
from tokenry.corpus import CorpusLike
from tokenry.errors import VocabularyError
from tokenry.surgery.id_map import IdMap, Surgery
from tokenry.surgery.renumber import check_known, fixed, renumbered
from tokenry.surgery.uses import built_from, count_uses
from tokenry.text.id_changes import IdTable
from tokenry.tokenizer import Tokenizer


@checked
def prune(
    tokenizer: Tokenizer,
    corpus: CorpusLike,
    *,
    min_uses: int = 1,
    size: int | None = None,
) -> Surgery:
    """Drop the least used pieces; ids that are kept move together, in their old order.

    Specials, all ids with a role, single bytes, and single characters where segmentation starts
    from characters are kept whatever their use, so the result encodes all that the old one did.

    Args:
        tokenizer: BPE, Unigram or WordPiece.
        corpus: text whose pieces are to stay.
        min_uses: pieces with fewer uses go.
        size: go on until there are no more than this many ids; None for no limit.

    Raises:
        CorpusError: the corpus is empty.
        UnsupportedError: a segmenter or decoder that we cannot renumber.
        VocabularyError: ``size`` is less than what has to be kept, or ``min_uses`` is negative.
    """
    check_known(tokenizer.pipeline)
    if min_uses < 0:
        raise VocabularyError(f"min_uses is {min_uses}; give 0 or more uses")
    must_keep = fixed(tokenizer.pipeline)
    limit = len(tokenizer.vocabulary) if size is None else size
    if limit < must_keep.sum():
        raise VocabularyError(
            f"size {limit} has no room for the {int(must_keep.sum())} specials, bytes and single "
            "characters that are always kept; ask for more"
        )
    uses = count_uses(tokenizer, corpus)
    unused = int((uses == 0).sum())
    kept = _kept(uses, built_from(tokenizer), must_keep, min_uses, limit)
    pipeline, new_of_old = renumbered(tokenizer.pipeline, np.flatnonzero(kept))
    smaller = Tokenizer.of(pipeline)
    ids = IdMap.between(tokenizer, smaller, new_of_old)
    return Surgery(smaller, ids, "prune", {"unused_before": unused})


def _kept(
    uses: IdTable, parts: IdTable, must_keep: NDArray[np.bool_], min_uses: int, limit: int
) -> NDArray[np.bool_]:
    """Which ids stay; ``uses`` is changed."""
    kept = np.ones(len(uses), dtype=np.bool_)
    wholes = np.zeros(len(uses), dtype=np.int64)  # kept pieces that are built from an id
    np.add.at(wholes, parts[parts >= 0], 1)
    # Of equally used leaves the one of the highest id goes first: it was learnt last.
    leaves = [(int(uses[i]), -i) for i in np.flatnonzero(~must_keep & (wholes == 0)).tolist()]
    heapq.heapify(leaves)
    left = len(uses)
    while leaves:
        use, id_ = heapq.heappop(leaves)
        if use >= min_uses and left <= limit:
            break
        if use != uses[-id_]:
            heapq.heappush(leaves, (int(uses[-id_]), id_))
            continue
        kept[-id_] = False
        left -= 1
        for part in parts[-id_].tolist():
            if part >= 0:
                uses[part] += use
                wholes[part] -= 1
                if wholes[part] == 0 and not must_keep[part]:
                    heapq.heappush(leaves, (int(uses[part]), -part))
    return kept
