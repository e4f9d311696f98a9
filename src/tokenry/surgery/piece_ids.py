"""Pieces of another vocabulary in the ids of a tokenizer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tokenry.text.ragged import Ragged
from tokenry.tokenizer import Tokenizer


def ids_of_piece(tokenizer: Tokenizer, piece: bytes) -> list[int]:
    """What a tokenizer makes of a piece that stands as it is, with its space before it or none."""
    if not tokenizer.segmenter.bare_words:
        return [int(id_) for id_ in tokenizer.encode_pretokens([piece])[0]]
    if piece.startswith(b" "):
        return tokenizer.segmenter.segment(piece[1:])
    # A continuation comes after a start: one that takes nothing of it.
    for start in _short_starts(tokenizer):
        first, *rest = tokenizer.segmenter.segment(start[1:] + piece)
        if tokenizer.vocabulary[first] == start:
            return rest
    return tokenizer.segmenter.segment(piece)


def _short_starts(tokenizer: Tokenizer) -> list[bytes]:
    starts = (piece for piece in tokenizer.vocabulary.matchable() if piece and len(piece) == 2)
    return [piece for piece in starts if piece.startswith(b" ")][:64]


def ids_of_pieces(tokenizer: Tokenizer, pieces: Sequence[bytes]) -> Ragged:
    """The same for pieces that may reach over several pretokens (`` of the``), which are cut first.

    A piece that a normaliser would change is given as that changes it, where its own bytes have no
    ids but the unknown one.
    """
    rows = _whole_rows(tokenizer, pieces)
    unknown = tokenizer.segmenter.unknown
    for at, row in enumerate(rows):
        if (unknown in row or not row) and tokenizer.normalizer is not None:
            rows[at] = tokenizer.encode(pieces[at])
    return Ragged.of(np.array(row, np.uint32) for row in rows)


def _whole_rows(tokenizer: Tokenizer, pieces: Sequence[bytes]) -> list[list[int]]:
    if tokenizer.segmenter.bare_words:
        return [ids_of_piece(tokenizer, piece) for piece in pieces]
    parts: list[bytes] = []
    counts = []
    for piece in pieces:
        cut = tokenizer.pretokenizer(piece, first=False)
        spans = list(zip(cut.starts.tolist(), cut.ends.tolist(), strict=True))
        parts += [cut.data[begin:end] for begin, end in spans]
        counts.append(len(spans))
    ids = iter(tokenizer.encode_pretokens(parts))
    return [[id_ for _ in range(count) for id_ in next(ids).tolist()] for count in counts]
