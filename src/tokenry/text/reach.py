"""Which ids no text produces, and vocabularies that nest."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.text.bpe import BytePairSegmenter
from tokenry.text.parts import Pretokenizer, Template
from tokenry.vocabulary import Vocabulary, is_utf8

if TYPE_CHECKING:
    from tokenry.text.batch import Ragged
    from tokenry.text.tokenizer import Tokenizer


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
    vocabulary: Vocabulary, encoded: Ragged, pretokenizer: Pretokenizer
) -> Unreachable:
    """Ids whose piece does not encode to themselves.

    Args:
        vocabulary: the pieces.
        encoded: ids of each matchable piece as a pretoken, by id; nothing for the others.
        pretokenizer: what may cut a piece.
    """
    unproduced: list[int] = []
    cut: list[int] = []
    for id_, piece in enumerate(vocabulary.matchable()):
        if piece is None:
            continue
        if encoded[id_].tolist() != [id_]:
            unproduced.append(id_)
        elif is_utf8(piece) and len(pretokenizer(piece, first=False).ends) > 1:
            cut.append(id_)
    partial = vocabulary.partial_utf8()
    return Unreachable(vocabulary.holes(), tuple(unproduced), tuple(cut), partial)


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
