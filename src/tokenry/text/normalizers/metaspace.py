"""Metaspace: text in which SentencePiece's U+2581 and a plain space mean the same.

Canonical pieces have spaces, so text gets them too before it is segmented. That is exact where no
plain space reaches the model otherwise, which `leaves_no_space` decides.
"""

from __future__ import annotations

from collections.abc import Sequence

from tokenry.text.normalizers.replacing import FROM_METASPACE, TO_METASPACE, Prepend
from tokenry.text.parts import Normalizer
from tokenry.vocabulary import METASPACE


def leaves_no_space(normalizers: Sequence[Normalizer]) -> bool:
    """Whether these replace every plain space by a mark."""
    for place in reversed(range(len(normalizers))):
        if normalizers[place] == TO_METASPACE:
            return True
        if normalizers[place].writes_spaces:
            return False
    return False


def with_plain_spaces(normalizers: Sequence[Normalizer]) -> list[Normalizer]:
    """The same normalizers, with spaces for marks in what they give."""
    if normalizers[-1] != TO_METASPACE:
        return [*normalizers, FROM_METASPACE]
    # Marks that would be made only to be undone are not made: half the time on ASCII text.
    found = list(normalizers[:-1])
    if found and found[-1] == Prepend(METASPACE):
        found[-1] = Prepend(" ")
    return [*found, FROM_METASPACE]
