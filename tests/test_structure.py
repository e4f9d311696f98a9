"""The laws of the house: who may import whom, how large things may be, where tests stand.

`FLOORS` says which room stands on which; ARCHITECTURE.md draws the same table.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "tokenry"
# From the ground up. A room may import what stands below it, and on its own floor what stands
# before it in no circle.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("_native", "arguments", "environment", "errors", "extras", "files", "json_data", "lazy",
     "options", "progress", "registry", "results", "seeds", "spans", "version", "vocabulary"),
    ("text",),
    ("formats",),
    ("tokenizer", "tokenizer_files"),
    ("learning", "measuring", "corpus", "shards", "surgery", "domains", "drawing"),
    ("neural",),
    ("transfer", "decoding", "models", "objectives", "personal", "signals", "reduction",
     "auditing"),
    ("compat", "tiktoken", "sentencepiece"),
    ("study", "card"),
    ("cli", "web"),
)  # fmt: skip
# The same of the core: a room includes only what stands before it.
CORE = ROOT / "native"
CORE_ROOMS = (
    "base", "formats", "unicode", "split", "pattern", "normalize", "encode", "learn",
    "domains", "bindings"
)  # fmt: skip
MOST_LINES = 600
MOST_FUNCTION_LINES = 60
# Tables that tools generate.
GENERATED = ("unicode/classes.py",)


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module_of(path): path for path in files()}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


@cache
def imports(module: str) -> frozenset[str]:
    """Modules of the package that a module names in its imports, wherever they stand in it."""
    found = set()
    for node in ast.walk(tree(modules()[module])):
        if isinstance(node, ast.Import):
            found |= {name for alias in node.names if (name := known(alias.name))}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                name = known(f"{node.module}.{alias.name}") or known(node.module)
                found |= {name} if name else set()
    return frozenset(found - {module})


def known(name: str) -> str | None:
    if name.startswith("tokenry._native"):
        return "tokenry._native"
    return name if name in modules() else None


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def floor_of(module: str) -> int:
    room = room_of(module)
    found = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    assert found, f"{module}: the room {room!r} has no floor; give it one in FLOORS"
    return found[0]


def height(module: str) -> int:
    """Of a module that is imported; the face of the package is for the top floor alone."""
    return len(FLOORS) - 1 if module == "tokenry" else floor_of(module)


def inner() -> list[str]:
    """All modules but the face of the package and the ways to run it."""
    return [module for module in modules() if module not in ("tokenry", "tokenry.__main__")]


def test_nothing_imports_upwards() -> None:
    wrong = [
        f"{module} imports {other}"
        for module in inner()
        for other in imports(module)
        if height(other) > floor_of(module)
    ]
    assert not wrong, "rooms may import only what stands below them, and never the package's face"


def test_no_circle_of_files() -> None:
    graph = {module: imports(module) for module in inner()}
    assert not list(circles(graph)), "files that import each other"


def test_no_circle_of_rooms() -> None:
    graph: dict[str, set[str]] = {}
    for module in inner():
        rooms = {room_of(other) for other in imports(module)}
        graph.setdefault(room_of(module), set()).update(rooms - {room_of(module)})
    assert not list(circles(graph)), "rooms that import each other"


@cache
def includes() -> dict[str, set[str]]:
    """Files of the core that each file of it includes, by the paths that they write."""
    files = (path for path in sorted(CORE.rglob("*")) if path.suffix in (".hpp", ".cpp"))
    return {
        str(path.relative_to(CORE)): set(re.findall(r'^#include "(.+)"', path.read_text(), re.M))
        for path in files
    }


def test_the_core_includes_only_what_stands_below() -> None:
    assert {path.name for path in CORE.iterdir() if path.is_dir()} == set(CORE_ROOMS)
    wrong = [
        f"{file} includes {other}"
        for file, others in includes().items()
        for other in others
        if CORE_ROOMS.index(other.split("/")[0]) > CORE_ROOMS.index(file.split("/")[0])
    ]
    assert not wrong
    assert not list(circles(includes())), "headers that include each other"


def test_a_room_of_the_core_is_a_namespace() -> None:
    for file in includes():
        named = re.findall(r"^namespace tokenry::(\w+)", (CORE / file).read_text(), re.M)
        assert set(named) <= {file.split("/")[0]}, f"{file} is in a namespace of another room"


def circles(graph: dict[str, frozenset[str]] | dict[str, set[str]]) -> Iterator[list[str]]:
    """Strongly connected parts of more than one node (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(node: str) -> Iterator[list[str]]:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                yield from visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            part = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(part) > 1:
                yield sorted(part)

    for node in graph:
        if node not in index:
            yield from visit(node)


def test_files_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in sources()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    ]
    assert not long, "find the two ideas of a long file"


def sources() -> Iterator[Path]:
    """What people write: not the declarations of the core, not generated tables."""
    for folder in ("src", "native", "experiments", "benchmarks", "tools"):
        for path in sorted((ROOT / folder).rglob("*")):
            generated = path.name == "_native.pyi" or str(path).endswith(GENERATED)
            if path.suffix in (".py", ".cpp", ".hpp") and not generated:
                yield path


def test_functions_are_short() -> None:
    long = [
        f"{module}.{node.name}: {lines} lines"
        for module in inner()
        for node in ast.walk(tree(modules()[module]))
        if isinstance(node, ast.FunctionDef) and (lines := length(node)) > MOST_FUNCTION_LINES
    ]
    assert not long, "find the parts of a long function"


def length(node: ast.FunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_every_room_has_tests() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    for room in rooms:
        assert (ROOT / "tests" / room).is_dir(), f"tests/{room} is missing"


def test_tests_repeat_the_package() -> None:
    """A folder of tests repeats a folder of the package, a test of one file has its name."""
    beside = ("exactness", "malformed", "native", "experiments", "benchmarks", "tools")
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        folder = path.parent.relative_to(ROOT / "tests")
        if folder.parts and folder.parts[0] not in beside:
            assert (PACKAGE / folder).is_dir(), f"{path.relative_to(ROOT)}: no src/tokenry/{folder}"


def test_every_public_name_is_documented() -> None:
    """What a module offers says what it is: classes, functions and methods without ``_``."""
    for module, path in modules().items():
        for node in public(tree(path)):
            assert ast.get_docstring(node), f"{module}.{node.name} has no docstring"


def public(node: ast.AST) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.ClassDef | ast.FunctionDef) and not each.name.startswith("_"):
            decorators = {ast.unparse(each) for each in each.decorator_list}
            if "overload" not in decorators and not any(d.endswith(".setter") for d in decorators):
                yield each
            if isinstance(each, ast.ClassDef):
                yield from public(each)


def test_architecture_draws_the_floors() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    drawn = re.findall(r"^\| \d+ \| (.+?) \|", text, re.MULTILINE)
    rooms = [room for row in drawn for room in re.findall(r"`(\w+)(?:/|\.py)?`", row)]
    there = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert there <= set(rooms), f"not in the table of floors: {sorted(there - set(rooms))}"
    floors = {room: number for number, rooms_ in enumerate(FLOORS) for room in rooms_}
    heights = [floors[room] for room in rooms if room in floors]
    assert heights == sorted(heights, reverse=True), "the table of floors is not in order"
