"""What is written is what the schemas in docs/formats say."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tokenry.card import Card
from tokenry.card.difference import Difference, measure_difference

jsonschema = pytest.importorskip("jsonschema")
FORMATS = Path(__file__).parents[2] / "docs" / "formats"


def validator(name: str) -> Any:
    schema = json.loads((FORMATS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def difference(card: Card) -> Difference:
    return measure_difference(card.options)


def test_a_card_and_a_difference_are_as_the_schemas_say(card: Card, difference: Difference) -> None:
    validator("card").validate(json.loads(card.dumps()))
    validator("diff").validate(json.loads(difference.dumps()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 2),
        ("data.bytes", "many"),
        ("tokenizers.0.scorecard.lossless.unit", None),
        ("tokenizers.0.name", 3),
        ("tokenizers.0.speed.value", "fast"),
    ],
)
def test_another_kind_is_refused(card: Card, path: str, value: object) -> None:
    content = copy.deepcopy(json.loads(card.dumps()))
    *ways, last = path.split(".")
    at: Any = content
    for way in ways:
        at = at[int(way)] if way.isdigit() else at[way]
    at[last] = value
    assert not validator("card").is_valid(content)
    del at[last]
    assert not validator("card").is_valid(content)


def test_every_field_of_a_card_is_described_as_an_object(card: Card) -> None:
    schema = validator("card").schema
    assert set(schema["properties"]) == set(card.content)
    known = schema["$defs"]["TokenizerCard"]["properties"]
    assert set(known) == set(card.content["tokenizers"][0])
