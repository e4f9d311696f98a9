"""Append pieces of a second tokenizer, as for a language that the first hardly knows.

Source: Larcher et al. 2023, "Cabrita: closing the gap for foreign languages", arXiv:2308.11878
(Portuguese); Vo et al. 2024, "RedWhale: an adapted Korean LLM through efficient continual
pretraining", arXiv:2408.11294.

Appending the pieces alone often gives ids that no text reaches, since the old merges cut the new
pieces elsewhere (Purason et al. 2025, arXiv:2512.03989). So here a new piece is merged from what
the tokenizer makes of it at that point; where that is more than two ids, pieces in between are
appended too (*bridges*).

What stays equal:

- Old ids keep their pieces and meaning; new ones follow them.
- BPE: new merges rank after all old ones, so the old merges of any text happen first and unchanged.
  Every encoding is the old one with neighbours joined: write each new id in the old ids that
  `IdMap.parts` gives, and the old encoding is back, for every text. Where symbols are characters,
  a new single character stands for the bytes, or the unknown id, that it was before.
- Unigram: new pieces have the scores of the second tokenizer. Text in which no new piece occurs is
  encoded as before; elsewhere the best path decides anew, and the parts of a new id are what the
  old tokenizer made of its piece alone.
  A word without a second tokenizer gets the score of the rarest of its parts.
- WordPiece: the longest piece still wins, so a word in which no new piece occurs is as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np

from tokenry.arguments import explained
from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.surgery.id_map import IdMap, Surgery
from tokenry.surgery.joins import Joins
from tokenry.surgery.piece_ids import ids_of_piece
from tokenry.text.appending import appended
from tokenry.text.parts import Segmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import is_utf8

VARIANTS = ("space", "bare")  # of a word: behind a space, and without one


@explained
def extend(
    tokenizer: Tokenizer,
    pieces: Tokenizer | Iterable[bytes | str],
    *,
    size: int | None = None,
    variants: str = "space,bare",
) -> Surgery:
    """Append pieces that the tokenizer does not have.

    Left out, and counted in the notes, are pieces that no text could produce: those that the
    pretokenizer cuts and those that the normaliser changes.

    Args:
        tokenizer: BPE, Unigram or WordPiece.
        pieces: a second tokenizer, whose ordinary pieces that may start a pretoken are taken in
            the order of their ids (for Unigram and BERT's WordPiece one of the same kind); or,
            with no second tokenizer, words as str, each in its variants, and canonical bytes, in
            order.
        variants: what becomes of a word: a piece behind a ``space``, a ``bare`` one, or both with
            a comma between them.
        size: ids in all at the end, at most; None for all pieces.

    Raises:
        UnsupportedError: a segmenter or decoder that we cannot extend, or a second tokenizer
            without scores for Unigram.
        VocabularyError: ``size`` is less than there are ids, or no such variant.
    """
    _check_grows(tokenizer)
    room = _room(tokenizer, size)
    if not isinstance(pieces, Tokenizer):
        pieces = _written(pieces, variants)
    given = list(dict.fromkeys(_pieces_of(tokenizer, pieces)))
    starts = tokenizer.segmenter.starts
    known = {piece for id_, piece in enumerate(tokenizer.vocabulary.pieces) if starts(id_)}
    missing = [piece for piece in given if piece not in known]
    fitting = [piece for piece in missing if _can_occur(piece, tokenizer)]
    notes = {"known": len(given) - len(missing), "cannot_occur": len(missing) - len(fitting)}
    costs: dict[bytes, int] = {}
    if tokenizer.segmenter.grows_by == "merges":
        larger, parts, costs = _extend_merges(tokenizer, fitting, room)
        first = len(tokenizer.vocabulary)
        notes["bridges"] = len(set(larger.vocabulary.pieces[first:]) - set(fitting))
    else:
        fitting = fitting[:room]
        parts = [ids_of_piece(tokenizer, piece) for piece in fitting]
        scores = _scores(tokenizer, pieces, fitting, parts)
        larger = Tokenizer.of(appended(tokenizer.pipeline, fitting, scores=scores))
    old = np.arange(len(tokenizer.vocabulary), dtype=np.int64)
    costs = costs or dict.fromkeys(fitting, 1)
    return Surgery(larger, IdMap.between(tokenizer, larger, old, parts), "extend", notes, costs)


def _written(pieces: Iterable[bytes | str], variants: str) -> list[bytes]:
    """Canonical bytes of pieces and of words, of these in their variants."""
    if isinstance(pieces, str | bytes):
        raise VocabularyError(f"pieces {pieces!r}; expected a list of words, [{pieces!r}]")
    wanted = [each.strip() for each in variants.split(",")]
    unknown = [each for each in wanted if each not in VARIANTS]
    if unknown:
        raise VocabularyError(f"variant {unknown[0]!r}; known are {', '.join(VARIANTS)}")
    found: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            found.append(piece)
        elif piece:
            found += [(" " * (each == "space") + piece).encode() for each in wanted]
    return found


def _check_grows(tokenizer: Tokenizer) -> None:
    segmenter = tokenizer.segmenter
    if segmenter.grows_by is None:
        raise UnsupportedError(
            f"{type(segmenter).__name__} does not say what new pieces need to come out of text; "
            "extend a BPE, a Unigram or a WordPiece"
        )
    appended(tokenizer.pipeline, [])  # that its decoder takes more ids


def _room(tokenizer: Tokenizer, size: int | None) -> int | None:
    if size is None:
        return None
    if size < len(tokenizer.vocabulary):
        raise VocabularyError(
            f"cannot extend {len(tokenizer.vocabulary)} ids to {size}; give a size that is larger"
        )
    return size - len(tokenizer.vocabulary)


def _pieces_of(tokenizer: Tokenizer, pieces: Tokenizer | Iterable[bytes]) -> list[bytes]:
    if tokenizer.pretokenizer.drops_text:
        raise UnsupportedError(
            "extending does not know a tokenizer that drops what it has no symbol for"
        )
    segmenter = tokenizer.segmenter
    same = isinstance(pieces, Tokenizer) and _alike(pieces.segmenter, segmenter)
    scored = segmenter.grows_by == "scores"
    if isinstance(pieces, Tokenizer) and not same and (scored or segmenter.bare_words):
        name = type(segmenter).__name__
        raise UnsupportedError(
            f"{name} is extended by a tokenizer with a {name}, whose pieces "
            + ("have scores" if scored else "are whole words and continuations")
        )
    if not isinstance(pieces, Tokenizer):
        return [piece for piece in pieces if piece]
    roles, starts = pieces.vocabulary.roles, pieces.segmenter.starts
    ordinary = enumerate(pieces.vocabulary.pieces)
    return [piece for id_, piece in ordinary if piece and id_ not in roles and starts(id_)]


def _alike(one: Segmenter, other: Segmenter) -> bool:
    """Whether pieces of one come out of text by the same means in the other."""
    return (one.grows_by, one.bare_words) == (other.grows_by, other.bare_words)


def _can_occur(piece: bytes, tokenizer: Tokenizer) -> bool:
    """Whether some text, normalised, holds the piece in one pretoken."""
    segmenter = tokenizer.segmenter
    if not is_utf8(piece):
        return segmenter.starts_from_bytes
    if len(tokenizer.pretokenizer(piece, first=False).ends) > 1:
        return False
    text = piece.decode()
    return tokenizer.normalizer is None or text in tokenizer.normalizer(f"x{text}x")


def _extend_merges(
    tokenizer: Tokenizer, pieces: list[bytes], room: int | None
) -> tuple[Tokenizer, list[list[int]], dict[bytes, int]]:
    """The larger tokenizer, what each new id stands for, and the ids that each piece took."""
    symbols: list[bytes] = []
    if not tokenizer.segmenter.starts_from_bytes:
        # Merging starts from single characters, so they need no merge, only an id.
        symbols = list(islice((piece for piece in pieces if len(piece.decode()) == 1), room))
    parts = [row.tolist() for row in tokenizer.encode_pretokens(symbols)]
    started = Tokenizer.of(appended(tokenizer.pipeline, symbols)) if symbols else tokenizer
    longer = [piece for piece in pieces if piece not in started.vocabulary]
    joins = Joins(len(started.vocabulary), None if room is None else room - len(symbols))
    costs = dict.fromkeys(symbols, 1)
    for piece, ids in zip(longer, started.encode_pretokens(longer), strict=True):
        before = len(joins.pieces)
        joins.learn(ids.tolist(), started.vocabulary)
        made = joins.pieces[before:]
        if piece in made:
            costs[piece] = len(made)
    first = len(tokenizer.vocabulary)
    for left, right, _ in joins.merges:
        parts.append([old for id_ in (left, right) for old in _parts(id_, first, parts)])
    larger = appended(started.pipeline, joins.pieces, merges=joins.merges)
    return Tokenizer.of(larger), parts, costs


def _parts(id_: int, first: int, parts: list[list[int]]) -> list[int]:
    return [id_] if id_ < first else parts[id_ - first]


def _scores(
    tokenizer: Tokenizer,
    pieces: Tokenizer | Iterable[bytes],
    added: list[bytes],
    parts: list[list[int]],
) -> list[float]:
    """Scores of added pieces: of the tokenizer that they come from, or by their parts."""
    if not isinstance(pieces, Tokenizer):
        return [tokenizer.segmenter.score_of_word(each) for each in parts]
    return [pieces.segmenter.score_of(pieces.vocabulary.id_of(piece)) for piece in added]
