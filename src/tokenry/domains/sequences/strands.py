"""What a tokenizer of DNA makes of the other strand, and of the same one shifted by a base.

A strand and its reverse complement say the same, but pieces are read from left to right only: this
report says how much of a reading survives (Zhou et al. 2024, arXiv:2306.15006, name the problem).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.domain_tokenizer import DomainTokenizer
from tokenry.errors import DomainError
from tokenry.results import Result

_COMPLEMENT: Final = bytes.maketrans(b"ACGTURYKMBVDHacgturykmbvdh", b"TGCAAYRMKVBHDtgcaayrmkvbhd")


@dataclass(frozen=True, slots=True)
class StrandReport(Result):
    """A sequence beside its reverse complement and its shift by one base.

    Attributes:
        bases: of the sequence.
        tokens: of the sequence.
        tokens_reversed: of its reverse complement.
        shared_borders: share of the borders between tokens that stand at the same place in both.
        mirrored_pieces: share of tokens whose reverse complement is a piece of the vocabulary, too.
        bases_to_agree: bases until the tokens of the sequence without its first base have a border
            where those of the whole have one; all of them where they never do.
        shared_after_shift: share of the borders that both have from there on.
    """

    bases: int
    tokens: int
    tokens_reversed: int
    shared_borders: float
    mirrored_pieces: float
    bases_to_agree: int
    shared_after_shift: float


def reverse_complement(sequence: bytes) -> bytes:
    """The other strand, read in its own direction; letters that are no bases stay.

    >>> reverse_complement(b"AACGN")
    b'NCGTT'
    """
    return sequence.translate(_COMPLEMENT)[::-1]


def strand_report(tokenizer: DomainTokenizer, sequence: bytes) -> StrandReport:
    """Compare the tokens of a sequence with those of its other strand, and of its shift.

    Args:
        tokenizer: of DNA.
        sequence: upper-case bases without headers and line ends, at least two.

    Raises:
        DomainError: the sequence is shorter.
    """
    if len(sequence) < 2:
        raise DomainError(f"a sequence of {len(sequence)} bases; give two or more")
    ids, forward = _tokens(tokenizer, sequence)
    _, other = _tokens(tokenizer, reverse_complement(sequence))
    mirrored = len(sequence) - other[::-1]
    _, shifted = _tokens(tokenizer, sequence[1:])
    both = np.intersect1d(forward, shifted + 1)
    agree = int(both[0]) if len(both) else len(sequence)
    later = forward[forward >= agree]
    return StrandReport(
        bases=len(sequence),
        tokens=len(ids),
        tokens_reversed=len(other) + 1,
        shared_borders=_share(np.isin(forward, mirrored)),
        mirrored_pieces=_share(_is_mirrored(tokenizer, ids)),
        bases_to_agree=agree,
        shared_after_shift=_share(np.isin(later, both)),
    )


def _tokens(
    tokenizer: DomainTokenizer, sequence: bytes
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Ids, and the places of the borders between them."""
    ids = tokenizer.tokenizer.encode_pretokens([sequence]).ids
    widths = tokenizer.tokenizer.vocabulary.matchable_widths()[ids]
    return ids, np.cumsum(widths)[:-1]


def _is_mirrored(tokenizer: DomainTokenizer, ids: NDArray[np.uint32]) -> NDArray[np.bool_]:
    vocabulary = tokenizer.tokenizer.vocabulary
    known = {piece for piece in vocabulary.matchable() if piece is not None}
    pieces = vocabulary.pieces
    mirrored = np.array([reverse_complement(piece or b"") in known for piece in pieces])
    return np.asarray(mirrored[ids])


def _share(holds: NDArray[np.bool_]) -> float:
    return float(holds.mean()) if len(holds) else 1.0
