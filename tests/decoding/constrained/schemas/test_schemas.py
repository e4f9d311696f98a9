"""Schemas allow the values that jsonschema finds valid, and the texts that llguidance allows."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from benchmarks.parsers_agree import Agreement, check, installed
from shares import SEED, draw, part, share
from tokenry.decoding.constrained import own_schema, satisfies
from tokenry.errors import ConstraintError

NODE = {"type": "object", "properties": {"v": {"type": "integer"}, "n": {"$ref": "#/$defs/node"}},
        "required": ["v"], "additionalProperties": False}  # fmt: skip
SCHEMAS: tuple[Any, ...] = (
    True,
    {},
    {"type": ["integer", "null"]},
    {"minimum": 1, "exclusiveMaximum": 22},
    {"type": "integer", "multipleOf": 11},
    {"enum": [1, "a", None, [1], {"a": 1}]},
    {"const": {"a": [1, "a"]}},
    {"type": "string", "minLength": 1, "pattern": "^a"},
    {"type": "array", "minItems": 1, "maxItems": 2},
    {"prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False, "type": "array"},
    {"prefixItems": [{"const": 1}], "items": {"const": "a"}, "minItems": 2, "type": "array"},
    {"$schema": "http://json-schema.org/draft-07/schema#", "type": "array",
     "items": [{"const": 1}], "additionalItems": False},
    {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
    {"type": "object", "properties": {"a": True, "b": False}, "additionalProperties": False},
    {"type": "object", "patternProperties": {"^a": {"type": "integer"}},
     "additionalProperties": {"type": "string"}},
    {"type": "object", "minProperties": 1, "maxProperties": 1},
    {"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": False,
     "minProperties": 1},
    {"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": False,
     "maxProperties": 1},
    {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 20}]},
    {"oneOf": [{"type": "string"}, {"type": "array"}, {"const": True}]},
    {"oneOf": [{"properties": {"a": {"const": 1}}, "required": ["a"], "type": "object"},
               {"properties": {"a": {"const": "a"}}, "required": ["a"], "type": "object"}]},
    {"allOf": [{"minimum": 1}, {"maximum": 1, "type": "integer"}]},
    {"type": "object", "properties": {"a": {"type": "integer"}},
     "allOf": [{"properties": {"b": {"type": "string"}}, "required": ["b"]}]},
    {"properties": {"a": {"type": "integer"}}, "type": "object",
     "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
    {"$ref": "#/$defs/node", "$defs": {"node": NODE}},
    {"$ref": "#/definitions/x", "definitions": {"x": {"type": "array", "items": {"$ref": "#"}}}},
    {"$id": "http://a.b/c.json", "$ref": "d.json", "$defs": {"d": {"$id": "d.json", "enum": [1]}}},
    {"$ref": "#here", "$defs": {"d": {"$anchor": "here", "type": "boolean"}}},
    {"type": "number", "minimum": 5, "exclusiveMinimum": True, "maximum": 22,
     "$schema": "http://json-schema.org/draft-04/schema#"},
    {"type": "object", "patternProperties": {"^a": {"type": "integer"}},
     "properties": {"a": {"minimum": 2}}},
    {"type": "string", "format": "date"},
    {"not": False, "x-unknown": 1, "$schema": "http://json-schema.org/draft-04/schema#",
     "type": "null"},
)  # fmt: skip


def values() -> list[Any]:
    scalars = [None, True, False, 0, 1, 2, 11, 22, -1, 1.5, "", "a", "ab", "b", "2024-01-31"]
    few = [1, 2, "a", None]
    arrays = [list(each) for n in range(4) for each in itertools.product(few, repeat=n)]
    objects = [dict(zip(keys, each, strict=True)) for n in range(3)
               for keys in itertools.combinations(("a", "aa", "b"), n)
               for each in itertools.product(few, repeat=n)]  # fmt: skip
    nested = [
        {"v": 1, "n": {"v": 2}},
        {"v": 1, "n": {}},
        {"v": 1},
        [[]],
        [[[], []]],
        {"a": [1, "a"]},
    ]
    return [*scalars, *arrays, *objects, *nested, {"a": {"b": []}}]


@pytest.mark.parametrize("schema", SCHEMAS, ids=range(len(SCHEMAS)))
def test_values_are_those_that_are_valid(schema: Any) -> None:
    """Names of objects stand in one order that the schema chooses."""
    jsonschema = pytest.importorskip("jsonschema")
    if isinstance(schema, dict) and "not" in schema:
        with pytest.raises(ConstraintError, match="'not' is not read"):
            own_schema(schema)
        return
    kind = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)
    validator = kind(schema, format_checker=jsonschema.FormatChecker())
    constraint, every = own_schema(schema), values()
    for value in draw(schema).sample(every, max(60, share(len(every)))):
        written = [json.dumps(each, separators=(",", ":")) for each in orders(value)]
        written += [json.dumps(each) for each in orders(value)]
        valid = validator.is_valid(value)
        found = {satisfies(constraint, each.encode()) for each in written}
        assert (True in found) == valid, value
        assert found == {valid} or isinstance(value, dict), value


def orders(value: Any) -> list[Any]:
    """A value with its names in every order."""
    if not isinstance(value, dict):
        return [value]
    return [dict(each) for each in itertools.permutations(value.items())]


def test_published_schemas_are_read_alike() -> None:
    """`python -m benchmarks.parsers_agree` does it for a folder of them."""
    pytest.importorskip("llguidance")
    pytest.importorskip("jsonschema")
    found = Agreement()
    for name, schema in part(installed()):
        check(name, schema, share(120), found, str(SEED))
    assert not found.apart, found.apart
    assert found.states or not found.schemas
    # llguidance lets no number above an open bound end in 0.
    skipped = {"not", "exclusiveMinimum", "exclusiveMaximum"}
    for schema in part([s for s in SCHEMAS if isinstance(s, dict) and not skipped & s.keys()]):
        check(str(schema), schema, share(120), found, str(SEED))
    assert not found.apart, found.apart
    assert found.states > 100


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ("{", "no JSON schema"),
        ([], "a JSON schema is an object, not list"),
        ({"type": "nothing"}, 'the type "nothing" is not known'),
        ({"type": 3}, "type is 3; expected an array"),
        ({"uniqueItems": True}, "the keyword 'uniqueItems' is not read"),
        ({"properties": {"a": {"if": {}}}}, "the keyword 'if' is not read"),
        ({"format": "regex"}, "the format 'regex' is not known"),
        ({"pattern": "(?!a)"}, "not regular"),
        ({"oneOf": [{"type": "number"}, {"minimum": 3}]}, "the keyword 'oneOf' has options"),
        ({"type": "object", "minProperties": 2, "properties": {"a": {}}}, "'minProperties' and"),
        ({"patternProperties": {"a": {}, "b": {}}}, "can match both patternProperties 'a' and 'b'"),
        ({"$ref": "http://else.where/x"}, "points out of the document"),
        ({"$ref": "#/nowhere"}, "points at nothing"),
        ({"$ref": 3}, r"\$ref is 3; expected a string"),
        ({"minimum": "a"}, 'minimum is "a"; expected a number'),
        ({"minLength": -1}, "minLength is -1; expected a whole number"),
        ({"required": "a"}, 'required is "a"; expected an array'),
        ({"properties": []}, r"properties is \[\]; expected an object"),
        ({"items": 3}, "3 is no JSON schema"),
        ({"multipleOf": 0}, "multipleOf is 0"),
        ({"maxLength": 100_000}, "maxLength is above 8,000"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a", "minimum": 1}}}, "points back"),
        ({"x-guidance": {"json_allowed_escapes": "n"}}, "'json_allowed_escapes' is not known"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_named(schema: Any, why: str) -> None:
    with pytest.raises(ConstraintError, match=why):
        own_schema(schema)


def test_what_is_too_much_is_named() -> None:
    deep: dict[str, Any] = {}
    for _ in range(400):
        deep = {"type": "array", "items": deep, "minItems": 1}
    with pytest.raises(ConstraintError, match="more levels in each other"):
        own_schema(deep)
    many = [{"type": "string", "minLength": length} for length in range(50)]
    with pytest.raises(ConstraintError, match="pairs of schemas would have to be merged"):
        own_schema({"allOf": [{"anyOf": many}] * 4})


def test_options() -> None:
    pair = {"type": "object", "properties": {"a": {"type": "integer"}}}
    assert satisfies(own_schema(pair), b'{ "a" : 1 }')
    assert not satisfies(own_schema(pair, whitespace_flexible=False), b'{"a": 1}')
    marked = {**pair, "x-guidance": {"whitespace_flexible": False, "key_separator": ": ?"}}
    assert satisfies(own_schema(marked), b'{"a": 1}')
    assert not satisfies(own_schema(marked), b'{"a" : 1}')
    assert satisfies(own_schema({"uniqueItems": True, "format": "x"}, lenient=True), b"[1,1]")
    either = {"oneOf": [{"type": "number"}, {"minimum": 3}]}
    assert satisfies(own_schema(either, coerce_one_of=True), b"5")


def test_a_schema_that_nothing_satisfies_has_no_start() -> None:
    for schema in (False, {"enum": []}, {"type": "integer", "minimum": 2, "maximum": 1},
                   {"required": ["a"], "properties": {"a": False}, "type": "object"},
                   {"allOf": [{"type": "null"}, {"type": "string"}]},
                   {"type": "array", "items": {"$ref": "#"}, "minItems": 1}):  # fmt: skip
        assert own_schema(schema).start() is None, schema
