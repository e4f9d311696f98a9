"""What a JSON schema asks for, keyword by keyword no more: one class for each kind of value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tokenry.decoding.constrained.automaton import Automaton


@dataclass(frozen=True)
class AnyValue:
    """Every value."""


@dataclass(frozen=True)
class NoValue:
    """None.

    Attributes:
        why: for messages.
    """

    why: str


@dataclass(frozen=True)
class NullValue:
    """``null``."""


@dataclass(frozen=True)
class Truth:
    """``true``, ``false``, or either where ``value`` is None."""

    value: bool | None = None


@dataclass(frozen=True)
class Bound:
    """The end of a range of numbers; ``open`` where it does not belong to it."""

    value: Decimal
    open: bool = False


@dataclass(frozen=True)
class Figure:
    """Numbers.

    Attributes:
        low: from where on.
        high: up to where.
        whole: whether they are written without a point.
        factor: what they are multiples of.
    """

    low: Bound | None = None
    high: Bound | None = None
    whole: bool = False
    factor: Decimal | None = None


@dataclass(frozen=True, eq=False)
class Characters:
    """Strings.

    Attributes:
        least: characters at least.
        most: characters at most.
        languages: regular languages that all have to have it.
        only: the one string that is meant, if one is.
    """

    least: int = 0
    most: int | None = None
    languages: tuple[Automaton, ...] = ()
    only: str | None = None


@dataclass(frozen=True)
class Items:
    """Arrays.

    Attributes:
        first: schemas of the first items.
        rest: schema of the others.
        least: items at least.
        most: items at most.
    """

    first: tuple[Schema, ...] = ()
    rest: Schema = field(default_factory=AnyValue)
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Fields:
    """Objects.

    Attributes:
        named: schemas by name, in the order in which names have to stand.
        matching: schemas by pattern of other names; no name matches two.
        rest: schema of all others.
        needed: names that have to be there.
        least: names at least.
        most: names at most.
    """

    named: Mapping[str, Schema] = field(default_factory=dict)
    matching: Mapping[str, Schema] = field(default_factory=dict)
    rest: Schema = field(default_factory=AnyValue)
    needed: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class AnyOf:
    """What one of several allows, or more of them."""

    options: tuple[Schema, ...]


@dataclass(frozen=True)
class OneOf:
    """What exactly one of several allows, where they are not known to exclude each other."""

    options: tuple[Schema, ...]


@dataclass(frozen=True)
class Pointer:
    """What another place of the document says."""

    target: str


Schema = (
    AnyValue | NoValue | NullValue | Truth | Figure | Characters | Items | Fields
    | AnyOf | OneOf | Pointer
)  # fmt: skip


def any_of(options: Iterable[Schema]) -> Schema:
    """The simplest schema of what one of several allows."""
    found: list[Schema] = []
    none: list[Schema] = []
    for option in options:
        if isinstance(option, AnyValue):
            return option
        if isinstance(option, AnyOf):
            found += option.options
        else:
            (none if isinstance(option, NoValue) else found).append(option)
    if not found:
        return none[0] if none else NoValue("there is nothing to choose from")
    return found[0] if len(found) == 1 else AnyOf(tuple(found))
