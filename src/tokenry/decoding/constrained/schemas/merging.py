"""What satisfies two schemas at once, and whether nothing does.

The order of names is that of the first schema, then of the second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from tokenry.decoding.constrained import algebra
from tokenry.decoding.constrained.schemas.kinds import (
    AnyOf,
    AnyValue,
    Bound,
    Characters,
    Fields,
    Figure,
    Items,
    NoValue,
    OneOf,
    Pointer,
    Schema,
    Truth,
    any_of,
)
from tokenry.decoding.constrained.schemas.texts import pattern_language
from tokenry.errors import ConstraintError

DEEPEST: Final = 60
"""Levels of schemas that are merged with each other."""
MOST: Final = 100_000
"""Pairs of schemas that are merged, in all."""
Followed = Callable[[Pointer], Schema]
"""What a pointer points at."""


class Merging:
    """Merges schemas.

    Args:
        followed: what a pointer points at.
    """

    def __init__(self, followed: Followed) -> None:
        self._followed, self._depth, self._count = followed, 0, 0

    def both(self, one: Schema, other: Schema) -> Schema:
        """What satisfies both.

        Raises:
            ConstraintError: they are too deep in each other, or too many.
        """
        self._depth += 1
        self._count += 1
        if self._count > MOST:
            raise ConstraintError(
                f"more than {MOST:,} pairs of schemas would have to be merged; give fewer options "
                "of anyOf and oneOf beside each other"
            )
        if self._depth > DEEPEST:
            raise ConstraintError(
                f"schemas that are merged stand more than {DEEPEST} levels in each other; leave "
                "out what points back beside other keywords"
            )
        try:
            return self._both(one, other)
        finally:
            self._depth -= 1

    def _both(self, one: Schema, other: Schema) -> Schema:
        if isinstance(one, AnyValue) or isinstance(other, NoValue):
            return other
        if isinstance(other, AnyValue) or isinstance(one, NoValue):
            return one
        if isinstance(one, Pointer):
            return self.both(self._followed(one), other)
        if isinstance(other, Pointer):
            return self.both(one, self._followed(other))
        for choice, chosen in ((one, True), (other, False)):
            if isinstance(choice, AnyOf | OneOf):
                options = [
                    self.both(option, other) if chosen else self.both(one, option)
                    for option in choice.options
                ]
                return any_of(options) if isinstance(choice, AnyOf) else self.one_of(options)
        return self._alike(one, other)

    def _alike(self, one: Schema, other: Schema) -> Schema:
        match one, other:
            case Truth(first), Truth(second):
                if first is None or second is None or first == second:
                    return Truth(second if first is None else first)
                return NoValue("a value would have to be true and false")
            case Figure(), Figure():
                return _figures(one, other)
            case Characters(), Characters():
                return _characters(one, other)
            case Items(), Items():
                return self._items(one, other)
            case Fields(), Fields():
                return self._fields(one, other)
        return one if type(one) is type(other) else NoValue("a value would have to be of two types")

    def _items(self, one: Items, other: Items) -> Items:
        count = max(len(one.first), len(other.first))
        pairs = zip(_filled(one, count), _filled(other, count), strict=True)
        return Items(
            tuple(self.both(first, second) for first, second in pairs),
            self.both(one.rest, other.rest),
            max(one.least, other.least),
            _smaller(one.most, other.most),
        )

    def _fields(self, one: Fields, other: Fields) -> Schema:
        names = dict.fromkeys((*one.named, *other.named))
        named = {name: self.both(field_of(one, name), field_of(other, name)) for name in names}
        return checked(
            Fields(
                named,
                self._matching(one, other),
                self.both(one.rest, other.rest),
                tuple(dict.fromkeys((*one.needed, *other.needed))),
                max(one.least, other.least),
                _smaller(one.most, other.most),
            )
        )

    def _matching(self, one: Fields, other: Fields) -> dict[str, Schema]:
        patterns = dict.fromkeys((*one.matching, *other.matching))
        found = {
            pattern: self.both(
                one.matching.get(pattern, one.rest), other.matching.get(pattern, other.rest)
            )
            for pattern in patterns
        }
        check_disjoint(found)
        return found

    def one_of(self, options: list[Schema]) -> Schema:
        """What exactly one allows: a choice where they exclude each other."""
        left: list[Schema] = []
        for option in options:
            if not isinstance(option, NoValue):
                left += option.options if isinstance(option, OneOf) else (option,)
        if len(left) < 2:
            return left[0] if left else NoValue("there is nothing to choose from")
        pairs = ((a, b) for at, a in enumerate(left) for b in left[at + 1 :])
        if all(self.excludes(a, b) for a, b in pairs):
            return AnyOf(tuple(left))
        return OneOf(tuple(left))

    def excludes(self, one: Schema, other: Schema) -> bool:
        """Whether it is known that nothing satisfies both."""
        if isinstance(one, NoValue) or isinstance(other, NoValue):
            return True
        if isinstance(one, AnyValue | Pointer) or isinstance(other, AnyValue | Pointer):
            return False
        if isinstance(one, AnyOf | OneOf):
            return all(self.excludes(option, other) for option in one.options)
        if isinstance(other, AnyOf | OneOf):
            return all(self.excludes(one, option) for option in other.options)
        match one, other:
            case Truth(first), Truth(second):
                return None not in (first, second) and first != second
            case Characters(only=str() as first), Characters(only=str() as second):
                return first != second
            case Fields(), Fields():
                needed = {*one.needed, *other.needed}
                return any(self.excludes(field_of(one, n), field_of(other, n)) for n in needed)
        return type(one) is not type(other)


def field_of(fields: Fields, name: str) -> Schema:
    """What a name has to satisfy."""
    if name in fields.named:
        return fields.named[name]
    for pattern, schema in fields.matching.items():
        if matches(pattern, name):
            return schema
    return fields.rest


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern is found in a name."""
    language, text = pattern_language(pattern), name.encode()
    state = language.start()
    for byte in text:
        state = None if state is None else language.step(state, byte)
    return state is not None and language.last in state


