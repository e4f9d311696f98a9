"""A pipeline with more ids behind the ones that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tokenry.text.id_changes import Addition
from tokenry.text.parts import AddedToken
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import Vocabulary


def appended(
    pipeline: Pipeline,
    pieces: Sequence[bytes],
    *,
    merges: Sequence[tuple[int, int, int]] = (),
    scores: Sequence[float] = (),
    specials: Sequence[AddedToken] = (),
) -> Pipeline:
    """Append pieces; the ids that there are stay as they were.

    Args:
        pipeline: one whose segmenter and decoder take more ids: BPE, Unigram or WordPiece.
        pieces: of the ids from ``len(pipeline.vocabulary)`` on.
        merges: left, right and merged id; they rank after all that there are.
        scores: of the new pieces, where the segmenter needs them.
        specials: those of the new ids that are special.

    Raises:
        UnsupportedError: a segmenter or decoder that we cannot extend.
    """
    old, segmenter, decoder = pipeline.vocabulary, pipeline.segmenter, pipeline.decoder
    roles = {**old.roles, **{token.id: "special" for token in specials}}
    addition = Addition(
        Vocabulary([*old.pieces, *pieces], roles),
        first=len(old),
        specials=frozenset(token.id for token in specials),
        merges=merges,
        scores=scores,
    )
    return replace(
        pipeline,
        vocabulary=addition.vocabulary,
        segmenter=segmenter.appended(addition),
        added_tokens=(*pipeline.added_tokens, *specials),
        decoder=None if decoder is None else decoder.appended(addition, segmenter.spelled),
    )
