"""The laws of experiments: who may import whom, and where a claim stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from experiments.harness.registry import EXPERIMENTS

ROOT = Path(__file__).parents[2]
CODE = ROOT / "experiments"
SHARED = ("harness",)
ROOMS = sorted(
    path.name
    for path in CODE.iterdir()
    if (path / "__init__.py").exists() and path.name not in SHARED
)
MOST_LINES, MOST_FUNCTION_LINES = 350, 60
TABLES = ("registry.py",)  # an entry for each experiment


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_of_experiments(path: Path) -> set[str]:
    """The folders of experiments that a file imports from."""
    names = (name.split(".") for name in imports(path))
    return {name[1] for name in names if name[0] == "experiments"}


def test_the_package_knows_nothing_of_experiments() -> None:
    for path in (ROOT / "src").rglob("*.py"):
        assert not parts_of_experiments(path), path


def test_the_harness_stands_below_all_rooms_and_no_room_leans_on_another() -> None:
    for path in CODE.rglob("*.py"):
        own = path.relative_to(CODE).parts[0]
        if own in SHARED:
            assert not parts_of_experiments(path) & set(ROOMS), path
        elif own in ROOMS:
            assert parts_of_experiments(path) <= {own, *SHARED}, path


def test_every_claim_is_registered_in_a_room_of_the_house() -> None:
    registered = {entry.target for entry in EXPERIMENTS.values()}
    claims = {
        f"experiments.{path.parent.name}.{path.stem}:EXPERIMENT"
        for room in ROOMS
        for path in (CODE / room).glob("*.py")
        if "\nEXPERIMENT" in path.read_text("utf-8")
    }
    assert claims == registered
    for room in ROOMS:
        assert (ROOT / "src" / "tokenry" / room).is_dir(), room


def test_files_and_functions_are_short() -> None:
    for path in CODE.rglob("*.py"):
        text = path.read_text("utf-8")
        assert text.count("\n") <= MOST_LINES or path.name in TABLES, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                assert lines <= MOST_FUNCTION_LINES, f"{path}: {node.name}"
