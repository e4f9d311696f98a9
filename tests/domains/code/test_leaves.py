"""The leaves of the lexer against those of tree-sitter, on programs that it parses."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made import MADE
from programs import PROGRAMS

from shares import draw, part, share
from tokenry.domains.code import words
from tokenry.domains.code.grammars import KINDS, LANGUAGES, told
from tokenry.domains.code.leaves import BROKEN, leaves

pytest.importorskip("tree_sitter_c")
ROOT = Path(__file__).parents[3]
LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
HEADERS = sorted(Path(sysconfig.get_path("include")).glob("*.h"))
OWN = sorted((ROOT / "native").glob("*/*.[ch]pp"))
FILES = {"c": HEADERS, "cpp": OWN, "python": LIBRARY}
# Of names of files that parse, how many have the kind that tree-sitter gives them: it takes
# `T x(a);` for a function with parameters of type a, which is most of the rest.
EQUAL_NAMES = {"c": 0.98, "cpp": 0.98, "python": 1}


def lexed(data: bytes, language: str) -> tuple[Any, ...]:
    return words.native().leaves(data, [*LANGUAGES].index(language))


def kinds_of(data: bytes, language: str, *arrays: np.ndarray[Any, Any]) -> dict[bytes, str]:
    """The kind of each name of a file."""
    found = words.native().mark(data, [*LANGUAGES].index(language), False, *arrays)
    kinds = np.repeat(KINDS, found["counts"]).tolist()
    ends = np.cumsum(found["sizes"]).tolist()
    begins = [0, *ends]
    return {
        found["names"][begin:end]: kind
        for begin, end, kind in zip(begins, ends, kinds, strict=False)
    }


def parsed(files: list[Path], language: str) -> Iterator[tuple[bytes, Any]]:
    """Files that tree-sitter parses, and their leaves there."""
    for path in files:
        data = path.read_bytes()
        if len(data) < 200_000:
            tree = leaves(data, language)
            if not tree.unparsed and not np.any(tree.kinds == BROKEN):
                yield data, tree


@pytest.mark.parametrize("language", FILES)
def test_real_files_have_the_leaves_of_their_trees(language: str) -> None:
    same = total = named = equal = 0
    for data, tree in parsed(part(FILES[language])[:40], language):
        begins, ends, kinds, unparsed = lexed(data, language)
        assert not unparsed, data[:200]
        spans = {*map(tuple, tree.spans.tolist())}
        same += len(spans & {*zip(begins.tolist(), ends.tolist(), strict=True)})
        total += len(spans)
        arrays = np.ascontiguousarray(tree.spans.T), tree.kinds.astype(np.uint8)
        expected = kinds_of(data, language, *arrays[0], arrays[1])
        found = kinds_of(data, language, begins, ends, kinds)
        named += len(expected)
        equal += sum(found.get(name) == kind for name, kind in expected.items())
    if not total:
        pytest.skip("no files are here")
    assert same >= (1 if language == "python" else 0.998) * total
    assert equal >= EQUAL_NAMES[language] * named


@pytest.mark.parametrize("language", PROGRAMS)
def test_small_programs_have_the_leaves_of_their_trees(language: str) -> None:
    for data, tree in [(PROGRAMS[language], leaves(PROGRAMS[language], language))]:
        begins, ends, kinds, _ = lexed(data, language)
        assert np.array_equal(np.stack([begins, ends], axis=1), tree.spans)
        arrays = np.ascontiguousarray(tree.spans.T), tree.kinds.astype(np.uint8)
        expected = kinds_of(data, language, *arrays[0], arrays[1])
        assert kinds_of(data, language, begins, ends, kinds) == expected


def test_made_programs_have_the_leaves_of_their_trees() -> None:
    chance = draw("leaves")
    for _ in range(share(60)):
        data = MADE["code"](chance)
        language = told(data)[0]
        tree = leaves(data, language)
        if not tree.unparsed and not np.any(tree.kinds == BROKEN):
            begins, ends, _, _ = lexed(data, language)
            assert np.array_equal(np.stack([begins, ends], axis=1), tree.spans), data


@pytest.mark.parametrize(
    ("language", "data", "kinds"),
    [
        ("c", b"a_t *f(b_t x, c_t);", {"a_t": "type", "b_t": "type", "c_t": "type", "f": "func"}),
        ("c", b"int f(a, b) int a; int b; { }", {"a": "var", "b": "var"}),
        ("c", b"void f() { x = (a_t) y; z = (b)(y); w = (c) + 1; }", {"a_t": "type", "c": "var"}),
        ("c", b"struct s { int a, *b; t_t c[N]; } v;", {"a": "field", "N": "var", "v": "var"}),
        ("c", b"typedef int (*f_t)(a_t b);", {"f_t": "type", "a_t": "type", "b": "var"}),
        ("c", b"void f() { goto out; out: a * b; }", {"out": "label", "a": "type", "b": "var"}),
        ("c", b"#define F(a) a + 1\n#if defined(G) && x -1\n#endif\n", {"F": "func", "G": "var"}),
        ("c", b"EXPORT(a_t) name;", {"a_t": "type", "name": "var"}),
        ("cpp", b"a::b<c> d = e < f && g > h;", {"a": "space", "b": "type", "f": "var"}),
        ("cpp", b"A::A(int x) : y(x), z{1} {}", {"y": "field", "z": "field", "x": "var"}),
        ("cpp", b"using t = std::vector<std::pair<a, b>>;", {"t": "type", "a": "type"}),
        ("cpp", b"auto f(T& x) -> R { return x->y; }", {"R": "type", "y": "field", "T": "type"}),
        ("cpp", b"template <class T, int N = 3> class A : public B<T> { T x_; };", {"B": "type"}),
        ("fortran", b"use m\ntype(t) :: x\nx%y = 1\n", {"m": "space", "y": "field"}),
        ("python", b"def f(x): return f'{x[\"a\"]}' 'b'\n", {"f": "func", "x": "var"}),
    ],
)  # fmt: skip
def test_names_are_what_the_words_around_them_say(
    language: str, data: bytes, kinds: dict[str, str]
) -> None:
    begins, ends, found, unparsed = lexed(data, language)
    assert not unparsed
    named = kinds_of(data, language, begins, ends, found)
    assert {name: named.get(name.encode()) for name in kinds} == kinds


@pytest.mark.parametrize(
    ("language", "data", "broken"),
    [
        ("c", b"int a = @ 1;", b"@"),
        ("c", b'char *a = "open;\n', b'"'),
        ("c", b"int f() { return (1; }", b"("),
        ("c", b"it was the best of times and all that", b"it"),
        ("python", b"x = [1, 2\ndef f(): pass)\n", b"["),
        ("python", b"print x y\n", b"x"),
        ("fortran", b"call f(1\n", b"("),
    ],
)
def test_what_cannot_be_is_marked(language: str, data: bytes, broken: bytes) -> None:
    begins, _, kinds, unparsed = lexed(data, language)
    assert unparsed
    assert data[begins[kinds == BROKEN][0] :].startswith(broken)


def test_brackets_in_the_branches_of_a_condition_are_each_whole() -> None:
    data = b"#if A\nint f(int a) {\n#else\nint f(void) {\n#endif\n  return 1;\n}\n"
    assert lexed(data, "c")[3] == 0
