from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest

from fuzz_text import fuzz_strings
from running import running
from small_tokenizers import SPECIALS, learned_ranks, rank_file
from tokenry import Tokenizer
from tokenry.errors import FormatError, TokenryError, UnsupportedError
from tokenry.formats import native_file, tiktoken
from tokenry.formats.plain_data import canonical, from_plain, to_plain
from tokenry.text.parts import AddedToken, Pretokenizer, Pretokens, Template
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer

load = running(native_file.load)


def make(**parts: object) -> Tokenizer:
    base = running(tiktoken.load)(
        rank_file(learned_ranks(400)), pattern="o200k", special_tokens=SPECIALS
    ).parts()
    return Tokenizer(**{**base, **parts})  # type: ignore[arg-type]


def full() -> Tokenizer:
    return make(
        template=Template((3000,), (3005, 3000)),
        pretokenizer=RegexPretokenizer("[a-z]+|\\s", "contiguous"),
        added_tokens=[
            AddedToken("<|endoftext|>", 3000),
            AddedToken("x", 300, special=False, lstrip=True),
        ],
        name="full",
        metadata={"made by": "a test"},
    )


@pytest.mark.parametrize("make_one", [make, full])
def test_what_is_saved_is_loaded(make_one, rng, tmp_path):
    tokenizer = make_one()
    again = load(native_file.save(tokenizer.pipeline, tmp_path).read_bytes())
    assert again.fingerprint() == tokenizer.fingerprint()
    assert again.vocabulary == tokenizer.vocabulary
    assert again.template == tokenizer.template
    assert (again.name, again.metadata) == (tokenizer.name, tokenizer.metadata)
    assert again.lossless == tokenizer.lossless
    for text in fuzz_strings(rng, 200):
        assert again.encode(text, allowed_special="all") == tokenizer.encode(
            text, allowed_special="all"
        )


def test_the_fingerprint_is_of_what_decides_ids():
    one = make()
    assert make(name="other", metadata={"a": "b"}).fingerprint() == one.fingerprint()
    assert make(pretokenizer=RegexPretokenizer("a")).fingerprint() != one.fingerprint()
    assert make(added_tokens=()).fingerprint() != one.fingerprint()
    assert one.truncate(300).fingerprint() != one.fingerprint()


def test_changes_are_noticed():
    data = native_file.dump(make().pipeline)
    content = json.loads(data)
    content["tokenizer"]["lossless"] = False
    with pytest.raises(FormatError, match="fingerprint"):
        load(json.dumps(content).encode())


def resealed(change) -> bytes:
    file = json.loads(native_file.dump(make().pipeline))
    change(file)
    file["fingerprint"] = native_file._digest(file["tokenizer"])
    return json.dumps(file).encode()


def put(path: str, value: object):
    def change(file: dict) -> None:
        *keys, last = path.split(".")
        for key in keys:
            file = file[key]
        file[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 2),
        ("name", 5),
        ("metadata", None),
        ("tokenizer.segmenter", None),
        ("tokenizer.segmenter.type", "os.system"),
        ("tokenizer.segmenter.type", "nonsense"),
        ("tokenizer.segmenter.symbols", {"enum": "x", "name": "y"}),
        ("tokenizer.segmenter.extra", 1),
        ("tokenizer.segmenter.vocabulary", {"vocabulary": "00"}),
        ("tokenizer.segmenter.merges", {"array": "AAAA", "dtype": "uint32", "shape": [1, 3]}),
        ("tokenizer.segmenter.merges", {"array": "AAAA", "dtype": "object", "shape": [1]}),
        ("tokenizer.segmenter.merges", {"array": "AAAA", "dtype": "uint8", "shape": [-5, 3]}),
        ("tokenizer.segmenter.merges", {"array": "A", "dtype": "uint8", "shape": [0]}),
        ("tokenizer.pretokenizer", {"type": "splitting.NativePretokenizer", "name": "nope"}),
        ("tokenizer.added_tokens", [{"type": "parts.AddedToken", "content": "x", "id": 10**9}]),
        ("tokenizer.added_tokens", 7),
        ("tokenizer.template", {"type": "parts.AddedToken"}),
        ("tokenizer.vocabulary", None),
        ("tokenizer.vocabulary.pieces", {}),
        ("tokenizer.vocabulary.roles", {"x": "special"}),
        ("tokenizer.vocabulary.roles", {"3": "magic"}),
        ("tokenizer.normalizer", {"map": [[1]]}),
        ("tokenizer.normalizer", {"map": 5}),
        ("tokenizer.normalizer", {}),
        ("tokenizer.normalizer", {"bytes": "="}),
    ],
)
def test_files_that_contradict_themselves_are_errors(path, value):
    with pytest.raises(TokenryError):
        load(resealed(put(path, value))).encode("some text")


@pytest.mark.parametrize("key", ["tokenizer", "format", "metadata"])
def test_missing_keys_are_errors(key):
    content = json.loads(native_file.dump(make().pipeline))
    del content[key]
    with pytest.raises(FormatError):
        load(json.dumps(content).encode())


def test_damage_never_crashes(rng):
    data = native_file.dump(make().pipeline)
    for _ in range(100):
        changed = bytearray(data)
        at = rng.randrange(len(changed))
        changed[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(1, 3))
        try:
            again = load(bytes(changed))
        except FormatError:
            continue
        assert again.fingerprint() == make().fingerprint()


def test_foreign_parts_are_refused():
    @dataclass(frozen=True)
    class Mine(Pretokenizer):
        def __call__(self, data, *, first=True):
            return Pretokens(data, np.zeros(1, np.uint64), np.ones(1, np.uint64))

    with pytest.raises(UnsupportedError, match="Mine"):
        native_file.dump(make(pretokenizer=Mine()).pipeline)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        1.5,
        "é",
        b"\x00\xff",
        (1, (2, "x")),
        {1: b"a", "k": (2,)},
        frozenset({"a", "b"}),
    ],
)
def test_plain_data_round_trips(value):
    vocabulary = make().vocabulary
    plain = json.loads(canonical(to_plain(value, vocabulary)))
    assert from_plain(plain, vocabulary) == value


@pytest.mark.parametrize("dtype", ["bool", "uint8", "uint32", "int64", "float32", "float64"])
def test_arrays_round_trip(dtype):
    vocabulary = make().vocabulary
    array = np.arange(6).reshape(2, 3).astype(dtype)
    again = from_plain(json.loads(canonical(to_plain(array, vocabulary))), vocabulary)
    assert isinstance(again, np.ndarray)
    assert again.dtype == array.dtype
    assert np.array_equal(again, array)
