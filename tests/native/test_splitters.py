"""Every native splitter and every vector path against the ``regex`` twin."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given

from fuzz_text import fuzz_bytes, texts
from tokenry import _native
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import PATTERNS

PATHS = _native.simd_paths()
# The twins of splitters that are not patterns of known tokenizers.
SIMPLE = {
    "whole": r"(?s:.+)",
    "space_prefix": r" *[^ ]+| +",
    "metaspace": r" [^ ]*|[^ ]+",
    "digits": r"\p{N}|\P{N}+",
    "digit_runs": r"\p{N}+|\P{N}+",
    "punctuation": r"[\p{P}$+<=>^`|~]|[^\p{P}$+<=>^`|~]+",
}
TWINS = {name: RegexPretokenizer(pattern) for name, pattern in (PATTERNS | SIMPLE).items()}
# Atoms whose meaning depends on what stands around them; every pair and triple of them is tried.
ATOMS = (
    *("a", "B", "s", "l", "ſ", "1", "²", "'", "!", "/", "-", " ", "\t", "\n", "\r", "\xa0"),
    *("é", "Ж", "я", "ǅ", "ʰ", "中", "か", "́", "ि", "٣", "。", "😀", "𠀀", "\u3000", "\u0378"),
    *("'s", "'LL", "'lL", "'rE", "'ve", "  ", "\r\n", "\n\n", "123"),
)


def check(data: bytes, names=tuple(TWINS), capacities=(4096, 1)) -> None:
    for name in names:
        expected = TWINS[name](data).ends
        for path in PATHS:
            for capacity in capacities:
                found = _native.Splitter(name, simd=path).split(data, capacity=capacity)
                np.testing.assert_array_equal(found, expected, f"{name} {path} {data!r}")


def vectors_or_skip(path: str) -> None:
    """A path that cannot be tested here shows among the skips."""
    if path not in PATHS:
        pytest.skip(f"this processor has no {path}")


def test_names_are_complete():
    assert set(TWINS) == set(_native.splitter_names())


def test_rows_say_where_splitters_cut(rng):
    assert [row.name for row in _native.splitters()] == _native.splitter_names()
    text = b"".join(fuzz_bytes(rng, 200, 40)) + "".join(rng.choices(ATOMS, k=5000)).encode()
    before_spaces = {place for place in range(len(text)) if text[place] == ord(" ")}
    for row in _native.splitters():
        cuts = set(_native.Splitter(row.name).split(text)[:-1].tolist())
        found = "before spaces" if cuts <= before_spaces else "anywhere"
        assert row.cuts == (found if cuts else "nowhere"), row.name


@given(texts(20))
def test_equal_to_the_twin(text):
    check(text.encode())


def test_broken_utf8(rng):
    for data in fuzz_bytes(rng, 400, 30):
        check(data)


def test_pairs_and_triples_of_atoms(rng):
    pairs = [a + b for a in ATOMS for b in ATOMS]
    check("".join(pairs).encode())
    for pair in pairs:
        check((pair + rng.choice(ATOMS) + rng.choice(ATOMS)).encode(), capacities=(4096,))


def test_block_edges(rng):
    """The same trouble at every offset from the edge of a 64-byte block."""
    for _ in range(6):
        trouble = "".join(rng.choices(ATOMS, k=8))
        for filler in ("a", "ab ", "中", " ", "\n", "1", "!", "Ж", "aB"):
            for width in (*range(52, 68), 124, 127, 128, 129):
                padding = (filler * width)[:width]
                check((padding + trouble + padding).encode(), capacities=(4096,))


@pytest.mark.parametrize(
    "alphabet", ["-/.\n\r", "aA中\u0301'", "sSlL' e", " \n\t\u3000a", "12²a", "中A a'ſ"]
)
def test_dense_trouble(rng, alphabet):
    """Few characters, so that every combination of neighbours comes up."""
    for _ in range(100):
        check("".join(rng.choices(alphabet, k=rng.randint(1, 150))).encode(), capacities=(4096,))


def test_long_runs():
    for atom in ATOMS:
        for size in (63, 64, 65, 127, 200, 1000):
            check((atom * size).encode(), capacities=(4096,))
            check(("x" + atom * size + "y").encode(), capacities=(4096,))


@pytest.mark.parametrize("kind", ["code", "prose", "multilingual"])
def test_real_text(real_texts, kind):
    check(real_texts[kind].encode()[:150_000], capacities=(4096, 7))


@pytest.mark.shared
def test_shared_text(shared_data):
    for path in sorted((shared_data / "text").iterdir()):
        check(path.read_bytes()[:300_000], capacities=(2048,))
    for path in sorted((shared_data / "flores_dev").iterdir()):
        check(path.read_bytes()[:20_000], capacities=(2048,))


@pytest.mark.shared
@pytest.mark.parametrize("path", ["portable", "avx2", "avx512"])
def test_all_shared_text_is_cut_as_the_scalar_path_cuts_it(shared_data, path):
    vectors_or_skip(path)
    files = [*(shared_data / "text").iterdir(), *(shared_data / "flores_dev").iterdir()]
    for name in sorted({"o200k", "cl100k", "gpt2", "qwen3.5", "tekken", "superbpe"} & set(TWINS)):
        scalar, vector = (_native.Splitter(name, simd=each) for each in ("scalar", path))
        for file in sorted(files):
            data = file.read_bytes()
            np.testing.assert_array_equal(vector.split(data), scalar.split(data), f"{name} {file}")


@pytest.mark.parametrize("path", ["portable", "avx2", "avx512"])
def test_fuzz_is_cut_as_the_scalar_path_cuts_it(rng, path):
    vectors_or_skip(path)
    blocks = [b"".join(fuzz_bytes(rng, 200, 40)) for _ in range(20)]
    blocks += ["".join(rng.choices(ATOMS, k=5000)).encode() for _ in range(20)]
    for name in _native.splitter_names():
        scalar, vector = (_native.Splitter(name, simd=each) for each in ("scalar", path))
        for data in blocks:
            np.testing.assert_array_equal(vector.split(data), scalar.split(data), f"{name} {path}")


@pytest.mark.slow
def test_many_fuzz_strings():
    for data in fuzz_bytes(random.Random(64), 30_000, 40):
        check(data, capacities=(4096,))


def test_nothing_is_read_beyond_the_end(rng):
    """What follows the end of the data must not matter."""
    for data in fuzz_bytes(rng, 50, 40):
        for size in range(max(0, len(data) - 70), len(data)):
            check(data[:size], names=("o200k", "cl100k", "gpt2"), capacities=(4096,))


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="gpt7"):
        _native.Splitter("gpt7")
    with pytest.raises(ValueError, match="expected scalar"):
        _native.Splitter("gpt2", simd="sse9")
    with pytest.raises(ValueError, match="capacity"):
        _native.Splitter("gpt2").split(b"a", capacity=0)


def test_the_path_in_use_is_one_of_those_there_are():
    assert _native.simd() in PATHS
    assert PATHS[0] == "scalar"


@pytest.mark.parametrize("path", PATHS)
def test_the_environment_forces_a_path(path):
    command = [sys.executable, "-c", "from tokenry import _native; print(_native.simd())"]
    environment = os.environ | {"TOKENRY_SIMD": path}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == path


def test_han_that_is_no_letter_and_letters_around_it(rng):
    # a numeral, a radical, a tone mark, an iteration mark; letters of other planes and blocks
    han = ("\u3007", "\u2e80", "\u302a", "\u3005", "\u4e2d", "\u3400", "\uf900", "\U00020000")
    others = ("a", "B", "\u30a2", "\u0301", "1", "!", " ", "\n", "'s", "\u3002", "a" * 30, "\udcff")
    for _ in range(3000):
        parts = rng.choices(han + others, k=rng.randint(1, 30))
        check(
            "".join(parts).encode("utf-8", "surrogateescape"), names=("kimi",), capacities=(4096,)
        )
