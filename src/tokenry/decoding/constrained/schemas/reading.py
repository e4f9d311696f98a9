"""Documents made schemas, keyword by keyword in the order in which they stand.

That order is the one in which names of objects have to be written: what stands first has the say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from tokenry.decoding.constrained.schemas.documents import SILENT, SchemaDocument, shown
from tokenry.decoding.constrained.schemas.kinds import (
    AnyValue,
    Bound,
    Characters,
    Fields,
    Figure,
    Items,
    NoValue,
    NullValue,
    Pointer,
    Schema,
    Truth,
    any_of,
)
from tokenry.decoding.constrained.schemas.merging import (
    Merging,
    check_disjoint,
    checked,
    matches,
)
from tokenry.decoding.constrained.schemas.options import SchemaOptions
from tokenry.decoding.constrained.schemas.texts import format_language, pattern_language
from tokenry.errors import ConstraintError

TYPES: Final = ("null", "boolean", "number", "string", "array", "object")
IN_PLACE: Final = ("const", "enum", "allOf", "anyOf", "oneOf", "$ref")
"""Keywords that are merged with what stands before them."""
Keywords = Mapping[str, Any]


class SchemaReading:
    """Reads the schemas of a document.

    Args:
        document: it.
        options: how lenient.
    """

    def __init__(self, document: SchemaDocument, options: SchemaOptions) -> None:
        self._document, self._options = document, options
        self._defined: dict[str, Schema | None] = {}
        self.merging = Merging(self._followed)

    def schema(self, content: Any) -> Schema:
        """What a schema asks for.

        Raises:
            ConstraintError: it is malformed, or asks for what is not read; names the keyword.
        """
        if isinstance(content, bool):
            return AnyValue() if content else NoValue("the schema is false")
        if not isinstance(content, Mapping):
            raise ConstraintError(f"{shown(content)} is no JSON schema; expected an object")
        if not self._document.asks(content):
            return AnyValue()
        refused = self._document.refused(content)
        if refused and not self._options.lenient:
            raise ConstraintError(
                f"the keyword {refused[0]!r} is not read; leave it out (lenient=True does), and "
                "check it afterwards"
            )
        return self._keywords(content)

    def pointed(self, pointer: Pointer) -> Schema:
        """What a pointer points at, once all is read."""
        found = self._defined[pointer.target]
        assert found is not None
        return found

    def _keywords(self, content: Keywords) -> Schema:
        found: Schema = AnyValue()
        gathered: dict[str, Any] = {}
        for key, value in content.items():
            if key in IN_PLACE:
                found = self.merging.both(found, self._gathered(gathered, content))
                gathered = {}
                found = self._applied(found, key, value, content)
            elif key not in SILENT:
                gathered[key] = value
                self._foreseen(gathered, key, content)
        return self.merging.both(found, self._gathered(gathered, content))

    @staticmethod
    def _foreseen(gathered: dict[str, Any], key: str, content: Keywords) -> None:
        """What `additionalProperties` and `items` have to know though it stands behind them."""
        if key == "additionalProperties" and "properties" not in gathered:
            names = _object(content.get("properties", {}), "properties")
            gathered["properties"] = dict.fromkeys(names, True)
        if key == "items" and "prefixItems" not in gathered and "prefixItems" in content:
            gathered["prefixItems"] = [True] * len(_array(content["prefixItems"], "prefixItems"))

    def _gathered(self, gathered: Keywords, content: Keywords) -> Schema:
        """Keywords of types, by the types that are allowed."""
        if not gathered:
            return AnyValue()
        types = content.get("type", list(TYPES))
        named = [types] if isinstance(types, str) else _array(types, "type")
        return any_of([self._typed(name, gathered) for name in named])

    def _applied(self, found: Schema, key: str, value: Any, content: Keywords) -> Schema:
        both = self.merging.both
        if key == "const":
            return both(found, constant(value))
        if key == "enum":
            return both(found, any_of(map(constant, _array(value, "enum"))))
        if key == "$ref":
            return both(found, self._pointer(value, content))
        parts = [self.schema(each) for each in _array(value, key)]
        if key == "anyOf":
            return both(found, any_of(parts))
        if key == "oneOf":
            lenient = self._options.coerce_one_of or self._options.lenient
            chosen = any_of(parts) if lenient else self.merging.one_of(parts)
            return both(found, chosen)
        for part in parts:
            found = both(found, part)
        return found

    # References

    def _pointer(self, reference: Any, content: Keywords) -> Pointer:
        if not isinstance(reference, str):
            raise ConstraintError(f"$ref is {shown(reference)}; expected a string")
        target = self._document.target(content, reference)
        if target not in self._defined:
            self._defined[target] = None
            self._defined[target] = self.schema(self._document.schema(target))
        return Pointer(target)

    def _followed(self, pointer: Pointer) -> Schema:
        found = self._defined[pointer.target]
        if found is None:
            raise ConstraintError(
                f"$ref {pointer.target!r} points back at itself beside other keywords, which "
                "is not read; put it alone"
            )
        return found

    # Types

    def _typed(self, name: Any, keywords: Keywords) -> Schema:
        reading: dict[str, Callable[[Keywords], Schema]] = {
            "null": lambda _: NullValue(),
            "boolean": lambda _: Truth(),
            "number": lambda each: _figure(each, whole=False),
            "integer": lambda each: _figure(each, whole=True),
            "string": self._characters,
            "array": self._items,
            "object": self._fields,
        }
        if name not in reading:
            raise ConstraintError(f"the type {shown(name)} is not known; expected one of {TYPES}")
        return reading[name](keywords)

    def _characters(self, keywords: Keywords) -> Schema:
        languages = []
        if "pattern" in keywords:
            languages.append(pattern_language(_string(keywords["pattern"], "pattern")))
        if "format" in keywords:
            try:
                languages.append(format_language(_string(keywords["format"], "format")))
            except ConstraintError:
                if not self._options.lenient:
                    raise
        least, most = _count(keywords, "minLength") or 0, _count(keywords, "maxLength")
        return Characters(least, most, tuple(languages))

    def _items(self, keywords: Keywords) -> Schema:
        first, rest = keywords.get("prefixItems"), keywords.get("items")
        if self._document.draft <= 2019 or "additionalItems" in keywords or isinstance(rest, list):
            # Before 2020 an array was for the first items, and additionalItems for the others.
            listed = isinstance(rest, list)
            first, rest = (rest, keywords.get("additionalItems")) if listed else (None, rest)
        return Items(
            tuple(self.schema(each) for each in _array(first or [], "prefixItems")),
            AnyValue() if rest is None else self.schema(rest),
            _count(keywords, "minItems") or 0,
            _count(keywords, "maxItems"),
        )

    def _fields(self, keywords: Keywords) -> Schema:
        named = self._named(keywords, "properties")
        matching = self._named(keywords, "patternProperties")
        check_disjoint(matching)
        for name, schema in named.items():
            for pattern in matching:
                if matches(pattern, name):
                    named[name] = self.merging.both(schema, matching[pattern])
        needed = [
            _string(each, "required") for each in _array(keywords.get("required", []), "required")
        ]
        rest = keywords.get("additionalProperties", True)
        least, most = _count(keywords, "minProperties") or 0, _count(keywords, "maxProperties")
        return checked(
            Fields(named, matching, self.schema(rest), tuple(dict.fromkeys(needed)), least, most)
        )

    def _named(self, keywords: Keywords, key: str) -> dict[str, Schema]:
        given = _object(keywords.get(key, {}), key)
        return {name: self.schema(content) for name, content in given.items()}


def constant(value: Any) -> Schema:
    """The schema of one value."""
    if value is None:
        return NullValue()
    if isinstance(value, bool):
        return Truth(value)
    if isinstance(value, int | float | Decimal):
        bound = Bound(_decimal(value, "const"))
        return Figure(bound, bound, whole=isinstance(value, int))
    if isinstance(value, str):
        return Characters(only=value)
    if isinstance(value, Mapping):
        named = {name: constant(each) for name, each in value.items()}
        return Fields(named, rest=NoValue("no other names"), needed=tuple(named))
    first = tuple(map(constant, _array(value, "const")))
    return Items(first, NoValue("no other items"), len(first), len(first))


def _figure(keywords: Keywords, *, whole: bool) -> Figure:
    low = _bound(keywords, "minimum", "exclusiveMinimum", 1)
    high = _bound(keywords, "maximum", "exclusiveMaximum", -1)
    factor = keywords.get("multipleOf")
    return Figure(low, high, whole, None if factor is None else abs(_decimal(factor, "multipleOf")))


def _bound(keywords: Keywords, key: str, exclusive: str, sign: int) -> Bound | None:
    """The tighter of two bounds; in draft 4 the exclusive one is a mark on the other."""
    closed, opened = keywords.get(key), keywords.get(exclusive)
    if isinstance(opened, bool):
        return None if closed is None else Bound(_decimal(closed, key), opened)
    found = [
        Bound(_decimal(value, name), name == exclusive)
        for value, name in ((closed, key), (opened, exclusive))
        if value is not None
    ]
    return max(found, key=lambda bound: (sign * bound.value, bound.open), default=None)


def _decimal(value: Any, key: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ConstraintError(f"{key} is {shown(value)}; expected a number")
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _count(keywords: Keywords, key: str) -> int | None:
    value = keywords.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise ConstraintError(f"{key} is {shown(value)}; expected a whole number that is not below 0")


def _string(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise ConstraintError(f"{key} has {shown(value)}; expected a string")
    return value


def _array(value: Any, key: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ConstraintError(f"{key} is {shown(value)}; expected an array")
    return list(value)


def _object(value: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConstraintError(f"{key} is {shown(value)}; expected an object")
    return value
