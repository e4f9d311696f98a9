"""The grammar of a JSON schema.

Names of objects stand in the order of the schema, others behind them; white space stands where JSON
allows it, but not around the whole text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, singledispatchmethod
from typing import Any, Final

from tokenry.decoding.constrained import algebra
from tokenry.decoding.constrained.automaton import Automaton
from tokenry.decoding.constrained.grammars.grammar import (
    Choice,
    Concatenation,
    Expression,
    Grammar,
    Lexeme,
    Members,
    Reference,
    Row,
)
from tokenry.decoding.constrained.regular import Regex
from tokenry.decoding.constrained.schemas import kinds
from tokenry.decoding.constrained.schemas.documents import SchemaDocument, shown
from tokenry.decoding.constrained.schemas.kinds import Schema
from tokenry.decoding.constrained.schemas.merging import field_of
from tokenry.decoding.constrained.schemas.numbers import is_empty, number_language
from tokenry.decoding.constrained.schemas.options import KEY, SchemaOptions
from tokenry.decoding.constrained.schemas.reading import SchemaReading
from tokenry.decoding.constrained.schemas.texts import pattern_language, quoted, string_language
from tokenry.errors import ConstraintError

NONE: Final = Choice(())
BLANK: Final = r"[ \t\r\n]*"
VALUE, STRING, NUMBER = "value", "string", "number"
"""Names of rules that every schema may call."""


def schema_grammar(schema: Mapping[str, Any] | bool | str, **options: Any) -> Grammar:
    """The grammar of a JSON schema.

    Args:
        schema: as an object, or as text.
        options: see `SchemaOptions`; those under ``x-guidance`` count too.

    Raises:
        ConstraintError: it is malformed, or asks for what is not read; the message names it.
    """
    content = document_of(schema)
    given = {} if isinstance(content, bool) else dict(content.get(KEY, {}))
    chosen = SchemaOptions.of({**given, **options})
    try:
        reading = SchemaReading(SchemaDocument(content), chosen)
        return _Writing(reading, chosen).grammar(reading.schema(content), shown(content))
    except RecursionError:
        raise ConstraintError(
            "this schema has more levels in each other than can be read; put some under $defs"
        ) from None


def document_of(schema: Mapping[str, Any] | bool | str) -> Mapping[str, Any] | bool:
    """A schema as an object.

    Raises:
        ConstraintError: it is none.
    """
    try:
        content = json.loads(schema) if isinstance(schema, str) else schema
    except ValueError as error:
        raise ConstraintError(f"this is no JSON schema: {error}") from None
    if not isinstance(content, Mapping | bool):
        raise ConstraintError(f"a JSON schema is an object, not {type(content).__name__}")
    return content


class _Writing:
    def __init__(self, reading: SchemaReading, options: SchemaOptions) -> None:
        self._reading, self._options = reading, options
        self._rules: dict[str, Expression] = {}
        self._pointers: dict[str, str] = {}
        self._waiting: list[kinds.Pointer] = []
        blank = BLANK if options.whitespace_flexible else ""
        self._comma = Lexeme(_language(f"{blank}({options.item_separator}){blank}"))
        self._colon = Lexeme(_language(f"{blank}({options.key_separator}){blank}"))
        self._brackets = {sign: Lexeme(_language(rf"\{sign}{blank}")) for sign in "[{"}
        self._brackets |= {sign: Lexeme(_language(rf"{blank}\{sign}")) for sign in "]}"}

    def grammar(self, schema: Schema, source: str) -> Grammar:
        self._rules["start"] = self.of(schema)
        self._rules[STRING] = Lexeme(string_language(kinds.Characters()))
        self._rules[NUMBER] = Lexeme(number_language(kinds.Figure()))
        every = (kinds.NullValue(), kinds.Truth(), kinds.Figure(), kinds.Characters(),
                 kinds.Items(), kinds.Fields())  # fmt: skip
        self._rules[VALUE] = Choice(tuple(map(self.of, every)))
        while self._waiting:
            pointer = self._waiting.pop()
            self._rules[self._pointers[pointer.target]] = self.of(self._reading.pointed(pointer))
        return Grammar(self._rules, "start", None, source)

    def _rule(self, expression: Expression) -> Reference:
        """A rule of its own for what stands in several places."""
        if isinstance(expression, Reference):
            return expression
        name = f"rule {len(self._rules)}"
        self._rules[name] = expression
        return Reference(name)

    @singledispatchmethod
    def of(self, schema: Schema) -> Expression:
        """The expression of a schema."""
        raise AssertionError(f"{schema!r} is no schema")

    @of.register
    def _any(self, schema: kinds.AnyValue) -> Expression:
        return Reference(VALUE)

    @of.register
    def _none(self, schema: kinds.NoValue) -> Expression:
        return NONE

    @of.register
    def _null(self, schema: kinds.NullValue) -> Expression:
        return Lexeme(_language("null"))

    @of.register
    def _truth(self, schema: kinds.Truth) -> Expression:
        both = {None: "true|false", True: "true", False: "false"}
        return Lexeme(_language(both[schema.value]))

    @of.register
    def _figure(self, schema: kinds.Figure) -> Expression:
        if schema == kinds.Figure():
            return Reference(NUMBER)
        return NONE if is_empty(schema) else Lexeme(number_language(schema))

    @of.register
    def _characters(self, schema: kinds.Characters) -> Expression:
        if (schema.least, schema.most, schema.languages, schema.only) == (0, None, (), None):
            return Reference(STRING)
        return Lexeme(string_language(schema))

    @of.register
    def _any_of(self, schema: kinds.AnyOf) -> Expression:
        return Choice(tuple(map(self.of, schema.options)))

    @of.register
    def _one_of(self, schema: kinds.OneOf) -> Expression:
        if self._options.coerce_one_of or self._options.lenient:
            return Choice(tuple(map(self.of, schema.options)))
        raise ConstraintError(
            "the keyword 'oneOf' has options that may hold together, which no grammar can "
            "exclude; write anyOf (coerce_one_of=True does)"
        )

    @of.register
    def _pointer(self, schema: kinds.Pointer) -> Expression:
        if schema.target not in self._pointers:
            self._pointers[schema.target] = f"$ref {schema.target}"
            self._waiting.append(schema)
        return Reference(self._pointers[schema.target])

    @of.register
    def _items(self, schema: kinds.Items) -> Expression:
        if schema.most is not None and schema.least > schema.most:
            return NONE
        rest = self._rule(self.of(schema.rest))
        count = max(len(schema.first), schema.least) if schema.most is None else schema.most
        first = [self.of(each) for each in schema.first[:count]]
        items = (*first, *(rest,) * (count - len(first)))
        row = Row(items, self._comma, schema.least, rest if schema.most is None else None)
        return self._between("[", row, "]")

    @of.register
    def _fields(self, schema: kinds.Fields) -> Expression:
        names = dict.fromkeys((*schema.named, *schema.needed))
        pairs: list[tuple[Expression, bool]] = [
            (self._pair(algebra.literal(_written(name)), self.of(field_of(schema, name))),
             name in schema.needed)
            for name in names
        ]  # fmt: skip
        needed = sum(each for _, each in pairs)
        least = max(0, schema.least - needed)
        most = None if schema.most is None else max(0, schema.most - needed)
        if needed < len(pairs) and (least or most is not None):
            return self._counted(schema, pairs, least, most)
        others = self._others(schema, names, least, most)
        return self._object([*pairs, *others])

    def _object(self, pairs: list[tuple[Expression, bool]]) -> Expression:
        return self._between("{", Members(tuple(pairs), self._comma), "}")

    def _pair(self, name: Automaton, value: Expression) -> Reference:
        return self._rule(Concatenation((Lexeme(name), self._colon, value)))

    def _others(
        self, schema: kinds.Fields, names: Mapping[str, None], least: int, most: int | None
    ) -> Iterator[tuple[Expression, bool]]:
        """A row of names that are not among those of the schema."""
        if most == 0:
            return
        pair = self._rule(Choice(tuple(self._other_pairs(schema, names))))
        count = max(1, least) if most is None else most
        row = Row((pair,) * count, self._comma, max(1, least), pair if most is None else None)
        yield row, least > 0

    def _other_pairs(self, schema: kinds.Fields, names: Mapping[str, None]) -> Iterator[Reference]:
        literal = algebra.union(algebra.literal(name.encode()) for name in names)
        patterns = [pattern_language(pattern) for pattern in schema.matching]
        for pattern, value in zip(patterns, schema.matching.values(), strict=True):
            left = algebra.without(pattern, literal) if names else pattern
            yield self._pair(quoted(left), self.of(value))
        if isinstance(schema.rest, kinds.NoValue):
            return
        taken = algebra.union([literal, *patterns])
        every = _language("(?s:.)*")
        left = algebra.without(every, taken) if taken.first >= 0 else every
        yield self._pair(quoted(left), self.of(schema.rest))

    def _counted(
        self,
        schema: kinds.Fields,
        pairs: list[tuple[Expression, bool]],
        least: int,
        most: int | None,
    ) -> Expression:
        """Of names that may be left out, one at most, or one at least."""
        alone = not schema.matching and isinstance(schema.rest, kinds.NoValue)
        if not alone or least > 1 or most not in (None, 1):
            if self._options.lenient:
                return self._object(
                    [*pairs, *self._others(schema, dict.fromkeys(schema.named), 0, None)]
                )
            raise ConstraintError(
                "the keywords 'minProperties' and 'maxProperties' are read where all names of "
                "'properties' are required, or where they ask for one of them"
            )
        options = []
        for at, (_, needed) in enumerate(pairs):
            if not needed and most == 1:
                kept = [(p, True) for number, (p, n) in enumerate(pairs) if n or number == at]
                options.append(self._object(kept))
            elif not needed:
                options.append(
                    self._object([(p, n or number == at) for number, (p, n) in enumerate(pairs)])
                )
        if not least:
            options.append(self._object([pair for pair in pairs if pair[1]]))
        return Choice(tuple(options))

    def _between(self, opening: str, inside: Expression, closing: str) -> Expression:
        return Concatenation((self._brackets[opening], inside, self._brackets[closing]))


def _written(name: str) -> bytes:
    return json.dumps(name, ensure_ascii=False).encode()


@cache
def _language(pattern: str) -> Automaton:
    return Regex(pattern).language
