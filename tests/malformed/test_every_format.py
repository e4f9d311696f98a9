"""Every format: any value of another type, lines that are wrong, and files beside others."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from malformed_files import JSON_FILES, gguf_file, rank_lines, survives, valid_files
from shares import part, share
from tokenry import load
from tokenry.errors import TokenryError
from tokenry.text.patterns import backtracking

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.errors.FileWarning")

FILES = valid_files()
WRONG: list[Any] = [
    None,
    True,
    -1,
    2**31,
    2**70,
    0.5,
    "",
    "\ud800",
    "x" * 300,
    [],
    {},
    [[]],
    {"": {}},
]
VOCAB = JSON_FILES["bpe"]()["model"]["vocab"]
MERGES = b"#version: 0.2\nH e\nl l\nHe ll\n"
WORD_ENDS = {"a": 0, "b</w>": 1, "ab</w>": 2, "<unk>": 3, "b": 4, "a</w>": 5}


def places(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every value of a document is; of long lists and objects the first few."""
    yield path
    keys: list[Any] = []
    if isinstance(content, dict):
        keys = [*content][:12]
    elif isinstance(content, list):
        keys = [*range(min(len(content), 3))]
    for key in keys:
        yield from places(content[key], (*path, key))


def replaced(content: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = dict(content) if isinstance(content, dict) else list(content)
    copy[path[0]] = replaced(content[path[0]], path[1:], value)
    return copy


@pytest.mark.parametrize("kind", ["tekken", "our own"])
def test_any_value_anywhere(kind: str, tmp_path: Path) -> None:
    name, data, options = FILES[kind]
    content = json.loads(data)
    path = tmp_path / name
    for place in part([*places(content)]):
        for value in part(WRONG):
            path.write_text(json.dumps(replaced(content, place, value)))
            survives(path, **options)


@pytest.mark.parametrize("beside", ["tokenizer_config.json", "special_tokens_map.json"])
@pytest.mark.parametrize("kind", ["tiktoken", "vocab.txt", "tokenizer.json bpe", "model bpe"])
def test_any_value_beside_a_file(kind: str, beside: str, tmp_path: Path) -> None:
    name, data, options = FILES[kind]
    name = {"small.tiktoken": "tiktoken.model", "small.model": "tokenizer.model"}.get(name, name)
    (tmp_path / name).write_bytes(data)
    token = {"content": "[UNK]", "special": True, "lstrip": False}
    content = {
        "unk_token": token, "do_lower_case": True, "added_tokens_decoder": {"1": token},
        "additional_special_tokens": ["<a>"], "chat_template": "x", "model_max_length": 3,
    }  # fmt: skip
    for place in part([*places(content)]):
        for value in part(WRONG):
            (tmp_path / beside).write_text(json.dumps(replaced(content, place, value)))
            survives(tmp_path / name, **options)


def pair(folder: Path, vocabulary: bytes, merges: bytes) -> Path:
    (folder / "vocab.json").write_bytes(vocabulary)
    (folder / "merges.txt").write_bytes(merges)
    return folder / "vocab.json"


PAIRS: dict[str, tuple[dict[str, int], bytes, dict[str, Any]]] = {
    "of bytes": (VOCAB | {"He": 300, "ll": 301, "Hell": 302}, MERGES, {"pattern": "gpt2"}),
    "with word ends": (WORD_ENDS, b"#version: 0.2\na b</w>\n", {}),
}


@pytest.mark.parametrize("kind", PAIRS)
def test_merges_beside_a_vocabulary_cut_anywhere(kind: str, tmp_path: Path) -> None:
    ids, merges, options = PAIRS[kind]
    vocabulary = json.dumps(ids).encode()
    assert survives(pair(tmp_path, vocabulary, merges), **options) is not None
    for end in part(range(0, len(vocabulary) - 1, 7)):
        assert survives(pair(tmp_path, vocabulary[:end], merges), **options) is None
    for end in range(len(merges)):
        survives(pair(tmp_path, vocabulary, merges[:end]), **options)


@pytest.mark.parametrize("kind", PAIRS)
def test_merges_beside_a_vocabulary_with_other_bytes(
    kind: str, tmp_path: Path, rng: random.Random
) -> None:
    ids, merges, options = PAIRS[kind]
    for _ in range(share(400)):
        both = [bytearray(json.dumps(ids).encode()), bytearray(merges)]
        changed = rng.choice(both)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(changed))
            changed[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
        survives(pair(tmp_path, *map(bytes, both)), **options)


@pytest.mark.parametrize("value", WRONG)
def test_ids_of_a_vocabulary_that_are_none(value: Any, tmp_path: Path) -> None:
    for ids, merges, options in PAIRS.values():
        data = json.dumps(ids | {"a": value}).encode()
        assert survives(pair(tmp_path, data, merges), **options) is None


def lines_with(data: bytes, change: Callable[[list[bytes]], object]) -> bytes:
    lines = data.split(b"\n")
    change(lines)
    return b"\n".join(lines)


def _repeat(lines: list[bytes]) -> None:
    lines.insert(3, lines[2])


LINES: dict[str, tuple[str, Callable[[list[bytes]], object]]] = {
    "a rank twice": ("tiktoken", _repeat),
    "a rank out of range": ("tiktoken", lambda lines: lines.insert(3, b"SGVsbG9v 2147483648")),
    "a rank far away": ("tiktoken", lambda lines: lines.insert(3, b"SGVsbG9v 2147483647")),
    "three columns": ("tiktoken", lambda lines: lines.insert(3, b"SGVsbG9v 300 1")),
    "an id twice": ("rwkv", _repeat),
    "an id out of range": ("rwkv", lambda lines: lines.insert(3, b"2147483648 'zz' 2")),
    "an id far away": ("rwkv", lambda lines: lines.insert(3, b"2147483647 'zz' 2")),
    "a size that is another": ("rwkv", lambda lines: lines.insert(3, b"300 'zz' 3")),
    "a piece that is a call": ("rwkv", lambda lines: lines.insert(3, b"300 print(1) 2")),
    "a piece that nests": ("rwkv", lambda lines: lines.insert(3, b"300 " + b"(" * 5000 + b" 2")),
    "a number that is no id": ("vocab.txt", lambda lines: lines.__setitem__(0, b"[PAD]\tx")),
    "some lines with ids": ("vocab.txt", lambda lines: lines.__setitem__(0, b"[PAD]\t0")),
}


@pytest.mark.parametrize("what", LINES)
def test_lines_that_are_wrong(what: str, tmp_path: Path) -> None:
    kind, change = LINES[what]
    name, data, options = FILES[kind]
    path = tmp_path / name
    path.write_bytes(lines_with(data, change))
    assert survives(path, **options) is None or what == "a number that is no id"


@pytest.mark.parametrize(
    "changes",
    [
        {"tokens": [1, 2]},
        {"token_type": [1]},
        {"merges": [1]},
        {"merges": ["H"]},
        {"merges": ["zz yy"]},
        {"merges": None},
        {"tokens": None},
        {"model": "plamo2"},
        {"pre": "of tomorrow"},
        {"model": "gemma4", "merges": ["He"]},
        {"model": "llama"},
        {"model": "t5", "scores": [0.5]},
    ],
)
def test_values_of_a_gguf(changes: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "small.gguf"
    path.write_bytes(gguf_file(**changes))
    with pytest.raises(TokenryError):
        load(path)


def test_files_of_mixed_kinds_in_one_folder(tmp_path: Path) -> None:
    """The file that says most counts; where it is broken that is the error, not another file."""
    named = {
        name: data
        for name, data, _ in FILES.values()
        if name in ("tokenizer.json", "tekken.json", "vocab.txt", "tokenry.json")
    }
    for name, data in named.items():
        (tmp_path / name).write_bytes(data)
    for name in ("tokenry.json", "tokenizer.json", "tekken.json"):
        whole = (tmp_path / name).read_bytes()
        assert load(tmp_path).fingerprint() == load(tmp_path / name).fingerprint()
        (tmp_path / name).write_bytes(whole[: len(whole) // 2])
        with pytest.raises(TokenryError, match=r"JSON|not"):
            load(tmp_path)
        (tmp_path / name).write_bytes(FILES["vocab.txt"][1])  # of another kind than its name says
        survives(tmp_path)
        (tmp_path / name).unlink()
    assert load(tmp_path).fingerprint() == load(tmp_path / "vocab.txt").fingerprint()


ENDLESS = [
    r"(a+)+b", r"(a|aa)+$", r"(a|a)*b", r"(a*)*b", r"(?<=a*)b", r"(?<=(a|b)+)c", r"(?<!a+)b",
    r"(a+)\1+b", r"(?=(a+)+b)a", r"(?>a+)b", r"a{1,1000}{1,1000}b", r"(?:a?){3000}a{3000}",
    r"((((a*)*)*)*)*b", r"\b(\w+\s*)+\b$", r"(.*)(.*)(.*)(.*)x", r"(?<=a{1,99999})b", r"x{99999}",
    r"(?R)", r"(?P<n>a)(?P=n)+b", r"(a+|b+)*+c",
]  # fmt: skip


def _split(pattern: str) -> bytes:
    content = JSON_FILES["bpe"]()
    cut = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    content["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [cut, content["decoder"]]}
    return json.dumps(content).encode()


def _replacing(pattern: str) -> bytes:
    content = JSON_FILES["bpe"]()
    content["normalizer"] = {"type": "Replace", "pattern": {"Regex": pattern}, "content": "x"}
    return json.dumps(content).encode()


@pytest.mark.parametrize("pattern", ENDLESS)
def test_endless_patterns_give_an_answer_or_an_error(
    pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What backtracks for ever elsewhere: linear in the core, or an error when its time is up."""
    monkeypatch.setattr(backtracking, "SECONDS", 0.05)
    monkeypatch.setattr(backtracking, "SECONDS_A_CHARACTER", 0.0)
    (tmp_path / "r.tiktoken").write_bytes(b"\n".join(rank_lines()))
    (tmp_path / "s.json").write_bytes(_split(pattern))
    (tmp_path / "n.json").write_bytes(_replacing(pattern))
    for name, options in (("r.tiktoken", {"pattern": pattern}), ("s.json", {}), ("n.json", {})):
        begin = time.process_time()
        try:
            tokenizer = load(tmp_path / name, **options)
            for text in ("a" * 4000, "a" * 2000 + "! " + "ab" * 500):
                assert len(tokenizer.encode(text)) >= 0
        except TokenryError:
            pass
        assert time.process_time() - begin < 3
