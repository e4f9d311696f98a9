"""A bad file gives an error of ours or a tokenizer that works, and never a crash."""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from malformed_files import (
    JSON_FILES,
    field,
    rank_lines,
    sentencepiece_model,
    survives,
    valid_files,
    varint,
)
from tokenry import load
from tokenry.errors import TokenryError

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.errors.FileWarning")

FILES = valid_files()
Edit = Callable[[dict[str, Any]], object]


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", FILES)
def test_the_valid_file_loads(kind: str, tmp_path: Path) -> None:
    name, data, options = FILES[kind]
    tokenizer = survives(write(tmp_path, name, data), **options)
    assert tokenizer is not None
    assert len(tokenizer.encode("Hello world")) > 0


@pytest.mark.parametrize("kind", FILES)
def test_truncated_files(kind: str, tmp_path: Path) -> None:
    name, data, options = FILES[kind]
    for part in range(50):
        survives(write(tmp_path, name, data[: len(data) * part // 50]), **options)


@pytest.mark.parametrize("kind", FILES)
def test_flipped_bytes(kind: str, tmp_path: Path, rng: random.Random) -> None:
    name, data, options = FILES[kind]
    for _ in range(150):
        changed = bytearray(data)
        for _ in range(rng.choice((1, 1, 2, 8))):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        survives(write(tmp_path, name, bytes(changed)), **options)


@pytest.mark.parametrize("kind", FILES)
def test_spliced_files(kind: str, tmp_path: Path, rng: random.Random) -> None:
    """Pieces of the file repeated, dropped or moved."""
    name, data, options = FILES[kind]
    for _ in range(50):
        a, b, c = sorted(rng.randrange(len(data)) for _ in range(3))
        choices = (
            data[:a] + data[b:],
            data[:b] + data[a:],
            data[:a] + data[b:c] + data[a:b] + data[c:],
        )
        survives(write(tmp_path, name, rng.choice(choices)), **options)


@pytest.mark.parametrize("kind", FILES)
def test_broken_gzip(kind: str, tmp_path: Path) -> None:
    name, data, options = FILES[kind]
    packed = gzip.compress(data)
    assert survives(write(tmp_path, f"{name}.gz", packed), **options) is not None
    for damaged in (packed[: len(packed) // 2], packed[:-4], b"\x1f\x8b" + packed[2:][::-1]):
        assert survives(write(tmp_path, f"{name}.gz", damaged), **options) is None


def _model(change: Callable[[dict[str, Any]], object]) -> Edit:
    return lambda file: change(file["model"])


def _set(key: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda holder: holder.__setitem__(key, value)


REFUSED: dict[str, tuple[str, Edit]] = {
    "merge of an unknown piece": ("bpe", _model(lambda m: m["merges"].append(["zz", "yy"]))),
    "merge with an unknown result": ("bpe", _model(lambda m: m["merges"].append(["H", "H"]))),
    "merge of three": ("bpe", _model(lambda m: m["merges"].append(["H", "e", "l"]))),
    "merge of one": ("bpe", _model(lambda m: m["merges"].append(["H"]))),
    "merge of numbers": ("bpe", _model(lambda m: m["merges"].append([1, 2]))),
    "merges not a list": ("bpe", _model(_set("merges", {"a": "b"}))),
    "two pieces with one id": ("bpe", _model(lambda m: m["vocab"].update({"e": 0, "x": 0}))),
    "negative id": ("bpe", _model(lambda m: m["vocab"].update(zz=-1))),
    "huge id": ("bpe", _model(lambda m: m["vocab"].update(zz=2**40))),
    "id of 10^30": ("bpe", _model(lambda m: m["vocab"].update(zz=10**30))),
    "id that is text": ("bpe", _model(lambda m: m["vocab"].update(zz="7"))),
    "id that is a fraction": ("bpe", _model(lambda m: m["vocab"].update(zz=7.5))),
    "vocab not an object": ("bpe", _model(_set("vocab", [1, 2]))),
    "dropout beyond 1": ("bpe", _model(_set("dropout", 1.5))),
    "unknown model": ("bpe", _model(_set("type", "Perceiver"))),
    "no model": ("bpe", lambda file: file.pop("model")),
    "model is a list": ("bpe", lambda file: file.__setitem__("model", [])),
    "unknown normalizer": ("bpe", lambda file: file.__setitem__("normalizer", {"type": "Rot13"})),
    "unknown pre-tokenizer": ("bpe", lambda f: f.__setitem__("pre_tokenizer", {"type": "Magic"})),
    "split that is no pattern": (
        "bpe",
        lambda f: f.__setitem__(
            "pre_tokenizer",
            {"type": "Split", "pattern": {"Regex": "(["}, "behavior": "Isolated", "invert": False},
        ),
    ),
    "added token without id": ("bpe", lambda file: file["added_tokens"][0].pop("id")),
    "added token with a huge id": ("bpe", lambda f: f["added_tokens"][0].__setitem__("id", 2**50)),
    "score that is text": ("unigram", _model(lambda m: m["vocab"].append(["x", "y"]))),
    "piece without score": ("unigram", _model(lambda m: m["vocab"].append(["x"]))),
    "unknown id out of range": ("unigram", _model(_set("unk_id", 10**6))),
    "charsmap that is not base64": (
        "unigram",
        lambda f: f.__setitem__(
            "normalizer", {"type": "Precompiled", "precompiled_charsmap": "\u00e9"}
        ),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_contradictions_are_refused(what: str, tmp_path: Path) -> None:
    kind, edit = REFUSED[what]
    file = JSON_FILES[kind]()
    edit(file)
    with pytest.raises(TokenryError):
        load(write(tmp_path, "tokenizer.json", json.dumps(file).encode()))


ODD: dict[str, tuple[str, Edit]] = {
    "unknown piece missing": ("wordpiece", _model(lambda m: m["vocab"].pop("[UNK]"))),
    "empty piece": ("bpe", _model(lambda m: m["vocab"].update({"": 900}))),
    "merge with an empty side": ("bpe", _model(lambda m: m["merges"].append(["", "H"]))),
    "merges in a circle": (
        "bpe",
        _model(lambda m: m["merges"].extend([["", "He"], ["He", ""], ["H", "e"]])),
    ),
    "the same merge twice": ("bpe", _model(lambda m: m["merges"].append(["H", "e"]))),
    "merges before their parts": ("bpe", _model(lambda m: m["merges"].reverse())),
    "no pieces": ("bpe", _model(lambda m: m.update(vocab={}, merges=[]))),
    "no bytes": ("bpe", _model(lambda m: m.update(vocab={"H": 0, "e": 1, "He": 2}))),
    "score of infinity": ("unigram", _model(lambda m: m["vocab"].append(["x", 1e400]))),
    "score not a number": ("unigram", _model(lambda m: m["vocab"].append(["x", float("nan")]))),
    "the same piece twice": ("unigram", _model(lambda m: m["vocab"].append(["a", -1.0]))),
    "no unigrams": ("unigram", _model(_set("vocab", []))),
    "empty unigram": ("unigram", _model(lambda m: m["vocab"].append(["", -1.0]))),
    "a charsmap of four bytes": (
        "unigram",
        lambda f: f.__setitem__(
            "normalizer", {"type": "Precompiled", "precompiled_charsmap": "/////w=="}
        ),
    ),
    "a huge word limit": ("wordpiece", _model(_set("max_input_chars_per_word", 2**62))),
    "a negative word limit": ("wordpiece", _model(_set("max_input_chars_per_word", -1))),
    "a prefix that is half a surrogate pair": (
        "wordpiece",
        _model(_set("continuing_subword_prefix", "\udfff#")),
    ),
    "lone surrogates": ("bpe", _model(lambda m: m["vocab"].update({"\ud800": 900}))),
    "deep nesting": ("bpe", lambda f: f.__setitem__("normalizer", _nested(5000))),
}


def _nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"type": "NFC"}
    for _ in range(depth):
        inner = {"type": "Sequence", "normalizers": [inner]}
    return inner


@pytest.mark.parametrize("what", ODD)
def test_oddities_are_refused_or_work(what: str, tmp_path: Path) -> None:
    kind, edit = ODD[what]
    file = JSON_FILES[kind]()
    edit(file)
    try:
        data = json.dumps(file).encode()
    except RecursionError:
        data = b'{"model":' + b"[" * 100_000
    survives(write(tmp_path, "tokenizer.json", data))


@pytest.mark.parametrize(
    "line",
    [b"!!!! 300", b"SGVsbG8=", b"SGVsbG8= x", b"SGVsbG8= -1", b"SGVsbG8= 99999999999999999999",
     b"SGVsbG8= 4000000000", b"SGVsbG8= 1 2", b"SGVsbG8= 0", b"\xff\xfe 300", b"QQ 300"],
)  # fmt: skip
def test_bad_rank_lines_are_refused(line: bytes, tmp_path: Path) -> None:
    path = write(tmp_path, "bad.tiktoken", b"\n".join([*rank_lines(), line]))
    with pytest.raises(TokenryError):
        load(path, pattern="cl100k")


def test_rank_file_needs_a_good_pattern(tmp_path: Path) -> None:
    path = write(tmp_path, "good.tiktoken", b"\n".join(rank_lines()))
    for pattern in ("([", "no-such-name)", "(?P<a"):
        with pytest.raises(TokenryError):
            load(path, pattern=pattern)
    with pytest.raises(TokenryError):
        load(path, pattern="cl100k", special_tokens={"<|end|>": 3})
    with pytest.raises(TokenryError):
        load(path, pattern="cl100k", special_tokens={"<|end|>": -3})


@pytest.mark.parametrize(
    "tail",
    [
        varint(1 << 3 | 2) + varint(2**40),  # a piece that claims a terabyte
        varint(1 << 3 | 2) + b"\xff" * 11,  # a length that never ends
        field(2, field(3, 99)),  # an unknown kind of model
        field(2, field(3, 4)),  # the character model
        field(1, field(1, b"\xff\xfe")),  # a piece that is not UTF-8
        field(1, field(1, b"ab") + field(3, 77)),  # an unknown type of piece
        field(3, field(2, b"\xff\xff\xff\x7f" + b"a" * 20)),  # a charsmap with a huge trie
        field(3, field(2, b"\x01")),  # a charsmap of one byte
        b"\x07",  # a wire type that does not exist
    ],
)
@pytest.mark.parametrize("kind", [1, 2])
def test_bad_sentencepiece_fields(tail: bytes, kind: int, tmp_path: Path) -> None:
    survives(write(tmp_path, "bad.model", sentencepiece_model(kind) + tail))


@pytest.mark.parametrize(
    "name", ["x.json", "tokenizer.json", "x.tiktoken", "x.model", "x.txt", "x"]
)
@pytest.mark.parametrize("data", [b"", b"\x00", b"{}", b"[]", b"null", b"\xff" * 99, b"\n\n\n"])
def test_files_of_nothing(name: str, data: bytes, tmp_path: Path) -> None:
    survives(write(tmp_path, name, data))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises((TokenryError, FileNotFoundError)):
            load(path)


def test_merges_beside_vocab(tmp_path: Path) -> None:
    vocabulary = JSON_FILES["bpe"]()["model"]["vocab"]
    write(tmp_path, "vocab.json", json.dumps(vocabulary).encode())
    for merges in (
        b"#version: 0.2\nH e\nzz yy\n",
        b"H\n",
        b"H e l\n",
        b"\xff\xfe\n",
        b"\x00 \x00\n",
    ):
        write(tmp_path, "merges.txt", merges)
        assert survives(tmp_path, pattern="gpt2") is None
    write(tmp_path, "merges.txt", b"#version: 0.2\nH e\n")
    assert survives(tmp_path, pattern="gpt2") is not None


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["tokenizer.json", "tiktoken", "model", "vocab.txt"])
def test_a_piece_of_100_megabytes(kind: str, tmp_path: Path) -> None:
    long = b"a" * 100_000_000
    if kind == "tokenizer.json":
        file = JSON_FILES["bpe"]()
        file["model"]["vocab"][long.decode()] = 500
        survives(write(tmp_path, "tokenizer.json", json.dumps(file).encode()))
    elif kind == "tiktoken":
        line = base64.b64encode(long) + b" 500"
        survives(write(tmp_path, "x.tiktoken", b"\n".join([*rank_lines(), line])), pattern="cl100k")
    elif kind == "model":
        survives(write(tmp_path, "x.model", sentencepiece_model(2) + field(1, field(1, long))))
    else:
        survives(write(tmp_path, "vocab.txt", b"[UNK]\nhello\n" + long + b"\n"))


@pytest.mark.slow
def test_a_text_of_100_megabytes(tmp_path: Path) -> None:
    path = write(tmp_path, "good.tiktoken", b"\n".join(rank_lines()))
    tokenizer = load(path, pattern="cl100k")
    for text in ("a" * 100_000_000, "Hello world " * 8_000_000):
        assert len(tokenizer.decode_bytes(tokenizer.encode_to_numpy(text))) == len(text)
