"""`_native.pyi` says what the module has: classes, functions, parameters, defaults, plain types."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tokenry import _native

STUB = ast.parse((Path(_native.__file__).parent / "_native.pyi").read_text())
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
FUNCTIONS = {node.name: node for node in STUB.body if isinstance(node, ast.FunctionDef)}

# A parameter: name, "keyword" behind a *, its default as source or None, its type as source.
Parameter = tuple[str, bool, str | None, str]


def split_outside(text: str, separator: str) -> list[str]:
    """Parts of ``text`` between separators that stand in no brackets or quotes."""
    parts, depth, last = [], 0, 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and text.startswith(separator, place):
            parts.append(text[last:place])
            last = place + len(separator)
    return [*parts, text[last:]] if text else []


def plain(annotation: str) -> str:
    """A type with "?" for what the core cannot say as the stub does."""
    kinds = annotation.replace("tokenry._native.", "").split(" | ")
    return annotation and " | ".join(
        kind if kind in {"bytes", "int", "bool", "float", "None", *CLASSES} else "?"
        for kind in kinds
    )


def of_core(function: object) -> list[Parameter]:
    """What nanobind knows of the last overload, without self."""
    signature, _, defaults = function.__nb_signature__[-1]  # type: ignore[attr-defined]
    inside = re.fullmatch(r"def \w*\((.*)\) -> .*", signature)
    assert inside is not None, signature
    parameters: list[Parameter] = []
    keyword = False
    for text in split_outside(inside[1], ", "):
        name, _, rest = text.partition(": ")
        if name == "*":
            keyword = True
        elif name not in ("self", "cls"):
            annotation, _, place = rest.partition(" = ")
            default = repr(defaults[int(place[1:])]) if place else None
            parameters.append((name, keyword, default, plain(annotation)))
    return parameters


def of_stub(node: ast.FunctionDef) -> list[Parameter]:
    """What the stub says, without self."""
    given = node.args
    assert (given.posonlyargs, given.vararg, given.kwarg) == ([], None, None)
    positional = [None] * (len(given.args) - len(given.defaults)) + list(given.defaults)
    return [
        (
            each.arg,
            each in given.kwonlyargs,
            None if default is None else ast.unparse(default),
            plain(ast.unparse(each.annotation)) if each.annotation else "",
        )
        for each, default in zip(
            [*given.args, *given.kwonlyargs], [*positional, *given.kw_defaults], strict=True
        )
        if each.arg != "self"
    ]


def same(core: list[Parameter], stub: list[Parameter]) -> bool:
    """Equal as far as the core can say; ``...`` stands for a default that is no literal."""
    return len(core) == len(stub) and all(
        ours[:2] == theirs[:2]
        and ("?" in ours[3] or ours[3] == theirs[3])
        and (ours[2] == theirs[2] or (ours[2] is not None and theirs[2] == "..."))
        for ours, theirs in zip(core, stub, strict=True)
    )


def kind_of(member: object) -> str:
    return {"property": "property", "nb_method": "method", "nb_func": "static"}.get(
        type(member).__name__, ""
    )


def kind_of_node(node: ast.FunctionDef) -> str:
    marks = {ast.unparse(mark) for mark in node.decorator_list}
    return "property" if "property" in marks else "static" if "staticmethod" in marks else "method"


def public_members(made: type) -> dict[str, object]:
    """What a class has of its own, made by nanobind; ``__new__`` stands behind an ``__init__``."""
    return {name: each for name, each in vars(made).items() if kind_of(each) and name != "__new__"}


def test_the_names_are_those_of_the_module():
    made = {name: each for name, each in vars(_native).items() if not name.startswith("__")}
    classes = {name for name, each in made.items() if isinstance(each, type)}
    assert classes == set(CLASSES)
    assert made.keys() - classes == set(FUNCTIONS)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_is_as_the_stub_says(name):
    made = getattr(_native, name)
    node = CLASSES[name]
    assert [base.__name__ for base in made.__bases__ if base is not object] == [
        ast.unparse(base) for base in node.bases
    ]
    members = public_members(made)
    nodes = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
    assert set(members) == set(nodes)
    for member, of_node in nodes.items():
        assert kind_of(members[member]) == kind_of_node(of_node), member
        if kind_of(members[member]) != "property":
            core, stub = of_core(members[member]), of_stub(of_node)
            assert same(core, stub), f"{name}.{member}: {core} but the stub says {stub}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_as_the_stub_says(name):
    core, stub = of_core(getattr(_native, name)), of_stub(FUNCTIONS[name])
    assert same(core, stub), f"{name}: {core} but the stub says {stub}"


def test_differences_are_seen():
    core = of_core(_native.Splitter.split)
    assert core == [("data", False, None, "bytes"), ("capacity", True, "4096", "int")]
    for wrong in (
        "def split(self, text: bytes, *, capacity: int = 4096): ...",
        "def split(self, data: bytes, capacity: int = 4096): ...",
        "def split(self, data: bytes, *, capacity: int): ...",
        "def split(self, data: bytes, *, capacity: int = 4095): ...",
        "def split(self, data: int, *, capacity: int = 4096): ...",
        "def split(self, data: bytes): ...",
    ):
        node = ast.parse(wrong).body[0]
        assert isinstance(node, ast.FunctionDef)
        assert not same(core, of_stub(node)), wrong
