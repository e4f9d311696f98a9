"""A tokenizer with more ids behind the ones that it has."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from tokenry.errors import UnsupportedError
from tokenry.text.decoders.steps import ByteLevelDecoder, SpelledDecoder
from tokenry.text.normalizers.sentencepiece import SentencePieceDecoder
from tokenry.text.parts import AddedToken, Decoder, Segmenter
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.text.segmenters.wordpiece import WordPieceSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import METASPACE, Vocabulary, to_byte_level, to_wordpiece


def appended(
    tokenizer: Tokenizer,
    pieces: Sequence[bytes],
    *,
    merges: Sequence[tuple[int, int, int]] = (),
    scores: Sequence[float] | None = None,
    specials: Sequence[AddedToken] = (),
) -> Tokenizer:
    """Append pieces; the ids that the tokenizer has are as they were.

    Args:
        tokenizer: BPE, Unigram or WordPiece.
        pieces: of the ids from ``len(tokenizer.vocabulary)`` on.
        merges: left, right and merged id; they rank after all that there are.
        scores: of the new pieces, for Unigram.
        specials: those of the new ids that are special.

    Raises:
        UnsupportedError: a segmenter or decoder that we cannot extend.
    """
    old = tokenizer.vocabulary
    roles = {**old.roles, **{token.id: "special" for token in specials}}
    vocabulary = Vocabulary([*old.pieces, *pieces], roles)
    parts = tokenizer.parts() | {
        "vocabulary": vocabulary,
        "segmenter": _segmenter(tokenizer.segmenter, vocabulary, merges, scores),
        "added_tokens": [*tokenizer.added_tokens, *specials],
        "decoder": _decoder(tokenizer, pieces, {token.id for token in specials}),
    }
    return Tokenizer(**parts)  # type: ignore[arg-type]


def _segmenter(
    segmenter: Segmenter,
    vocabulary: Vocabulary,
    merges: Sequence[tuple[int, int, int]],
    scores: Sequence[float] | None,
) -> Segmenter:
    if isinstance(segmenter, WordPieceSegmenter):
        return dataclasses.replace(segmenter, vocabulary=vocabulary)
    if isinstance(segmenter, UnigramSegmenter):
        more = np.zeros(len(vocabulary) - len(segmenter.scores))
        more[: len(scores or ())] = scores or ()
        return dataclasses.replace(
            segmenter, vocabulary=vocabulary, scores=np.concatenate((segmenter.scores, more))
        )
    if not isinstance(segmenter, BytePairSegmenter):
        raise UnsupportedError(f"ids cannot be appended to a {type(segmenter).__name__}")
    rows = np.array(merges, dtype=np.uint32).reshape(-1, 3)
    first = int(segmenter.ranks.max()) + 1 if len(segmenter.ranks) else 0
    ranks = np.arange(first, first + len(rows), dtype=np.uint32)
    return dataclasses.replace(
        segmenter,
        vocabulary=vocabulary,
        merges=np.concatenate((segmenter.merges.reshape(-1, 3), rows)),
        ranks=np.concatenate((segmenter.ranks, ranks)),
    )


def _decoder(tokenizer: Tokenizer, pieces: Sequence[bytes], specials: set[int]) -> Decoder | None:
    decoder = tokenizer.decoder
    if decoder is None or isinstance(decoder, SentencePieceDecoder):
        return decoder
    if not isinstance(decoder, SpelledDecoder):
        raise UnsupportedError(f"ids cannot be appended to the decoder {type(decoder).__name__}")
    first = len(tokenizer.vocabulary)
    spelled = [
        piece.decode() if first + at in specials else _spelled(piece, tokenizer, decoder)
        for at, piece in enumerate(pieces)
    ]
    return SpelledDecoder((*decoder.tokens, *spelled), decoder.steps)


def _spelled(piece: bytes, tokenizer: Tokenizer, decoder: SpelledDecoder) -> str:
    """As the tokenizer's own file would spell it."""
    if any(isinstance(step, ByteLevelDecoder) for step in decoder.steps):
        return to_byte_level(piece)
    if isinstance(tokenizer.segmenter, WordPieceSegmenter):
        return to_wordpiece(piece, tokenizer.segmenter.prefix)
    marked = any(METASPACE in token for token in decoder.tokens if token)
    return piece.decode().replace(" ", METASPACE if marked else " ")
