"""Malformed and hostile tokenizer.json files give errors that name the place, never a crash."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from running import running
from tokenry.errors import FormatError, TokenryError, UnsupportedError
from tokenry.formats.tokenizer_json import reading

load = running(reading.load)

Spec = dict[str, Any]


def bpe() -> Spec:
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": 4,
                "content": "<s>",
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
        ],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {
                    "type": "Split",
                    "pattern": {"Regex": " ?\\p{L}+"},
                    "behavior": "Isolated",
                    "invert": False,
                },
                {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False},
            ],
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
            ],
            "pair": [],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [4], "tokens": ["<s>"]}},
        },
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {"a": 0, "b": 1, "ab": 2, "Ġ": 3},
            "merges": ["a b"],
        },
    }


def unigram() -> Spec:
    spec = bpe() | {"added_tokens": [], "post_processor": None, "normalizer": None}
    spec["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}
    spec["decoder"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}
    spec["model"] = {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["▁a", -1.5]]}
    return spec


def read(spec: object) -> None:
    load(json.dumps(spec).encode())


def changed(path: str, value: object, spec: Spec | None = None) -> Spec:
    spec = copy.deepcopy(spec or bpe())
    place: Any = spec
    *parents, last = path.split(".")
    for key in parents:
        place = place[int(key) if key.isdigit() else key]
    place[int(last) if last.isdigit() else last] = value
    return spec


def test_the_samples_are_sound() -> None:
    read(bpe())
    read(unigram())


MALFORMED = [
    ("model.merges", ["a c"], "piece 'c'"),
    ("model.merges", ["ab a"], "piece 'aba'"),
    ("model.merges", ["a b c"], "two pieces"),
    ("model.merges", [["a", 1]], "two pieces"),
    ("model.merges", {"a": "b"}, "a list of merges"),
    ("model.merges", None, "'merges'"),
    ("model.vocab", {"a": 0, "b": 0, "ab": 2}, "id 0 is both"),
    ("model.vocab", {"a": -1, "b": 1, "ab": 2}, "has the id -1"),
    ("model.vocab", {"a": 0, "b": 1, "ab": 2**40}, "has the id"),
    ("model.vocab", {"a": 0, "b": 1, "ab": 2, "Ġ": 2**31 - 1}, "gaps"),
    ("model.vocab", {"a": True, "b": 1, "ab": 2}, "has the id True"),
    ("model.vocab", {"a": 1.0, "b": 2, "ab": 3}, "has the id 1.0"),
    ("model.vocab", [["a", 1]], "an object"),
    ("model.vocab", {"a": 0, "b": 1, "ab": 2, "\ud800": 3}, "surrogate"),
    ("model.fuse_unk", "yes", "true or false"),
    ("model", [], "an object"),
    ("added_tokens.0.id", "4", "integer"),
    ("added_tokens.0.special", 1, "true or false"),
    ("added_tokens", {}, "a list"),
    ("post_processor.special_tokens.<s>.ids", [10**9], "ids below"),
    ("post_processor.special_tokens", {}, "'<s>'"),
    ("pre_tokenizer.pretokenizers.0.behavior", "Sideways", "one of"),
    ("pre_tokenizer.pretokenizers.0.pattern", {"Regex": "("}, "no regular expression"),
    ("pre_tokenizer.pretokenizers.0.pattern", {"Regex": 1}, "a string"),
    ("pre_tokenizer.pretokenizers.0.pattern", "a", "an object"),
    ("normalizer", "NFC", "an object"),
    ("normalizer.normalizers", None, "'normalizers'"),
    ("decoder.type", 5, "a string"),
]


@pytest.mark.parametrize(("path", "value", "message"), MALFORMED)
def test_malformed(path: str, value: object, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(changed(path, value))


UNSUPPORTED = [
    ("model.type", "Transducer", "Transducer"),
    ("normalizer.normalizers.0.type", "Strange", "Strange"),
    ("pre_tokenizer.pretokenizers.0.type", "Strange", "Strange"),
    ("pre_tokenizer.pretokenizers.0.pattern", {"Regex": r"\X+"}, "X"),
    ("post_processor.type", "Strange", "Strange"),
    ("post_processor.single", [], "the sequence A once"),
    ("decoder.type", "Strange", "Strange"),
    ("version", "2.0", "version"),
]


@pytest.mark.parametrize(("path", "value", "message"), UNSUPPORTED)
def test_what_is_not_supported_is_named(path: str, value: object, message: str) -> None:
    with pytest.raises(UnsupportedError, match=message):
        read(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("model.vocab", [["<unk>", 0.0], ["a"]], "a piece and its score"),
        ("model.vocab", [["<unk>", "x"]], "a number"),
        ("model.vocab", [["<unk>", 10**400]], "double"),
        ("model.vocab", [], "integer from 0"),
        ("model.unk_id", 2, "integer from 0 to 1"),
        ("pre_tokenizer.replacement", "__", "one character"),
        ("pre_tokenizer.prepend_scheme", "sometimes", "always, first or never"),
        ("pre_tokenizer.add_prefix_space", False, "prepend_scheme"),
        ("normalizer", {"type": "Precompiled", "precompiled_charsmap": "AAAA"}, "charsmap"),
        ("normalizer", {"type": "Precompiled", "precompiled_charsmap": "$"}, "charsmap"),
    ],
)
def test_malformed_unigram(path: str, value: object, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(changed(path, value, unigram()))


def test_no_prefix_of_a_file_is_read() -> None:
    data = json.dumps(bpe()).encode()
    for end in range(len(data)):
        with pytest.raises(TokenryError):
            load(data[:end])


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"model":' * 50_000,
        b'{"model": NaN}',
        b'{"model": 1' + b"0" * 10_000 + b"}",
        b'{"model": {"type": "BPE", "type": "BPE"}}',
        b'{"model": "\xff"}',
        b'{"model": {"type": "BPE", "vocab": {"' + b"a" * 10_000_000 + b'": 0}}}',
        b"",
        b"null",
    ],
)
def test_hostile_json(data: bytes) -> None:
    with pytest.raises(FormatError):
        load(data)


def test_a_long_piece_is_no_trouble() -> None:
    piece = "a" * 2_000_000
    tokenizer = load(
        json.dumps(changed("model.vocab", {"a": 0, "b": 1, "ab": 2, piece: 3})).encode()
    )
    assert tokenizer.encode("ab") == [2]


def nodes(value: Any, path: str = "") -> list[str]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        keys = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in keys:
            found += nodes(each, f"{path}.{key}" if path else str(key))
    return found


def test_any_value_anywhere_gives_an_error_or_a_tokenizer() -> None:
    values = [None, True, -1, 0, 2**64, 1.5, "", "x", "\ud800", [], [1], {}, {"type": "NFC"}, [[]]]
    rng = random.Random(1)
    for spec in (bpe(), unigram()):
        for path in nodes(spec):
            for value in values:
                strange = changed(path, value, spec)
                if rng.random() < 0.3:
                    strange = changed(rng.choice(nodes(spec)[:1]), value, strange)
                try:
                    tokenizer = load(json.dumps(strange).encode())
                    tokenizer.encode("ab a <s>", allowed_special="all")
                except TokenryError:
                    pass
