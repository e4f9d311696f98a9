"""What a post-processor puts around sequences, read off what tokenizers itself gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Gap:
    """The specials that stand in one place of a template."""

    ids: list[int]
    type_ids: list[int]
    tokens: list[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """A template: specials before, between and after its sequences.

    Attributes:
        gaps: one more than there are sequences.
        type_ids: of the tokens of each sequence.
        added: how many specials there are.
        ranged: whether tokenizers notes where sequences are; without a post-processor it does not,
            and padding counts as part of a lone one.
    """

    gaps: tuple[Gap, ...]
    type_ids: tuple[int, ...]
    added: int
    ranged: bool = True

    @classmethod
    def of(cls, encoding: Any, ranged: bool) -> Frame | None:
        """The template of an encoding whose sequences are neither empty nor truncated.

        None where it is no template: where a sequence is absent, repeated or out of order.
        """
        places = encoding.sequence_ids
        expected = range(encoding.n_sequences)
        found = [place for at, place in enumerate(places) if place is not None
                 and (at == 0 or places[at - 1] != place)]  # fmt: skip
        if found != list(expected):
            return None
        gaps, type_ids = [], []
        begin = 0
        for sequence in expected:
            first, last = places.index(sequence), _last(places, sequence)
            gaps.append(_gap(encoding, begin, first))
            kinds = set(encoding.type_ids[first:last])
            if len(kinds) != 1:
                return None
            type_ids.append(kinds.pop())
            begin = last
        gaps.append(_gap(encoding, begin, len(places)))
        added = sum(len(gap.ids) for gap in gaps)
        special = [int(place is None) for place in places]
        if encoding.special_tokens_mask != special:
            return None
        return cls(tuple(gaps), tuple(type_ids), added, ranged)


def _last(places: list[int | None], sequence: int) -> int:
    return len(places) - places[::-1].index(sequence)


def _gap(encoding: Any, begin: int, end: int) -> Gap:
    return Gap(encoding.ids[begin:end], encoding.type_ids[begin:end], encoding.tokens[begin:end])
