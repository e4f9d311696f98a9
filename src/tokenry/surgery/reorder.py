"""Number pieces by how often a corpus uses them."""

from __future__ import annotations

import numpy as np

from tokenry.arguments import checked
from tokenry.corpus import CorpusLike
from tokenry.surgery.id_map import IdMap, Surgery
from tokenry.surgery.renumber import check_known, fixed, renumbered
from tokenry.surgery.uses import built_from, count_uses
from tokenry.text.id_changes import IdTable
from tokenry.tokenizer import Tokenizer


@checked
def reorder(tokenizer: Tokenizer, corpus: CorpusLike) -> Surgery:
    """Number pieces from the most to the least used; the segmentation of every text is unchanged.

    A piece counts as used wherever it comes out and wherever it is inside a longer one that does,
    as in learning. So no piece stands before one that it is built from, and `truncate` then keeps
    the most used. Ids that `prune` would never drop, holes, and pieces that are there twice (which
    of them text gets depends on their order) keep their numbers.

    Args:
        tokenizer: BPE, Unigram or WordPiece.
        corpus: text to count on.

    Raises:
        CorpusError: the corpus is empty.
        UnsupportedError: a segmenter or decoder that we cannot renumber.
    """
    check_known(tokenizer.pipeline)
    pieces = tokenizer.vocabulary.pieces
    stays = fixed(tokenizer.pipeline) | np.array(
        [piece is None for piece in pieces], dtype=np.bool_
    )
    twice = [id_ for ids in tokenizer.vocabulary.duplicates().values() for id_ in ids]
    stays[twice] = True
    places = np.flatnonzero(~stays)
    lengths = np.array([len(piece or b"") for piece in pieces], dtype=np.int64)
    uses = _with_inner(count_uses(tokenizer, corpus), built_from(tokenizer), lengths)
    # A part is used at least as often as the whole; where as often, it is shorter.
    order = np.lexsort((places, lengths[places], -uses[places]))
    kept = np.arange(len(pieces), dtype=np.int64)
    kept[places] = places[order]
    pipeline, new_of_old = renumbered(tokenizer.pipeline, kept)
    again = Tokenizer.of(pipeline)
    moved = int((kept != np.arange(len(kept))).sum())
    ids = IdMap.between(tokenizer, again, new_of_old)
    return Surgery(again, ids, "reorder", {"moved": moved})


def _with_inner(uses: IdTable, parts: IdTable, lengths: IdTable) -> IdTable:
    """Uses of each id, inside longer pieces too."""
    for id_ in np.argsort(-lengths, kind="stable").tolist():
        for part in parts[id_].tolist():
            if part >= 0:
                uses[part] += uses[id_]
    return uses
