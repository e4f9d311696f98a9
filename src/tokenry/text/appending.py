"""A pipeline with more ids behind the ones that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tokenry.errors import VocabularyError
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
    added: Sequence[AddedToken] = (),
) -> Pipeline:
    """Append pieces; the ids that there are stay as they were.

    Args:
        pipeline: one whose segmenter and decoder take more ids: BPE, Unigram or WordPiece.
        pieces: of the ids from ``len(pipeline.vocabulary)`` on.
        merges: left, right and merged id; they rank after all that there are.
        scores: of the new pieces, where the segmenter needs them.
        added: those of the new ids that are found in text before it is split.

    Raises:
        UnsupportedError: a segmenter or decoder that we cannot extend.
    """
    old, segmenter, decoder = pipeline.vocabulary, pipeline.segmenter, pipeline.decoder
    roles = {token.id: "special" if token.special else "added" for token in added}
    addition = Addition(
        Vocabulary([*old.pieces, *pieces], {**old.roles, **roles}),
        first=len(old),
        specials=frozenset(roles),
        merges=merges,
        scores=scores,
    )
    return replace(
        pipeline,
        vocabulary=addition.vocabulary,
        segmenter=segmenter.appended(addition),
        added_tokens=(*pipeline.added_tokens, *added),
        decoder=None if decoder is None else decoder.appended(addition, segmenter.spelled),
    )


def with_tokens(pipeline: Pipeline, names: Sequence[str], *, special: bool) -> Pipeline:
    """Append tokens that are found in text before it is split, as tokenizers' ``add_tokens`` does.

    Those that are not special are looked for in what the normalizer leaves of a text.

    Raises:
        UnsupportedError: a segmenter or decoder that we cannot extend.
        VocabularyError: a name that is taken, empty, or given twice.
    """
    if isinstance(names, str):
        raise VocabularyError(f"names {names!r}; expected a list of names, [{names!r}]")
    for place, name in enumerate(names):
        check_free(pipeline, name, names[:place])
    added = [
        AddedToken(name, id_, special=special, normalized=not special)
        for id_, name in enumerate(names, len(pipeline.vocabulary))
    ]
    return appended(pipeline, [name.encode() for name in names], added=added)


def check_free(pipeline: Pipeline, name: str, others: Sequence[str] = ()) -> None:
    """Hold the name of a new token to those that there are, and to others that come with it.

    Raises:
        VocabularyError: it is taken or empty.
    """
    taken = {token.content for token in pipeline.added_tokens}
    if not name or name in taken or name in others or name.encode() in pipeline.vocabulary:
        why = "is empty" if not name else "is the name of another token"
        raise VocabularyError(f"the token {name!r} {why}; give another name")
