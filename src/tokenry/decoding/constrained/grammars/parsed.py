"""A grammar as a constraint: a parser that reads bytes (Earley 1970, over a network of states).

A state is a `ParseColumn`: where in its rules a text can stand, and for each rule that has begun,
the column in which it did. Rules that are called by several are entered once, and left to all that
called them, so ambiguity and recursion of any kind cost no more. Equal columns are one object, so
what follows a column is found once, and texts that can go on alike have equal states, such as the
items of a list.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final
from weakref import WeakValueDictionary

from tokenry.decoding.constrained.constraint import State
from tokenry.decoding.constrained.grammars.grammar import Grammar
from tokenry.decoding.constrained.grammars.network import SKIPPED, Core, network_of

KEPT: Final = 200_000
"""Steps that are kept."""
Key = frozenset[tuple[int, int]]
Item = tuple[Core, "ParseColumn | None"]
Items = set[Item]


class ParseColumn:
    """Where a text can stand; equal where all is that may follow.

    Args:
        items: states, and the columns in which their rules began; None: in this one.
    """

    __slots__ = ("__weakref__", "callers", "ended", "items")

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.callers: dict[int, list[tuple[int, ParseColumn | None]]] = defaultdict(list)
        for core, origin in items:
            for rule, behind in core.calls:
                self.callers[rule].append((behind, origin))
        self.ended = False


class GrammarConstraint:
    """A `tokenry.decoding.constrained.constraint.Constraint` by a parser of our own.

    Args:
        grammar: what is parsed. Every way to cut a text into lexemes counts.

    Raises:
        ConstraintError: a rule is missing, or it is too large.
    """

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self._network, self._root = network_of(grammar)
        self._columns: WeakValueDictionary[Key, ParseColumn] = WeakValueDictionary()
        self._steps: dict[tuple[ParseColumn, int], ParseColumn | None] = {}
        self._first = self._opened()

    def __repr__(self) -> str:
        return f"GrammarConstraint({self.grammar.source[:60]!r})"

    def start(self) -> ParseColumn | None:
        """See `Constraint`."""
        return self._first

    def advance(self, state: State, byte: int) -> ParseColumn | None:
        """See `Constraint`."""
        assert isinstance(state, ParseColumn)
        key = (state, byte)
        if key not in self._steps:
            if len(self._steps) >= KEPT:
                self._steps.clear()
            self._steps[key] = self._step(state, byte)
        return self._steps[key]

    def is_complete(self, state: State) -> bool:
        """See `Constraint`."""
        assert isinstance(state, ParseColumn)
        return state.ended

    def _opened(self) -> ParseColumn | None:
        """The column of the empty text, where nothing is skipped."""
        if self._root < 0:
            return None
        kernel: Items = {
            (core, None) for core in self._network.cores(self._network.starts[self._root])
        }
        items = [
            (core.without(SKIPPED), origin) for core, origin in self._closed(kernel, first=True)
        ]
        column = ParseColumn(items)
        column.ended = self._root in self._network.empty_rules
        return column

    def _step(self, column: ParseColumn, byte: int) -> ParseColumn | None:
        kernel: Items = set()
        for core, origin in column.items:
            for low, high, to in core.links:
                if low <= byte <= high:
                    began = column if origin is None else origin
                    kernel.update((after, began) for after in self._network.cores(to))
        return self._column(self._closed(kernel)) if kernel else None

    def _column(self, items: Items) -> ParseColumn:
        """The one column of these items; those where a rule ended have done their part."""
        ended = any(
            origin is not None
            and (origin is self._first if core.ended == self._root else origin.ended)
            for core, origin in items
            if core.ended in (self._root, SKIPPED)
        )
        left = [item for item in items if item[0].links or item[0].calls]
        key = frozenset((core.number, id(origin)) for core, origin in left) | {(-1, int(ended))}
        found = self._columns.get(key)
        if found is None:
            found = self._columns[key] = ParseColumn(left)
            found.ended = ended
        return found

    def _closed(self, kernel: Items, *, first: bool = False) -> Items:
        """With the rules that are called, and what called those that ended."""
        network, items, left = self._network, set(kernel), list(kernel)
        while left:
            core, origin = left.pop()
            reached: list[Item] = []
            for rule, behind in core.calls:
                if first and rule == SKIPPED:
                    continue
                reached += [(after, None) for after in network.cores(network.starts[rule])]
                if rule in network.empty_rules:
                    reached += [(after, origin) for after in network.cores(behind)]
            if core.ended >= 0 and origin is not None:
                for behind, before in origin.callers.get(core.ended, ()):
                    began = origin if before is None else before
                    reached += [(after, began) for after in network.cores(behind)]
            for item in reached:
                if item not in items:
                    items.add(item)
                    left.append(item)
        return items
