"""Merges of a tokenizer.json, ``"a b"`` or ``["a", "b"]``, as ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from operator import add, methodcaller

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import FormatError
from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.model import ModelSection
from tokenry.vocabulary import Vocabulary


def read_merges(
    node: Node, model: ModelSection, vocabulary: Vocabulary
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Merges, shape (m, 3), and their ranks; of one that comes twice the last rank counts."""
    triples = _merges_at_once(node.value, model)
    if triples is None or "byte" in vocabulary.roles.values():
        return _merges_one_by_one(node, model.ids, vocabulary)
    # Text cannot produce a special, so nothing merges to one or from one.
    kept = vocabulary.matchable_widths()[triples].all(axis=1)
    return triples[kept], np.flatnonzero(kept).astype(np.uint32)


def _merges_at_once(value: object, model: ModelSection) -> NDArray[np.uint32] | None:
    """Left, right and merged ids, or None where anything is not as in most files."""
    if not isinstance(value, list) or not value:
        return None
    kinds = set(map(type, value))
    if kinds == {str} and set(map(methodcaller("count", " "), value)) == {1}:
        if any(map(methodcaller("startswith", "#version"), value)):
            return None
        flat = " ".join(value).split(" ")
    elif kinds == {list} and set(map(len, value)) == {2}:
        flat = list(chain.from_iterable(value))
        if set(map(type, flat)) != {str}:
            return None
    else:
        return None
    lefts, rights = flat[::2], flat[1::2]
    try:
        left, right = _ids_of(lefts, model), _ids_of(rights, model)
        triples = np.column_stack([left, right, _merged_ids(list(map(add, lefts, rights)), model)])
    except KeyError:
        return None
    pairs = left.astype(np.uint64) << np.uint64(32) | right
    return triples if len(np.unique(pairs)) == len(pairs) else None


def _ids_of(texts: Sequence[str], model: ModelSection) -> NDArray[np.uint32]:
    return np.fromiter(map(model.ids.__getitem__, texts), np.uint32, len(texts))


def _merged_ids(texts: list[str], model: ModelSection) -> NDArray[np.uint32]:
    """Ids of what merges make; in most files these follow one another."""
    first = model.ids[texts[0]]
    following = range(first, first + len(texts))
    if list(map(model.tokens.get, following)) == texts:
        return np.array(following, dtype=np.uint32)
    return _ids_of(texts, model)


def _merges_one_by_one(
    node: Node, ids: Mapping[str, int], vocabulary: Vocabulary
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    matched = vocabulary.matchable_widths()
    found: dict[tuple[int, int], tuple[int, int]] = {}
    rank = -1
    for rank, (left, right) in enumerate(merge_texts(node)):
        try:
            triple = ids[left], ids[right], ids[left + right]
        except KeyError as error:
            raise FormatError(
                f"{node.path}[{rank}]: {left!r} + {right!r} needs the piece {error}, which is not "
                "in the vocabulary"
            ) from None
        if vocabulary.roles.get(triple[2]) == "byte":
            node.unsupported(
                f"merge {rank} spells {left + right!r}, which is also the byte that byte_fallback "
                "falls back to"
            )
        if all(matched[id_] > 0 for id_ in triple):
            found[triple[:2]] = (rank, triple[2])
    rows = [(*pair, merged) for pair, (_, merged) in found.items()]
    ranks = np.array([rank for rank, _ in found.values()], dtype=np.uint32)
    return np.array(rows, dtype=np.uint32).reshape(-1, 3), ranks


def merge_texts(node: Node) -> list[tuple[str, str]]:
    """The two sides of each merge, as the file spells them."""
    if not isinstance(node.value, list):
        node.fail("a list of merges")
    pairs: list[tuple[str, str]] = []
    for place, merge in enumerate(node.value):
        if isinstance(merge, str):
            if merge.startswith("#version"):
                continue
            parts = merge.split(" ")
        else:
            parts = merge if isinstance(merge, list) else []
        if len(parts) != 2 or not all(isinstance(part, str) for part in parts):
            Node(merge, f"{node.path}[{place}]").fail("two pieces, 'a b' or ['a', 'b']")
        pairs.append((parts[0], parts[1]))
    return pairs
