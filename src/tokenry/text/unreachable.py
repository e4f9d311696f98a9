"""Which ids no text produces, and vocabularies that nest."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.text.parts import Pretokenizer, Template
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import Vocabulary, is_utf8

if TYPE_CHECKING:
    from tokenry.text.ragged import Ragged
    from tokenry.tokenizer import Tokenizer


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
        last = [row[-1] if len(row) else None for row in encode(list(map(witness, left.values())))]
        left = {
            id_: piece for (id_, piece), end in zip(left.items(), last, strict=True) if id_ != end
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
    """Pretokens that may end in a piece: itself, and what WordPiece needs.

    In BPE and Unigram the piece alone decides: what is made of its bytes within a pretoken is made
    of them alone. In WordPiece the start of a word is a pretoken without the space of its piece,
    and a continuation comes after the longest start, so several are tried.
    """
    yield bytes
    yield lambda piece: piece.removeprefix(b" ")
    starts = (piece[1:] for piece in vocabulary.matchable() if piece and piece.startswith(b" "))
    short = (start for start in starts if 0 < len(start) <= LONGEST_CHARACTER)
    for start in islice(short, TRIED_STARTS):
        yield start.__add__


def _is_cut(piece: bytes, pretokenizer: Pretokenizer) -> bool:
    return is_utf8(piece) and len(pretokenizer(piece, first=False).ends) > 1


def truncated_parts(tokenizer: Tokenizer, size: int) -> dict[str, object]:
    """Parts of the tokenizer that has the first ``size`` ids.

    Merges whose result is gone are dropped. What remains is closed where ids follow the order of
    merges; a merge that needs an id past ``size`` is dropped too.

    Raises:
        UnsupportedError: the segmenter is no BPE.
        VocabularyError: the size does not fit, or a byte would be lost.
    """
    segmenter = tokenizer.segmenter
    if not isinstance(segmenter, BytePairSegmenter):
        raise UnsupportedError(
            f"{type(segmenter).__name__} has no nested vocabularies; only BPE can be truncated"
        )
    vocabulary = tokenizer.vocabulary.truncate(size)
    if tokenizer.lossless and not all(bytes([byte]) in vocabulary for byte in range(256)):
        raise VocabularyError(
            f"the first {size} ids lack single bytes, so some text would have no ids; "
            "truncate to more ids"
        )
    kept = (segmenter.merges < size).all(axis=1)
    unknown = segmenter.unknown if (segmenter.unknown or 0) < size else None
    smaller = dataclasses.replace(
        segmenter,
        vocabulary=vocabulary,
        merges=np.ascontiguousarray(segmenter.merges[kept]),
        ranks=np.ascontiguousarray(segmenter.ranks[kept]),
        unknown=unknown,
    )
    return {
        **tokenizer.parts(),
        "vocabulary": vocabulary,
        "segmenter": smaller,
        "added_tokens": [token for token in tokenizer.added_tokens if token.id < size],
        "template": _template_below(tokenizer.template, size),
        "lossless": None,
    }


def _template_below(template: Template | None, size: int) -> Template | None:
    if template is None:
        return None
    return Template(_below(template.before, size), _below(template.after, size))


def _below(ids: Sequence[int], size: int) -> tuple[int, ...]:
    return tuple(id_ for id_ in ids if id_ < size)
