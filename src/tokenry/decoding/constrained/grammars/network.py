"""A grammar as one network of states: bytes, empty steps, and calls of rules between them.

States that cannot reach the end of their rule are taken out, and so are calls of rules that have no
text; so whoever stands in a state can always go on to a text of the rule.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property, singledispatchmethod
from typing import Final

from tokenry.decoding.constrained.automaton import Link
from tokenry.decoding.constrained.grammars.grammar import (
    Choice,
    Concatenation,
    Expression,
    Grammar,
    Lexeme,
    Members,
    Reference,
    Repetition,
    Row,
)
from tokenry.errors import ConstraintError

MOST_STATES: Final = 2_000_000
SKIPPED: Final = 0
"""The number of the rule of what is skipped."""
Call = tuple[int, int]
"""The number of a rule, and the state behind it."""


@dataclass(frozen=True, eq=False)
class Core:
    """A state where something happens.

    Attributes:
        number: of the state.
        links: ranges of bytes, and where they lead.
        calls: of rules.
        ended: the number of the rule that ends here; -1: none does.
    """

    number: int
    links: tuple[Link, ...]
    calls: tuple[Call, ...]
    ended: int

    def without(self, rule: int) -> Core:
        """The same where a rule is not called."""
        return replace(self, calls=tuple(call for call in self.calls if call[0] != rule))


@dataclass(eq=False)
class RuleNetwork:
    """States and what leads from one to another.

    Attributes:
        starts: the first state of each rule.
        ends: the last state of each rule.
        empty_rules: numbers of rules that have the empty text.
    """

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    empty_rules: set[int] = field(default_factory=set)
    count: int = 0
    links: dict[int, list[Link]] = field(default_factory=lambda: defaultdict(list))
    empty: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    calls: dict[int, list[Call]] = field(default_factory=lambda: defaultdict(list))
    _cores: dict[int, tuple[Core, ...]] = field(default_factory=dict)
    _at: dict[int, Core | None] = field(default_factory=dict)

    def new(self) -> int:
        """One more state."""
        self.count += 1
        if self.count > MOST_STATES:
            raise ConstraintError(
                f"the grammar needs more than {MOST_STATES:,} states; give smaller counts"
            )
        return self.count - 1

    def cores(self, state: int) -> tuple[Core, ...]:
        """The states where something happens that empty steps lead to."""
        found = self._cores.get(state)
        if found is None:
            cores = map(self._core, self._reached(state))
            found = self._cores[state] = tuple(core for core in cores if core is not None)
        return found

    def _core(self, state: int) -> Core | None:
        if state not in self._at:
            links, calls = self.links.get(state, ()), self.calls.get(state, ())
            ended = self._ended.get(state, -1)
            core = Core(state, tuple(links), tuple(calls), ended)
            self._at[state] = core if links or calls or ended >= 0 else None
        return self._at[state]

    @cached_property
    def _ended(self) -> dict[int, int]:
        return {end: rule for rule, end in enumerate(self.ends)}

    def _reached(self, state: int) -> list[int]:
        found = {state: None}
        left = [state]
        while left:
            for other in self.empty.get(left.pop(), ()):
                if other not in found:
                    found[other] = None
                    left.append(other)
        return list(found)


def network_of(grammar: Grammar) -> tuple[RuleNetwork, int]:
    """The network of a grammar, and the number of its first rule; -1 where that has no text."""
    building = _Building(grammar)
    network = building.network
    alive = _trimmed(network)
    number = building.numbers[grammar.start]
    return network, number if number in alive else -1


class _Building:
    def __init__(self, grammar: Grammar) -> None:
        self.network, self._skips = RuleNetwork(), grammar.skipped is not None
        self.numbers: dict[str, int] = {}
        self._rule()  # what is skipped is rule 0
        if grammar.skipped is not None:
            self._language(Lexeme(grammar.skipped), *self._ends_of(SKIPPED))
        for name in grammar.rules:
            self.numbers[name] = self._rule()
        for name, expression in grammar.rules.items():
            self.put(expression, *self._ends_of(self.numbers[name]))

    def _rule(self) -> int:
        self.network.starts.append(self.network.new())
        self.network.ends.append(self.network.new())
        return len(self.network.starts) - 1

    def _ends_of(self, rule: int) -> tuple[int, int]:
        return self.network.starts[rule], self.network.ends[rule]

    @singledispatchmethod
    def put(self, expression: Expression, start: int, end: int) -> None:
        """Put an expression between two states."""
        raise AssertionError(f"{expression!r} is no expression")

    @put.register
    def _lexeme(self, expression: Lexeme, start: int, end: int) -> None:
        if self._skips:
            skipped = self.network.new()
            self._empty(start, skipped)
            self.network.calls[start].append((SKIPPED, skipped))
            start = skipped
        self._language(expression, start, end)

    def _language(self, expression: Lexeme, start: int, end: int) -> None:
        language, network = expression.language, self.network
        if language.first < 0:
            return
        place = [-1] * language.states
        place[language.first], place[language.last] = network.new(), network.new()
        self._empty(start, place[language.first])
        self._empty(place[language.last], end)
        left, seen = [language.first], {language.first}
        while left:
            state = left.pop()
            others = [to for _, _, to in language.bytes_from(state)]
            for to in (*others, *language.empty_from(state)):
                place[to] = place[to] if place[to] >= 0 else network.new()
                if to not in seen:
                    seen.add(to)
                    left.append(to)
            links = [(low, high, place[to]) for low, high, to in language.bytes_from(state)]
            if links:
                network.links[place[state]] = links
            for to in language.empty_from(state):
                self._empty(place[state], place[to])

    @put.register
    def _reference(self, expression: Reference, start: int, end: int) -> None:
        if expression.rule not in self.numbers:
            raise ConstraintError(f"the grammar has no rule {expression.rule!r}; define it")
        self.network.calls[start].append((self.numbers[expression.rule], end))

    @put.register
    def _sequence(self, expression: Concatenation, start: int, end: int) -> None:
        at = start
        for item in expression.items:
            following = self.network.new()
            self.put(item, at, following)
            at = following
        self._empty(at, end)

    @put.register
    def _choice(self, expression: Choice, start: int, end: int) -> None:
        for item in expression.items:
            self.put(item, start, end)

    @put.register
    def _repeat(self, expression: Repetition, start: int, end: int) -> None:
        at = start
        for _ in range(expression.low):
            at = self._after(expression.item, at)
        if expression.high is None:
            loop = self.network.new()
            self._empty(at, loop)
            self.put(expression.item, loop, loop)
            self._empty(loop, end)
            return
        self._empty(at, end)
        for _ in range(expression.high - expression.low):
            at = self._after(expression.item, at)
            self._empty(at, end)

    @put.register
    def _row(self, expression: Row, start: int, end: int) -> None:
        at = start
        for number, item in enumerate(expression.items):
            if number >= expression.least:
                self._empty(at, end)
            at = self._after(expression.separator, at) if number else at
            at = self._after(item, at)
        self._empty(at, end)
        if expression.tail is not None:
            before, behind = self.network.new(), self.network.new()
            if expression.items:
                self.put(expression.separator, at, before)
            else:
                self._empty(at, before)
            self.put(expression.tail, before, behind)
            self.put(expression.separator, behind, before)
            self._empty(behind, end)

    @put.register
    def _members(self, expression: Members, start: int, end: int) -> None:
        """Two states between items: nothing was there yet, or something was."""
        empty, begun = start, self.network.new()
        for item, needed in expression.items:
            nothing, something = self.network.new(), self.network.new()
            self.put(item, empty, something)
            self.put(item, self._after(expression.separator, begun), something)
            if not needed:
                self._empty(empty, nothing)
                self._empty(begun, something)
            empty, begun = nothing, something
        self._empty(empty, end)
        self._empty(begun, end)

    def _after(self, item: Expression, start: int) -> int:
        following = self.network.new()
        self.put(item, start, following)
        return following

    def _empty(self, state: int, other: int) -> None:
        self.network.empty[state].append(other)


def _trimmed(network: RuleNetwork) -> set[int]:
    """Take out what leads nowhere; gives the rules that have a text."""
    kept, alive = _reaching(network, by_bytes=True)
    _, network.empty_rules = _reaching(network, by_bytes=False)
    links = {s: [link for link in found if link[2] in kept] for s, found in network.links.items()}
    calls = {
        s: [(rule, to) for rule, to in found if rule in alive and to in kept]
        for s, found in network.calls.items()
    }
    network.links = {state: found for state, found in links.items() if found}
    network.calls = {state: found for state, found in calls.items() if found}
    network.empty = {s: [to for to in found if to in kept] for s, found in network.empty.items()}
    return alive


def _reaching(network: RuleNetwork, *, by_bytes: bool) -> tuple[set[int], set[int]]:
    """States that reach the end of their rule, and rules that do from their start."""
    before: dict[int, list[int]] = defaultdict(list)
    for state, others in network.empty.items():
        for other in others:
            before[other].append(state)
    for state, links in network.links.items() if by_bytes else ():
        for _, _, to in links:
            before[to].append(state)
    behind: dict[int, list[Call]] = defaultdict(list)  # by the state behind: rule, state before
    of_rule: dict[int, list[Call]] = defaultdict(list)  # by the rule: state before, state behind
    for state, calls in network.calls.items():
        for rule, to in calls:
            behind[to].append((rule, state))
            of_rule[rule].append((state, to))
    rule_of = {start: rule for rule, start in enumerate(network.starts)}
    found, alive, left = set(network.ends), set[int](), list(network.ends)

    def reach(state: int) -> None:
        if state not in found:
            found.add(state)
            left.append(state)

    while left:
        state = left.pop()
        for other in before[state]:
            reach(other)
        for rule, other in behind[state]:
            if rule in alive:
                reach(other)
        if state in rule_of and rule_of[state] not in alive:
            alive.add(rule_of[state])
            for other, to in of_rule[rule_of[state]]:
                if to in found:
                    reach(other)
    return found, alive
