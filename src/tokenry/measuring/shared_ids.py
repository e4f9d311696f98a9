"""Ids of two tokenizers that stand for the same, whatever their files spell them like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.results import Result
from tokenry.tokenizer import Tokenizer

EXAMPLES = 40


@dataclass(frozen=True, slots=True)
class SharedIds(Result):
    """How many ids two tokenizers have in common.

    Attributes:
        shared: ids of the first that the second has too.
        same_id: those that have the same number.
        only_first, only_second: ids that the other lacks, holes included.
        examples_only_first, examples_only_second: pieces of some, spread over the vocabulary.
    """

    shared: int
    same_id: int
    only_first: int
    only_second: int
    examples_only_first: tuple[str, ...]
    examples_only_second: tuple[str, ...]


def map_ids(first: Tokenizer, second: Tokenizer) -> NDArray[np.int64]:
    """For each id of ``first`` the id of ``second`` that stands for the same, else -1.

    Pieces are compared by their canonical bytes, specials by their text.
    """
    known: dict[tuple[str, bytes], int] = {}
    for id_, meaning in enumerate(_meanings(second)):
        if meaning is not None:
            known.setdefault(meaning, id_)
    return np.array(
        [-1 if meaning is None else known.get(meaning, -1) for meaning in _meanings(first)],
        dtype=np.int64,
    )


def shared_ids(first: Tokenizer, second: Tokenizer, id_map: NDArray[np.int64]) -> SharedIds:
    """Count what ``id_map``, of `map_ids`, has."""
    there, missing = np.flatnonzero(id_map >= 0), np.flatnonzero(id_map < 0)
    missing_back = np.flatnonzero(map_ids(second, first) < 0)
    return SharedIds(
        shared=len(there),
        same_id=int((id_map[there] == there).sum()),
        only_first=len(missing),
        only_second=len(missing_back),
        examples_only_first=_pieces(first, missing),
        examples_only_second=_pieces(second, missing_back),
    )


def _meanings(tokenizer: Tokenizer) -> list[tuple[str, bytes] | None]:
    """What each id stands for: its kind and bytes, None for a hole."""
    vocabulary = tokenizer.vocabulary
    specials = {token.id: token.content for token in tokenizer.added_tokens if token.special}
    found: list[tuple[str, bytes] | None] = []
    for id_, piece in enumerate(vocabulary.pieces):
        role = vocabulary.roles.get(id_)
        if id_ in specials or role in ("special", "unknown"):
            text = specials.get(id_, "").encode() or piece or b""
            found.append(("special", text))
        else:
            found.append(None if piece is None else ("piece", piece))
    return found


def _pieces(tokenizer: Tokenizer, ids: NDArray[np.int64]) -> tuple[str, ...]:
    step = max(1, len(ids) // EXAMPLES)
    pieces = (tokenizer.vocabulary.pieces[id_] for id_ in ids[::step][:EXAMPLES].tolist())
    return tuple(piece.decode("utf-8", "backslashreplace") for piece in pieces if piece)
