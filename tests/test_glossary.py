"""One word, one meaning: no two classes of the package have one name, and the glossary's words are
those of the code.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "tokenry"
TERM = re.compile(r"^\*\*(.+?)\*\*(?: \(`([\w.]+)`\))?$", re.MULTILINE)
# Names that two classes still have. It may only become shorter.
STILL_TWICE: set[str] = set()
# Rooms in which an alias of a type has one home; others follow as their words are sorted.
SORTED_ROOMS = ("formats", "surgery", "text")


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


@cache
def classes() -> dict[str, list[str]]:
    """Public classes by name, and the modules that define them."""
    found: dict[str, list[str]] = defaultdict(list)
    for module, node in statements():
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found[node.name].append(module)
    return dict(found)


@cache
def aliases() -> dict[str, list[str]]:
    """Public names of types that are no class: CamelCase on the left of an assignment."""
    found: dict[str, list[str]] = defaultdict(list)
    for module, node in statements():
        for name in assigned(node):
            if re.fullmatch(r"[A-Z]\w*[a-z]\w*", name):
                found[name].append(module)
    return dict(found)


def statements() -> Iterator[tuple[str, ast.stmt]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_bytes()).body:
            yield module_of(path), node


def assigned(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


@cache
def terms() -> dict[str, str | None]:
    """Words of the glossary, and the module of the class that some of them name."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return {term: module or None for term, module in TERM.findall(text)}


def class_name(term: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in term.split())


BOUND = [(term, module) for term, module in terms().items() if module]


def of_our_own(homes: list[str]) -> list[str]:
    """Without the faces for users of other libraries, whose names are given."""
    return [home for home in homes if home.split(".")[1] not in ("compat", "tiktoken")]


def test_no_two_classes_have_one_name() -> None:
    twice = {name: homes for name, homes in classes().items() if len(of_our_own(homes)) > 1}
    assert not twice.keys() - STILL_TWICE, {
        name: twice[name] for name in twice.keys() - STILL_TWICE
    }


@pytest.mark.parametrize(("term", "module"), BOUND, ids=[term for term, _ in BOUND])
def test_a_word_of_the_glossary_names_its_class_and_nothing_else(term: str, module: str) -> None:
    name = class_name(term)
    assert classes().get(name) == [module]
    assert name not in aliases()


def test_an_alias_of_a_type_has_one_home() -> None:
    scattered = {}
    for name, homes in aliases().items():
        ours = [home for home in homes if home.split(".")[1] in SORTED_ROOMS and len(name) > 1]
        others = classes().get(name, [])
        if len(ours) > 1 or (ours and any(each.split(".")[1] in SORTED_ROOMS for each in others)):
            scattered[name] = homes + others
    assert not scattered


def test_words_are_in_the_glossary_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = [term.casefold() for term, _ in TERM.findall(text)]
    assert len(words) == len(set(words)) > 40
