"""Examples of ids, readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry.results import Result
from tokenry.tokenizer import Tokenizer

SHOWN = 30  # examples of a list


@dataclass(frozen=True, slots=True)
class IdExample(Result):
    """An id with its piece; bytes that are no text are escaped."""

    id: int
    piece: str


def id_examples(tokenizer: Tokenizer, ids: Sequence[int]) -> tuple[IdExample, ...]:
    """The first of these ids."""
    pieces = tokenizer.vocabulary.pieces
    return tuple(
        IdExample(id_, (pieces[id_] or b"").decode("utf-8", "backslashreplace"))
        for id_ in ids[:SHOWN]
    )
