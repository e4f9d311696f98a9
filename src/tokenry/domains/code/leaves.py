"""The leaves of the tree of a program that tree-sitter makes: spans of its words, with their kinds.

Where a stretch begins that does not parse, a leaf without bytes says so, and the words in it follow
as far as they are words; what is none is a leaf that says so, too. White space and comments are no
leaves. The walk is a cursor in Python: of a megabyte of C on one core of an EPYC the parse
takes 0.073 s, the walk 0.035 s. Queries, lists of children and spans in pairs take longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.code.grammars import KINDS, LANGUAGES, grammar

ERROR = 65535
"""The number that tree-sitter gives to the kind of what it cannot parse."""
BROKEN = len(KINDS)
"""The kind of a leaf that could not be parsed."""
_APART = -1  # the kind of what is no word of the program
_ENDS = attrgetter("start_byte"), attrgetter("end_byte")


@dataclass(frozen=True)
class Leaves:
    """Words of a program.

    Attributes:
        spans: half-open offsets into the file, ascending, shape (n, 2).
        kinds: indices of `KINDS`, or `BROKEN`; shape (n,).
        unparsed: bytes of the stretches that do not parse.
    """

    spans: NDArray[np.int64]
    kinds: NDArray[np.int64]
    unparsed: int


def leaves(data: bytes, language: str) -> Leaves:
    """The leaves of a program.

    Raises:
        UnsupportedError: there is no such language.
        MissingExtraError: its grammar is not installed.
    """
    known = grammar(language)
    nodes, found, opened, unparsed = _walk(known.parser.parse(data), known.whole | known.apart)
    begins, ends = (np.fromiter(map(each, nodes), np.int64, len(nodes)) for each in _ENDS)
    ends[opened] = begins[opened]
    kinds = _kinds(language)[found]
    # Where something is missing, the tree has a leaf without bytes.
    stay = (kinds != _APART) & ((ends > begins) | (kinds == BROKEN))
    return Leaves(np.stack([begins, ends], axis=1)[stay], kinds[stay], unparsed)


@lru_cache(maxsize=len(LANGUAGES))
def _kinds(language: str) -> NDArray[np.int64]:
    """The kind of a leaf by the number of its kind in the grammar."""
    known = grammar(language)
    table = np.full(ERROR + 1, BROKEN, np.int64)
    table[: len(known.kinds)] = known.kinds
    table[list(known.apart)] = _APART
    return table


def _walk(tree: Any, whole: frozenset[int]) -> tuple[list[Any], list[int], list[int], int]:
    """Nodes that are leaves, their kinds, which were gone into, and bytes that do not parse."""
    cursor = tree.walk()
    down, right, up = cursor.goto_first_child, cursor.goto_next_sibling, cursor.goto_parent
    nodes: list[Any] = []
    kinds: list[int] = []
    opened: list[int] = []
    stops = whole | {ERROR}
    unparsed = until = 0
    while True:
        node = cursor.node
        kind = node.kind_id
        if kind not in stops:
            if down():
                continue
        elif kind == ERROR:
            unparsed += max(node.end_byte - max(node.start_byte, until), 0)
            until = max(until, node.end_byte)
            if down():
                opened.append(len(nodes))
                nodes.append(node)
                kinds.append(kind)
                continue
        nodes.append(node)
        kinds.append(kind)
        while not right():
            if not up():
                return nodes, kinds, opened, unparsed
