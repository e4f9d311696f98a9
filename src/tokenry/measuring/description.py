"""What a tokenizer holds, in a few facts: model, split, specials, faults, fingerprints."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tokenry.results import Result
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Description(Result):
    """Facts of a tokenizer.

    Attributes:
        model: class of the segmenter.
        ids: in all.
        pieces: that text can become.
        mean_piece_bytes, longest_piece_bytes: of these.
        roles: ids by role, where they have one.
        split: name of the native splitter, or the pretokenizer.
        normalizer: None for none.
        specials: their texts.
        added_tokens: specials among them.
        holes: ids that stand for nothing.
        duplicates: ids whose bytes another id has, too.
        pieces_of_partial_utf8: pieces that are no whole characters.
        lossless: whether it says that all text comes back.
        fingerprint, vocabulary_fingerprint: what identifies it, and its vocabulary.
    """

    model: str
    ids: int
    pieces: int
    mean_piece_bytes: float
    longest_piece_bytes: int
    roles: dict[str, int]
    split: str
    normalizer: str | None
    specials: tuple[str, ...]
    added_tokens: int
    holes: int
    duplicates: int
    pieces_of_partial_utf8: int
    lossless: bool
    fingerprint: str
    vocabulary_fingerprint: str


def describe(tokenizer: Tokenizer) -> Description:
    """The facts of a loaded tokenizer."""
    vocabulary = tokenizer.vocabulary
    pieces = [piece for piece in vocabulary.matchable() if piece is not None]
    sizes = [len(piece) for piece in pieces] or [0]
    return Description(
        model=type(tokenizer.segmenter).__name__,
        ids=len(vocabulary),
        pieces=len(pieces),
        mean_piece_bytes=round(sum(sizes) / len(sizes), 2),
        longest_piece_bytes=max(sizes),
        roles=dict(Counter(vocabulary.roles.values())),
        split=tokenizer.pretokenizer.native or repr(tokenizer.pretokenizer),
        normalizer=None if tokenizer.normalizer is None else repr(tokenizer.normalizer),
        specials=tuple(sorted(tokenizer.special_tokens_set)),
        added_tokens=len(tokenizer.added_tokens),
        holes=len(vocabulary.holes()),
        duplicates=sum(len(ids) - 1 for ids in vocabulary.duplicates().values()),
        pieces_of_partial_utf8=len(vocabulary.partial_utf8()),
        lossless=tokenizer.lossless,
        fingerprint=tokenizer.fingerprint(),
        vocabulary_fingerprint=vocabulary.fingerprint(),
    )
