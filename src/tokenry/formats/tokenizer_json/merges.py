"""Merges of a tokenizer.json, ``"a b"`` or ``["a", "b"]``, as ids."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from tokenry.errors import FormatError
from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.model import ModelSection
from tokenry.formats.tokenizer_json.sections import MergeSides
from tokenry.formats.tokenizer_json.tokens import (
    Tokens,
    UnknownNameError,
    check_texts,
)
from tokenry.text.segmenters.merge_table import MergeRows, Ranks
from tokenry.vocabulary import Packed, Vocabulary, pack


def read_merges(node: Node, model: ModelSection, vocabulary: Vocabulary) -> tuple[MergeRows, Ranks]:
    """Merges, shape (m, 3), and their ranks; of one that comes twice the last rank counts.

    Raises:
        FormatError: a merge is malformed, or needs a piece that is not there.
        UnsupportedError: it makes what byte_fallback falls back to.
    """
    triples, ranks = named_merges(node, model.tokens)
    _refuse_fallback(node, model, triples, vocabulary.ids_with("byte"))
    # Text cannot produce a special, so nothing merges to one or from one.
    kept = vocabulary.matchable_widths()[triples].all(axis=1)
    return (triples, ranks) if kept.all() else (triples[kept], ranks[kept])


def _refuse_fallback(
    node: Node, model: ModelSection, triples: MergeRows, fallback: Sequence[int]
) -> None:
    if not fallback:
        return
    for place in np.flatnonzero(np.isin(triples[:, 2], fallback)).tolist():
        text = model.tokens[int(triples[place, 2])]
        node.unsupported(
            f"merge {place} spells {text!r}, which is also the byte that byte_fallback falls "
            "back to"
        )


def named_merges(node: Node, tokens: Tokens, skipped: int = 0) -> tuple[MergeRows, Ranks]:
    """Ids of merges by their names; see `Tokens.merges`.

    Raises:
        FormatError: a merge is malformed, or needs a piece that is not there.
    """
    sides = node.value.packed if isinstance(node.value, MergeSides) else _pack_sides(node)
    try:
        return tokens.merges(sides, skipped)
    except UnknownNameError as error:
        left, right = _names(sides, error.rank)
        names = left, right, left + right.encode()[skipped:].decode("utf-8", "replace")
        unknown = next((name for name in names if tokens.find(name) is None), names[-1])
        raise FormatError(
            f"{node.path}[{error.rank}]: {left!r} + {right!r} needs the piece {unknown!r}, which "
            "is not in the vocabulary"
        ) from None


def _names(sides: Packed, rank: int) -> tuple[str, str]:
    run, offsets = sides
    begin, middle, end = offsets[2 * rank : 2 * rank + 3].tolist()
    return run[begin:middle].decode(), run[middle:end].decode()


def _pack_sides(node: Node) -> Packed:
    flat = list(chain.from_iterable(merge_texts(node)))
    check_texts("".join(flat), node.path)
    return pack([text.encode() for text in flat])


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
