"""Byte automata: states, ranges of bytes between them, one end; and the sets of states they run on.

States from which the end cannot be reached are taken out, so that a set that is not empty always
stands for the beginning of a text that is wanted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

States = frozenset[int]
Link = tuple[int, int, int]


@dataclass(eq=False)
class Automaton:
    """A nondeterministic automaton that is built up and then run.

    Attributes:
        first: the state that it begins in.
        last: the state that ends a text.
    """

    first: int = 0
    last: int = 1
    _count: int = 2
    _bytes: dict[int, list[Link]] = field(default_factory=lambda: defaultdict(list))
    _empty: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _steps: dict[tuple[States, int], States | None] = field(default_factory=dict)

    def new(self) -> int:
        """One more state."""
        self._count += 1
        return self._count - 1

    def link(self, state: int, other: int, low: int | None = None, high: int | None = None) -> None:
        """From one state to another by a byte of a range, or by nothing."""
        if low is None or high is None:
            self._empty[state].append(other)
        else:
            self._bytes[state].append((low, high, other))

    @property
    def states(self) -> int:
        """How many there are."""
        return self._count

    def bytes_from(self, state: int) -> list[Link]:
        """Ranges of bytes that lead on from a state: the first, the last, and to where."""
        return self._bytes.get(state, [])

    def empty_from(self, state: int) -> list[int]:
        """States that are reached by nothing."""
        return self._empty.get(state, [])

    def embed(self, other: Automaton, start: int, end: int) -> None:
        """Put a copy of another automaton between two states."""
        if other.first < 0:
            return
        moved = self._count
        self._count += other.states
        for state, links in other._bytes.items():
            self._bytes[moved + state] = [(low, high, moved + to) for low, high, to in links]
        for state, others in other._empty.items():
            self._empty[moved + state] = [moved + to for to in others]
        self.link(start, moved + other.first)
        self.link(moved + other.last, end)

    def trimmed(self) -> Automaton:
        """Without the states that the end cannot be reached from."""
        before: dict[int, set[int]] = defaultdict(set)
        for state, others in self._empty.items():
            for other in others:
                before[other].add(state)
        for state, links in self._bytes.items():
            for _, _, other in links:
                before[other].add(state)
        alive, left = {self.last}, [self.last]
        while left:
            for state in before[left.pop()] - alive:
                alive.add(state)
                left.append(state)
        found = Automaton(self.first, self.last, self._count)
        for state in alive:
            found._empty[state] = [other for other in self._empty[state] if other in alive]
            found._bytes[state] = [link for link in self._bytes[state] if link[2] in alive]
        if self.first not in alive:
            found.first = -1
        return found

    def start(self) -> States | None:
        """The states before any byte; None where no text reaches the end."""
        return None if self.first < 0 else self._closed({self.first})

    def step(self, states: States, byte: int) -> States | None:
        """The states after a byte; None for none."""
        key = (states, byte)
        if key not in self._steps:
            found = {
                other
                for state in states
                for low, high, other in self._bytes[state]
                if low <= byte <= high
            }
            self._steps[key] = self._closed(found) if found else None
        return self._steps[key]

    def _closed(self, states: set[int]) -> States:
        left = list(states)
        while left:
            for other in self._empty[left.pop()]:
                if other not in states:
                    states.add(other)
                    left.append(other)
        return frozenset(states)
