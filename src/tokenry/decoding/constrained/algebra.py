"""Languages of bytes made of others: what both have, what one has and the other has not, unions.

Intersections and differences are found by walking both automata at once, over sets of states; so
one that would need more than `MOST_STATES` of them is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import pairwise
from typing import Final, TypeVar

from tokenry.decoding.constrained.automaton import Automaton, Link, States
from tokenry.errors import ConstraintError

MOST_STATES: Final = 50_000
"""Of an automaton that is found by walking."""
S = TypeVar("S", bound=Hashable)


def literal(text: bytes) -> Automaton:
    """One text."""
    found = Automaton()
    at = found.first
    for place, byte in enumerate(text):
        following = found.last if place == len(text) - 1 else found.new()
        found.link(at, following, byte, byte)
        at = following
    if not text:
        found.link(found.first, found.last)
    return found


def union(parts: Iterable[Automaton]) -> Automaton:
    """Texts of any of them."""
    found = Automaton()
    for part in parts:
        found.embed(part, found.first, found.last)
    return found.trimmed()


def concatenated(parts: Iterable[Automaton]) -> Automaton:
    """Texts of the first, then of the second, and so on."""
    found = Automaton()
    at = found.first
    for part in parts:
        following = found.new()
        found.embed(part, at, following)
        at = following
    found.link(at, found.last)
    return found.trimmed()


def repeated(part: Automaton, low: int, high: int | None) -> Automaton:
    """So many texts of one after the other; without ``high``, any number from ``low`` on."""
    found = Automaton()
    at = found.first
    for _ in range(low):
        following = found.new()
        found.embed(part, at, following)
        at = following
    found.link(at, found.last)
    if high is None:
        found.embed(part, at, at)
    for _ in range((high or low) - low):
        following = found.new()
        found.embed(part, at, following)
        found.link(following, found.last)
        at = following
    return found.trimmed()


def both(one: Automaton, other: Automaton) -> Automaton:
    """Texts that two automata have."""

    def step(pair: tuple[States, States], byte: int) -> tuple[States, States] | None:
        first, second = one.step(pair[0], byte), other.step(pair[1], byte)
        return None if first is None or second is None else (first, second)

    def ranges(pair: tuple[States, States]) -> Iterator[Link]:
        yield from _links(one, pair[0])
        yield from _links(other, pair[1])

    first, second = one.start(), other.start()
    if first is None or second is None:
        return nothing()
    return explored(
        (first, second),
        step,
        lambda pair: one.last in pair[0] and other.last in pair[1],
        ranges,
    )


def without(one: Automaton, taken: Automaton) -> Automaton:
    """Texts of one that the other has not."""
    none: States = frozenset()

    def step(pair: tuple[States, States], byte: int) -> tuple[States, States] | None:
        first = one.step(pair[0], byte)
        if first is None:
            return None
        return first, (taken.step(pair[1], byte) or none) if pair[1] else none

    def ranges(pair: tuple[States, States]) -> Iterator[Link]:
        yield from _links(one, pair[0])
        yield from _links(taken, pair[1])

    first = one.start()
    if first is None:
        return nothing()
    return explored(
        (first, taken.start() or none),
        step,
        lambda pair: one.last in pair[0] and taken.last not in pair[1],
        ranges,
    )


def any_bytes() -> Automaton:
    """Every run of bytes."""
    found = Automaton()
    found.link(found.first, found.first, 0, 255)
    found.link(found.first, found.last)
    return found


def nothing() -> Automaton:
    """No text at all."""
    return Automaton().trimmed()


def explored(
    start: S,
    step: Callable[[S, int], S | None],
    accepts: Callable[[S], bool],
    ranges: Callable[[S], Iterable[Link]],
) -> Automaton:
    """The automaton of a function.

    Args:
        start: the first state.
        step: the state after a byte; None for none.
        accepts: whether a text may end.
        ranges: bytes that a state tells apart; those that none of its ranges has lead nowhere.

    Raises:
        ConstraintError: it has too many states.
    """
    found = Automaton()
    numbers, left = {start: found.first}, [start]
    while left:
        state = left.pop()
        if accepts(state):
            found.link(numbers[state], found.last)
        for low, high in _classes(ranges(state)):
            after = step(state, low)
            if after is None:
                continue
            if after not in numbers:
                numbers[after] = found.new()
                left.append(after)
                if len(numbers) > MOST_STATES:
                    raise ConstraintError(
                        f"expressions that are taken together need more than {MOST_STATES:,} "
                        "states; give smaller counts or bounds"
                    )
            found.link(numbers[state], numbers[after], low, high)
    return found.trimmed()


def _links(automaton: Automaton, states: States) -> Iterator[Link]:
    for state in states:
        yield from automaton.bytes_from(state)


def _classes(links: Iterable[Link]) -> Iterator[tuple[int, int]]:
    """Ranges of bytes that some link has and none tells apart."""
    begun: Counter[int] = Counter()
    for low, high, _ in links:
        begun[low] += 1
        begun[high + 1] -= 1
    covering = 0
    for low, end in pairwise(sorted(begun)):
        covering += begun[low]
        if covering:
            yield low, end - 1