def check_disjoint(patterns: Mapping[str, Schema]) -> None:
    """That no name matches two patterns.

    Raises:
        ConstraintError: one could.
    """
    every = list(patterns)
    for at, one in enumerate(every):
        for other in every[at + 1 :]:
            if algebra.both(pattern_language(one), pattern_language(other)).first >= 0:
                raise ConstraintError(
                    f"a name can match both patternProperties {one!r} and {other!r}, which is not "
                    "read; give patterns that exclude each other"
                )


def checked(fields: Fields) -> Schema:
    """The same, or nothing where the counts of names contradict each other."""
    if max(fields.least, len(fields.needed)) > (math.inf if fields.most is None else fields.most):
        return NoValue("an object would need more names than it may have")
    return fields


def _filled(items: Items, count: int) -> tuple[Schema, ...]:
    return (*items.first, *(items.rest,) * (count - len(items.first)))


def _figures(one: Figure, other: Figure) -> Figure:
    return Figure(
        _tighter(one.low, other.low, 1),
        _tighter(one.high, other.high, -1),
        one.whole or other.whole,
        _common(one.factor, other.factor),
    )


def _tighter(one: Bound | None, other: Bound | None, sign: int) -> Bound | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other, key=lambda bound: (sign * bound.value, bound.open))


def _common(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The least number that is a multiple of both."""
    if one is None or other is None:
        return other if one is None else one
    places = max(0, *(-int(each.as_tuple().exponent) for each in (one, other)))
    first, second = (int(each.scaleb(places)) for each in (one, other))
    return Decimal(math.lcm(first, second)).scaleb(-places)


def _characters(one: Characters, other: Characters) -> Schema:
    only = other.only if one.only is None else one.only
    if other.only is not None and only != other.only:
        return NoValue("a string would have to be two")
    return Characters(
        max(one.least, other.least),
        _smaller(one.most, other.most),
        (*one.languages, *other.languages),
        only,
    )


def _smaller(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
