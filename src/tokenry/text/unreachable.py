"""Which ids no text produces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from tokenry.text.parts import Pretokenizer
from tokenry.text.ragged import Ragged
from tokenry.vocabulary import Vocabulary, is_utf8

LONGEST_CHARACTER = 4  # bytes of UTF-8
# 64 starts find every continuation of BERT's vocabulary.
TRIED_STARTS = 64


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Ids that no text produces; specials and the unknown id are not counted.

    Attributes:
        holes: they stand for no bytes.
        unproduced: the segmenter makes other ids of their piece.
        cut: the segmenter would make them, but the pretokenizer cuts their piece.
        partial_utf8: not unreachable, but only as a part of a character: their piece is no UTF-8.
    """

    holes: tuple[int, ...]
    unproduced: tuple[int, ...]
    cut: tuple[int, ...]
    partial_utf8: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.holes) + len(self.unproduced) + len(self.cut)


def find_unreachable(
    vocabulary: Vocabulary, encode: Callable[[list[bytes]], Ragged], pretokenizer: Pretokenizer
) -> Unreachable:
    """Ids that no pretoken among those tried becomes, and those whose piece is cut.

    Args:
        vocabulary: the pieces.
        encode: ids of each of a list of pretokens.
        pretokenizer: what may cut a piece.
    """
    left = {id_: piece for id_, piece in enumerate(vocabulary.matchable()) if piece is not None}
    cut = [id_ for id_, piece in left.items() if _is_cut(piece, pretokenizer)]
    for witness in _witnesses(vocabulary):
        rows = encode(list(map(witness, left.values())))
        left = {
            id_: piece
            for (id_, piece), row in zip(left.items(), rows, strict=True)
            if id_ not in row
        }
        if not left:
            break
    return Unreachable(
        vocabulary.holes(),
        tuple(left),
        tuple(id_ for id_ in cut if id_ not in left),
        vocabulary.partial_utf8(),
    )


def _witnesses(vocabulary: Vocabulary) -> Iterator[Callable[[bytes], bytes]]:
    """Pretokens that may have a piece: itself, and what marks of starts and ends of words need.

    In BPE and Unigram the piece alone decides: what is made of its bytes within a pretoken is made
    of them alone. In WordPiece the start of a word is a pretoken without the space of its piece,
    and a continuation comes after the longest start, so several are tried. Where pieces say that
    they end words, it is so the other way round.
    """
    yield bytes
    yield lambda piece: piece.removeprefix(b" ")
    starts = (piece[1:] for piece in vocabulary.matchable() if piece and piece.startswith(b" "))
    short = (start for start in starts if 0 < len(start) <= LONGEST_CHARACTER)
    for start in islice(short, TRIED_STARTS):
        yield start.__add__
    yield lambda piece: piece.removesuffix(b" ")
    ends = (piece[:-1] for piece in vocabulary.matchable() if piece and piece.endswith(b" "))
    for end in islice((end for end in ends if 0 < len(end) <= LONGEST_CHARACTER), TRIED_STARTS):
        yield partial(_before, end)


def _before(end: bytes, piece: bytes) -> bytes:
    return piece + end


def _is_cut(piece: bytes, pretokenizer: Pretokenizer) -> bool:
    return is_utf8(piece) and len(pretokenizer(piece, first=False).ends) > 1
