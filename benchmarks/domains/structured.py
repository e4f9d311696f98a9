"""Rows for programs, molecules, layouts and conversations."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.domains.row import Row

# What SMILES are commonly cut by (Schwaller et al. 2019, arXiv:1811.02633), written anew.
_SMILES = re.compile(r"\[[^\]]+\]|Br|Cl|[BCNOPSFIbcnops*]|[-=#$:/\\~.()]|%\d\d|\d")


def rows(data: Path) -> list[Row]:
    """The rows whose files are there."""
    found = [
        *(_code(data, language) for language in ("c", "fortran")),
        _python(),
        _core(),
        _molecules(data),
        _selfies(data),
        Row("layouts", "web pages", _read(data / "layouts", "*.jsonl"), {"json.loads": _as_json}),
        _chat(data),
    ]
    return [row for row in found if row.files]


def _read(folder: Path, pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob(pattern))] if folder.is_dir() else []


def _code(data: Path, language: str) -> Row:
    files = _read(data / "programs" / language, "*")
    return Row("code", language, files, _tree_sitter(language), {"language": language})


def _python() -> Row:
    files = _read(Path(json.__file__).parents[1], "[a-d]*.py")
    return Row("code", "python", files, _tree_sitter("python"), {"language": "python"})


def _core() -> Row:
    """Our own C++."""
    files = _read(Path(__file__).parents[2] / "native" / "encode", "*.cpp")
    return Row("code", "cpp", files, _tree_sitter("cpp"), {"language": "cpp"})


def _tree_sitter(language: str) -> dict[str, Callable[[list[bytes]], Any]]:
    """A bare parse, and a parse with a walk over all nodes."""
    if find_spec("tree_sitter") is None or find_spec(f"tree_sitter_{language}") is None:
        return {}
    binding = importlib.import_module("tree_sitter")
    module = importlib.import_module(f"tree_sitter_{language}")
    parser = binding.Parser(binding.Language(module.language()))

    def parse(files: list[bytes]) -> None:
        for file in files:
            parser.parse(file)

    def walk(files: list[bytes]) -> int:
        count = 0
        for file in files:
            waiting = [parser.parse(file).root_node]
            while waiting:
                node = waiting.pop()
                count += node.end_byte >= node.start_byte and bool(node.type)
                waiting.extend(node.children)
        return count

    return {"tree-sitter parse": parse, "tree-sitter walk": walk}


def _molecules(data: Path) -> Row:
    def cut(files: list[bytes]) -> list[list[str]]:
        return [_SMILES.findall(line) for file in files for line in file.decode().splitlines()]

    return Row("molecules", "SMILES", _read(data / "molecules", "hiv.csv"), {"re.findall": cut})


def _selfies(data: Path) -> Row:
    if find_spec("selfies") is None:
        return Row("molecules", "SELFIES", [], {})
    selfies = importlib.import_module("selfies")
    lines = []
    for file in _read(data / "molecules", "lipophilicity.csv"):
        for line in file.decode().splitlines()[1:1500]:
            try:
                lines.append(selfies.encoder(line.split(",")[0]))
            except selfies.EncoderError:
                continue

    def cut(files: list[bytes]) -> list[list[str]]:
        return [
            list(selfies.split_selfies(line))
            for file in files
            for line in file.decode().splitlines()
        ]

    files = ["".join(f"{line}\n" for line in lines).encode()] if lines else []
    return Row("molecules", "SELFIES", files, {"selfies": cut})


def _chat(data: Path) -> Row:
    files = []
    for file in _read(data / "gsm8k", "train.jsonl"):
        items = map(json.loads, file.decode().splitlines())
        talks = (
            [
                {"role": "user", "content": item["question"]},
                {"role": "assistant", "content": item["answer"]},
            ]
            for item in items
        )
        files.append("".join(json.dumps({"messages": talk}) + "\n" for talk in talks).encode())
    rivals: dict[str, Callable[[list[bytes]], Any]] = {"json.loads": _as_json}
    if find_spec("jinja2") is not None:
        rivals["jinja2 template"] = _rendered
    return Row("chat", "GSM8K", files, rivals)


def _as_json(files: list[bytes]) -> list[Any]:
    return [json.loads(line) for file in files for line in file.splitlines()]


def _rendered(files: list[bytes]) -> list[str]:
    """What apply_chat_template does before it tokenizes."""
    template = importlib.import_module("jinja2").Template(
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    )
    return [template.render(messages=each["messages"]) for each in _as_json(files)]
