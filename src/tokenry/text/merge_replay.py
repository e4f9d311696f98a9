"""How a piece comes about, step by step: for those who ask why a text is cut as it is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from tokenry.text.parts import Segmenter


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """The pieces after a merge.

    Attributes:
        pieces: what there is now, in order.
        made: the place of the piece that was made; None before the first merge.
        rank: of the merge, from 0; a lower one goes first.
    """

    pieces: tuple[bytes, ...]
    made: int | None = None
    rank: int | None = None


def replay_merges(segmenter: Segmenter, piece: bytes) -> list[ReplayStep] | None:
    """The merges that make ``piece`` of its symbols, in order; None where nothing is merged.

    The last step has one piece where the segmenter makes this piece of these bytes.
    """
    merging = segmenter.merge_steps(piece)
    if merging is None:
        return None
    steps: list[ReplayStep] = []
    for symbols, made, rank in merging:
        ends: list[int] = [0]
        for _, size in symbols:
            ends.append(ends[-1] + size)
        pieces = tuple(piece[a:b] for a, b in pairwise(ends))
        steps.append(ReplayStep(pieces, made, rank))
    return steps
