"""The core reads vocabularies and merges as Python's own JSON does, or leaves them to it."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest

from shares import draw, share
from tokenry import _native
from tokenry.errors import FormatError
from tokenry.formats import json_numbers
from tokenry.formats.json_walk import parse
from tokenry.formats.tokenizer_json.sections import (
    MergeSides,
    NamedIds,
    ScoredTokens,
    parse_sections,
)
from tokenry.vocabulary import unpack

CHARACTERS = [
    "a",
    "b",
    " ",
    "\u0120",
    "\u00e9",
    "\u5b57",
    "\U0001f600",
    '"',
    "\\",
    "/",
    "\n",
    "\x01",
]
CHARACTERS += ["\u2581", "\x7f", "{", "}", "[", "]", ",", ":", "\u00ad"]


def name(rng: random.Random) -> str:
    return "".join(rng.choices(CHARACTERS, k=rng.randint(0, 6)))


def written(rng: random.Random, value: object) -> str:
    spaced = rng.choice([None, 1, "\t"])
    return json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=spaced)


def file(rng: random.Random) -> dict[str, Any]:
    names = list({name(rng) for _ in range(rng.randint(0, 12))})
    scored = [[each, rng.choice([0.0, -1.5, -9.25e-7, 12345.678901234567, 3])] for each in names]
    ids = rng.sample(range(len(names) + rng.choice([0, 5])), len(names))
    sides = [[name(rng), name(rng)] for _ in range(rng.randint(0, 6))]
    spaced = [f"{a} {b}" for a, b in sides if " " not in a + b]
    model: dict[str, Any] = {
        "type": "x",
        "more": [{"vocab": 1}],
        "merges": rng.choice([sides, spaced]),
    }
    model["vocab"] = rng.choice([dict(zip(names, ids, strict=True)), scored])
    items = list(model.items())
    rng.shuffle(items)
    return {"a": {"model": '{"vocab"'}, "model": dict(items), "\u00e9": [1.5, "]"]}


def test_as_python_reads_them() -> None:
    rng = draw("sections of a tokenizer.json")
    for _ in range(share(2000)):
        content = file(rng)
        data = written(rng, content).encode()
        model: Any = parse_sections(data, "x").need("model").object()
        want: Any = parse(data, "x").need("model").object()
        assert list(model) == list(want)
        assert sides_of(model["merges"]) == sides_of(want["merges"])
        check_vocabulary(model["vocab"], want["vocab"])
        assert {**model, "vocab": 0, "merges": 0} == {**want, "vocab": 0, "merges": 0}


def sides_of(value: Any) -> list[str]:
    if isinstance(value, MergeSides):
        return [each.decode() for each in unpack(*value.packed)]
    return [side for merge in value for side in (merge.split(" ") if type(merge) is str else merge)]


def check_vocabulary(found: Any, want: Any) -> None:
    if isinstance(want, dict):
        assert isinstance(found, NamedIds)
        assert {text: id_ for id_, text in found.tokens.items()} == want
        assert all(found.tokens.find(text) == id_ for text, id_ in want.items())
        assert len(found.tokens) == len(want)
        assert found.tokens.find("no such name") is None
    else:
        assert isinstance(found, ScoredTokens)
        assert list(found.tokens.texts) == [text for text, _ in want]
        exact = [json_numbers.read(json.dumps(score)) for _, score in want]
        assert found.scores.tolist() == exact


@pytest.mark.parametrize(
    "model",
    [
        '"vocab": {"a": 0, "a": 1}',
        '"vocab": {"a": 0, "b": 0}',
        '"vocab": {"a": -1}',
        '"vocab": {"a": 1.0}',
        '"vocab": {"a": 01}',
        '"vocab": {"a": 99999999999}',
        '"vocab": {"a": 2000000000}',
        '"vocab": {"a": 0,}',
        '"vocab": {"a\x01": 0}',
        '"vocab": {"\\ud800": 0}',
        '"vocab": {"\\ud800\\u0041": 0}',
        '"vocab": {"\\x41": 0}',
        '"vocab": {"a": 0',
        '"vocab": {"a": 0}, "vocab": {"a": 0}',
        '"vocab": [["a", .5]]',
        '"vocab": [["a", 00.5]]',
        '"vocab": [["a", 5.]]',
        '"vocab": [["a"]]',
        '"vocab": [["a", 1, 2]]',
        '"merges": ["a"]',
        '"merges": ["a b c"]',
        '"merges": [["a", "b", "c"]]',
        '"merges": ["a b" "c d"]',
    ],
)
def test_what_is_wrong_is_left_to_python(model: str) -> None:
    vocabulary, merges = _native.read_json_model(f'{{"model": {{{model}}}}}'.encode())
    assert vocabulary is None
    assert merges is None


def test_bytes_that_are_no_utf8_are_left_to_python() -> None:
    assert _native.read_json_model(b'{"model": {"vocab": {"\xff": 0}}}') == (None, None)
    with pytest.raises(FormatError, match="x is not JSON"):
        parse_sections(b'{"model": {"vocab": {"\xff": 0}}}', "x")


def test_errors_behind_a_section_have_their_place_in_the_file() -> None:
    data = b'{"model": {"vocab": {"a": 0}}, "b": nul}'
    with pytest.raises(FormatError, match="char 36"):
        parse_sections(data, "x")


def test_any_cut_file_is_read_or_left() -> None:
    rng = draw("cut tokenizer.json")
    for _ in range(share(200)):
        data = written(rng, file(rng)).encode()
        for at in rng.sample(range(len(data)), 20):
            assert _native.read_json_model(data[:at]) == (None, None)
            broken = bytearray(data)
            broken[at] = rng.randrange(256)
            check_same(bytes(broken))


def check_same(data: bytes) -> None:
    """Python and the core read the same, or both refuse."""
    try:
        want: Any = parse(data, "x").need("model").object()
    except FormatError:
        with pytest.raises(FormatError):
            parse_sections(data, "x").need("model").object()
        return
    model: Any = parse_sections(data, "x").need("model").object()
    if isinstance(model.get("vocab"), NamedIds | ScoredTokens):
        check_vocabulary(model["vocab"], want["vocab"])
    if isinstance(model.get("merges"), MergeSides):
        assert sides_of(model["merges"]) == sides_of(want["merges"])


def test_numbers_are_those_of_tokenizers() -> None:
    rng = np.random.default_rng(7)
    literals = [
        repr(float(each)) for each in rng.normal(size=share(20_000)) * 10.0 ** rng.integers(-6, 6)
    ]
    rows = ", ".join(f'["{place}", {literal}]' for place, literal in enumerate(literals))
    node = parse_sections(f'{{"model": {{"vocab": [{rows}]}}}}'.encode(), "x")
    found: Any = node.need("model").need("vocab").value
    assert found.scores.tolist() == [json_numbers.read(each) for each in literals]
