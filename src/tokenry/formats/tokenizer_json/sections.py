"""The JSON of a tokenizer.json: its two long sections by the core, all else by Python.

Of Gemma's 33 MB these two are 97%. What the core does not take, because something in it is not as
it should be, is left to Python, which takes it or says what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import FormatError
from tokenry.formats import json_numbers
from tokenry.formats.json_walk import Node, parse
from tokenry.formats.tokenizer_json.tokens import Tokens
from tokenry.vocabulary import Packed


@dataclass(frozen=True, slots=True)
class NamedIds:
    """A vocabulary that was read: an object of ids by name."""

    tokens: Tokens


@dataclass(frozen=True, slots=True)
class ScoredTokens:
    """A vocabulary that was read: a list of names with scores, shape (n,)."""

    tokens: Tokens
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MergeSides:
    """Merges that were read: two names a merge, one after the other."""

    packed: Packed


def parse_sections(data: bytes, what: str) -> Node:
    """The file as `parse` reads it, with the values of this module for what the core read.

    Raises:
        FormatError: it is not JSON; the message says where.
    """
    places, values = _read_by_core(data)
    if not values:
        return parse(data, what)
    try:
        node = parse(_without(data, places), what)
    except FormatError:
        return parse(data, what)  # for the places of all that stands behind
    model: dict[str, Any] = node.object()["model"]  # type: ignore[assignment]
    model.update(values)
    return node


def _read_by_core(data: bytes) -> tuple[list[tuple[int, int]], dict[str, object]]:
    vocabulary, merges = _native.read_json_model(data)
    places: list[tuple[int, int]] = []
    values: dict[str, object] = {}
    if vocabulary is not None:
        begin, end, names, scores, odd = vocabulary
        found = NamedIds(Tokens(names)) if scores is None else _scored(data, names, scores, odd)
        if found is not None:
            places.append((begin, end))
            values["vocab"] = found
    if merges is not None:
        begin, end, run, offsets = merges
        places.append((begin, end))
        values["merges"] = MergeSides((run, offsets))
    return sorted(places), values


def _scored(
    data: bytes,
    names: _native.TokenNames,
    scores: NDArray[np.float64],
    odd: list[tuple[int, int, int]],
) -> ScoredTokens | None:
    for id_, begin, end in odd:
        scores[id_] = json_numbers.read(data[begin:end].decode())
    return ScoredTokens(Tokens(names), scores) if np.isfinite(scores).all() else None


def _without(data: bytes, places: list[tuple[int, int]]) -> bytes:
    parts, at = [], 0
    for begin, end in places:
        parts.append(data[at:begin])
        at = end
    return b"null".join([*parts, data[at:]])
