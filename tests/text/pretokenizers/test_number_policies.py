"""Number policies: the native splitters against the readable twin, the pattern, and tokenizers."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import tiktoken
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

import tokenry
from fuzz_text import fuzz_bytes, fuzz_string
from oracles import comparable
from tokenry import _native
from tokenry.errors import LearnError, UnsupportedError
from tokenry.learning import Bpe, learn
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.number_policies import POLICIES, NumberPolicy
from tokenry.text.pretokenizers.numbered import NumberedPretokenizer, numbered
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import PATTERNS, find_splitter, pattern_of

NAMES = [
    name + signs
    for name in ("single", "l2r3", "r2l3", "place3", "r2l2", "l2r4", "place1")
    for signs in ("", "+signs")
]
# fmt: off
ATOMS = (
    "-", "+", "\u2212", "1", "12", "345", "1234567", "\u0663", "\u00bd", ".", " ", "a", "x", "\n",
    "\u00e9", "\u4e2d", "0.1234567", "-5", "=-", "(", ")", "1,234", "\u0968", "\u00b2", "/",
)
# fmt: on


def cut(pretokenizer, text):
    data = text if isinstance(text, bytes) else text.encode()
    found = pretokenizer(data)
    spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    return [found.data[a:b].decode("utf-8", "replace") for a, b in spans]


def numeric(rng: random.Random) -> str:
    return "".join(rng.choices(ATOMS, k=rng.randint(1, 25)))


@pytest.fixture
def twin(name: str) -> NumberedPretokenizer:
    return NumberedPretokenizer(NativePretokenizer("o200k"), NumberPolicy.named(name))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("single", "x 1234", "x| |1|2|3|4"),
        ("l2r3", "x 1234567", "x| |123|456|7"),
        ("r2l3", "x 1234567", "x| |1|234|567"),
        ("r2l3", "0.1234567", "0|.|1|234|567"),
        ("place3", "1234.1234567", "1|234|.|123|456|7"),
        ("place3", ".0001", ".|000|1"),
        ("r2l3", "1,234,567", "1|,|234|,|567"),
        ("r2l3", "007123", "007|123"),
        ("r2l3", "2024-05-01", "2|024|-|05|-|01"),
        ("r2l3", "0x1F4A9", "0|x|1|F|4|A|9"),
        ("r2l2", "12345", "1|23|45"),
        ("l2r4", "12345", "1234|5"),
        ("r2l3+signs", "x=-1234", "x|=|-|1|234"),
        ("r2l3+signs", "a-1234", "a|-|1|234"),
        ("l2r3", "\u0661\u0662\u0663\u0664", "\u0661\u0662\u0663|\u0664"),
        ("r2l3", "12\u00bd3456", "12|\u00bd|3|456"),
        ("l2r3", "\u2167\u2167", "\u2167|\u2167"),
    ],
)
def test_what_a_policy_does(twin: NumberedPretokenizer, text: str, expected: str) -> None:
    assert "|".join(cut(twin, text)) == expected
    assert "|".join(cut(NativePretokenizer(twin.native), text)) == expected


@pytest.mark.parametrize("base", _native.splitter_names())
def test_the_core_is_equal_to_the_twin(base: str, rng: random.Random) -> None:
    for turn in range(120):
        data = numeric(rng).encode() if turn % 3 else next(iter(fuzz_bytes(rng, 1, 20)))
        for name in rng.sample(NAMES, 3):
            policy = NumberPolicy.named(name)
            expected = NumberedPretokenizer(NativePretokenizer(base), policy)(data)
            for path in ("scalar", _native.simd()):
                splitter = _native.Splitter(f"{base}+{name}", simd=path)
                for capacity in (4096, 1, 2):
                    found = splitter.split(data, capacity=capacity)
                    np.testing.assert_array_equal(found, expected.ends, f"{name} {data!r}")


@pytest.mark.parametrize("base", [*PATTERNS, "whole"])
@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_the_pattern_says_the_same_to_every_reader(
    base: str, policy: NumberPolicy, rng: random.Random
) -> None:
    name = f"{base}+{policy.name}"
    pattern = pattern_of(name)
    assert pattern is not None
    assert pattern_of(str(find_splitter(pattern))) == pattern
    oracle = tokenizers.pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated")
    slow = NumberedPretokenizer(RegexPretokenizer(PATTERNS.get(base, r"(?s:.+)")), policy)
    for turn in range(40):
        text = comparable(numeric(rng) if turn % 2 else fuzz_string(rng, 20), "tiktoken")
        theirs = [piece for piece, _ in oracle.pre_tokenize_str(text)]
        assert cut(NativePretokenizer(name), text) == theirs
        assert cut(slow, text) == theirs


def test_tiktoken_reads_the_pattern(rng: random.Random) -> None:
    pattern = pattern_of("cl100k+place3")
    assert pattern is not None
    for _ in range(100):
        text = comparable(numeric(rng), "tiktoken")
        ours = cut(NativePretokenizer("cl100k+place3"), text)
        ranks = {bytes([i]): i for i in range(256)}
        ranks |= {
            piece.encode(): 256 + i
            for i, piece in enumerate(sorted({*ours} - {*map(chr, range(128))}))
        }
        oracle = tiktoken.Encoding("x", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        found = [oracle.decode_single_token_bytes(i).decode() for i in oracle.encode_ordinary(text)]
        assert found == ours


@pytest.mark.parametrize("base", ["o200k", "gpt2", "whole", "superbpe", "metaspace"])
def test_two_parts_of_a_text_at_a_safe_boundary(base: str, rng: random.Random) -> None:
    reported = 0
    for name in ("single", "l2r3", "r2l3", "place3", "place3+signs"):
        pretokenizer = NumberedPretokenizer(NativePretokenizer(base), NumberPolicy.named(name))
        for turn in range(12):
            text = numeric(rng) if turn % 2 else fuzz_string(rng, 10)
            whole = cut(pretokenizer, text)
            for at in pretokenizer.safe_boundaries(text.encode()).tolist():
                parts = text.encode()[:at], text.encode()[at:]
                assert [piece for part in parts for piece in cut(pretokenizer, part)] == whole
                reported += 1
    assert reported > 100


def test_a_fraction_is_not_safe_to_cut_but_an_integer_is() -> None:
    place = NumberedPretokenizer(NativePretokenizer("o200k"), NumberPolicy.named("place3"))
    assert place.safe_boundaries(b"a 1234567.1234567").tolist() == [1, 2, 3, 6, 9]
    right = NumberedPretokenizer(NativePretokenizer("o200k"), NumberPolicy.named("r2l3"))
    assert right.safe_boundaries(b"0.1234567 12").tolist() == [1, 2, 3, 6, 9, 10]


def test_which_policies_need_the_end_of_a_number() -> None:
    assert [NumberPolicy.named(name).needs_end for name in ("single", "l2r3")] == [False, False]
    assert [NumberPolicy.named(name).needs_end for name in ("r2l3", "place3")] == [True, True]
    # That is: more digits change the groups of those that are there.
    for policy in POLICIES:
        pretokenizer = NumberedPretokenizer(NativePretokenizer("whole"), policy)
        moved = cut(pretokenizer, "123456")[:2] != cut(pretokenizer, "1234567")[:2]
        assert moved == (policy.needs_end and policy.grouping != "single")


def test_long_numbers_take_linear_time() -> None:
    digits = b"1" * 1_000_000
    for name in ("o200k+r2l3", "o200k+place3", "whole+r2l3"):
        assert len(_native.Splitter(name).split(digits, capacity=64)) == 333_334
    slow = NumberedPretokenizer(RegexPretokenizer(r"\w+"), NumberPolicy.named("r2l3"))
    assert len(slow(digits).ends) == 333_334


@pytest.fixture(scope="module")
def numbers_text() -> str:
    rng = random.Random(3)
    return " ".join(f"sum {rng.randrange(10**7)} of {rng.random():.7f}" for _ in range(3000))


@pytest.mark.parametrize("kind", ["bpe", "superbpe"])
def test_learners_and_encoders_use_the_policy(kind: str, numbers_text: str) -> None:
    tokenizer = learn([numbers_text], kind=kind, vocab_size=1300, numbers="r2l3")
    digits = [piece for piece in tokenizer.vocabulary.pieces if piece and piece.isdigit()]
    assert max(map(len, digits)) == 3
    assert tokenizer.decode(tokenizer.encode(numbers_text)) == numbers_text
    named = learn([numbers_text], vocab_size=1300, pretokenizer="o200k+r2l3")
    if kind == "bpe":
        assert named.vocabulary == tokenizer.vocabulary
    pieces = [tokenizer.vocabulary[i] for i in tokenizer.encode("1234567")]
    assert b"|".join(piece or b"" for piece in pieces).startswith(b"1|")
    assert tokenizer.encode_by_hand("a -12 1234567.5") == tokenizer.encode("a -12 1234567.5")


@pytest.mark.parametrize("name", ["r2l3", "place3", "r2l2", "place3+signs", "l2r3"])
def test_saving(name: str, numbers_text: str, tmp_path: Path) -> None:
    tokenizer = Bpe(vocab_size=350, numbers=name).learn([numbers_text])
    report = tokenizer.save(tmp_path, sample=["1234567", "1 -1234.56789", "x=-1234567"])
    again = tokenry.load(tmp_path)
    assert report.exact == (not name.endswith("+signs"))
    assert again.encode(numbers_text) == tokenizer.encode(numbers_text)
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    if report.exact:
        assert theirs.encode(numbers_text).ids == tokenizer.encode(numbers_text)
        assert report.share == 1
    else:
        assert "signs" in report.reasons[0]
        assert again.fingerprint() == tokenizer.fingerprint()
    ranks = tokenizer.to_tiktoken(tmp_path / "ranks.tiktoken")
    assert ranks.exact == report.exact


@given(st.binary(max_size=60))
def test_a_pattern_that_the_core_does_not_know(data: bytes) -> None:
    pretokenizer = numbered(RegexPretokenizer(r"\w+|\W+"), NumberPolicy.named("r2l3"))
    assert pretokenizer.native is None
    assert b"".join(data[a:b] for a, b in _spans(pretokenizer, data)) == data


def _spans(pretokenizer, data):
    found = pretokenizer(data)
    return list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))


def test_text_that_a_pretokenizer_drops_stays_dropped() -> None:
    words = RegexPretokenizer(r"\s+", "removed")
    assert cut(numbered(words, NumberPolicy.named("r2l3")), "a1234 5678 b") == [
        *("a", "1", "234", "5", "678", "b")
    ]


@pytest.mark.parametrize("name", ["", "r2l", "r2l0", "single3", "l2r33", "r2l3+sign", "+signs"])
def test_unknown_policies(name: str) -> None:
    with pytest.raises(UnsupportedError, match="single, l2r3"):
        NumberPolicy.named(name)
    with pytest.raises((UnsupportedError, LearnError)):
        learn(["a"], numbers=name or "none")
    with pytest.raises(ValueError, match="no splitter"):
        _native.Splitter(f"o200k+{name}")


def test_a_policy_that_makes_no_sense() -> None:
    with pytest.raises(UnsupportedError, match="groups of 10"):
        NumberPolicy("r2l", 10)
    with pytest.raises(UnsupportedError, match="middle"):
        NumberPolicy("middle")  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match="number policy"):
        NativePretokenizer("o200k+r2l99")
