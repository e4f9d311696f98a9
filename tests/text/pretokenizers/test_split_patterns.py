from __future__ import annotations

import numpy as np
import pytest
import tiktoken
import tiktoken_ext.openai_public as openai
import tokenizers

from fuzz_text import fuzz_bytes, fuzz_strings
from oracles import comparable, differing
from tokenry.errors import UnsupportedError
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import ALIASES, PATTERNS, find_splitter

BYTE_RANKS = {bytes([i]): i for i in range(256)}


def cut(pretokenizer, text):
    data = text if isinstance(text, bytes) else text.encode()
    found = pretokenizer(data)
    return [data[a:b] for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]


# As the tokenizer files spell them; PATTERNS is made from the rows of the core.
SPELT = {
    "gpt2": (r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"),
    "cl100k": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
        r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s++$|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "llama3": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
        r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "qwen2": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"
        r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "qwen3.5": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}|"
        r" ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "o200k": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|"
        r"'t|'re|'ve|'m|'ll|'d)?|"
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|"
        r"'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|"
        r"\s+"
    ),
    "kimi": (
        r"[\p{Han}]+|"
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"
        r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
        r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "tekken": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}|"
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "superbpe-1": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|"
        r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "superbpe": (r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)"),
}


def test_the_rows_of_the_core_give_the_patterns_of_the_files():
    assert dict(PATTERNS) == SPELT


@pytest.mark.parametrize("name", PATTERNS)
def test_the_table_knows_its_own_patterns(name):
    assert find_splitter(PATTERNS[name]) == name


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (openai.r50k_pat_str, "gpt2"),
        (
            r"'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}]+| ?[\p{N}]+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
            "gpt2",
        ),
        (
            r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
            r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
            "cl100k",
        ),
        (
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
            r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            "qwen2",
        ),
        (
            r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}"
            r"| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
            "llama3",
        ),
        (r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)", "superbpe"),
        (r"\w+", None),
        (PATTERNS["gpt2"] + "|", None),
        (PATTERNS["llama3"].replace("{1,3}", "{1,2}"), None),
        ("", None),
    ],
)
def test_other_spellings_are_recognised(pattern, name):
    assert find_splitter(pattern) == name


@pytest.mark.parametrize("name", ["r50k_base", "cl100k_base", "o200k_base"])
def test_the_patterns_of_tiktoken_are_recognised(name, monkeypatch):
    monkeypatch.setattr(openai, "load_tiktoken_bpe", lambda *_, **__: BYTE_RANKS)
    assert find_splitter(openai.ENCODING_CONSTRUCTORS[name]()["pat_str"]) == ALIASES[name]


@pytest.mark.parametrize("name", ["gpt2", "cl100k", "o200k"])
def test_regex_cuts_as_tiktoken_does(name, rng):
    pattern = openai.r50k_pat_str if name == "gpt2" else PATTERNS[name]
    for text in fuzz_strings(rng, 300):
        text = comparable(text, "tiktoken")
        ours = cut(RegexPretokenizer(PATTERNS[name]), text)
        ranks = BYTE_RANKS | {
            piece: 256 + i for i, piece in enumerate(sorted({p for p in ours if len(p) > 1}))
        }
        oracle = tiktoken.Encoding(
            "whole", pat_str=pattern, mergeable_ranks=ranks, special_tokens={}
        )
        found = [oracle.decode_single_token_bytes(i) for i in oracle.encode_ordinary(text)]
        assert found == ours


@pytest.mark.parametrize("name", PATTERNS)
def test_regex_cuts_as_tokenizers_does(name, rng):
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(PATTERNS[name]), "isolated")
    for text in fuzz_strings(rng, 300):
        text = comparable(text, "tiktoken")
        theirs = [piece.encode() for piece, _ in split.pre_tokenize_str(text)]
        assert cut(RegexPretokenizer(PATTERNS[name]), text) == theirs


@pytest.mark.parametrize(
    "behaviour",
    ["isolated", "removed", "merged_with_previous", "merged_with_next", "contiguous"],
)
@pytest.mark.parametrize("invert", [False, True])
def test_behaviours_are_those_of_tokenizers(behaviour, invert, rng):
    for pattern in (r"[-, ]", r"\s+", r"\p{N}", "[aeiou]+"):
        split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(pattern), behaviour, invert)
        ours = RegexPretokenizer(pattern, behaviour, invert)
        for text in fuzz_strings(rng, 60):
            text = comparable(text, "tiktoken")
            theirs = [piece.encode() for piece, _ in split.pre_tokenize_str(text)]
            assert cut(ours, text) == theirs


def test_tiktoken_and_regex_disagree_about_few_code_points():
    assert len(differing("regex")) == 0
    assert len(differing("tiktoken")) < 20_000


@pytest.mark.parametrize("name", PATTERNS)
def test_twins_agree_and_cover_everything(name, rng):
    native, twin = NativePretokenizer(name), RegexPretokenizer(PATTERNS[name])
    for data in fuzz_bytes(rng, 300):
        ours, reference = native(data), twin(data)
        np.testing.assert_array_equal(ours.ends, reference.ends)
        np.testing.assert_array_equal(ours.starts, reference.starts)
        assert b"".join(cut(native, data)) == data


def test_invalid_bytes_are_single_unassigned_characters():
    data = "é".encode()[:1] + b"\xff\xed\xa0\x80a"
    assert cut(RegexPretokenizer(r"."), data) == [bytes([b]) for b in data]


def test_native_names():
    assert NativePretokenizer("p50k_base").native == "gpt2"
    assert RegexPretokenizer(PATTERNS["o200k"]).native == "o200k"
    assert RegexPretokenizer(PATTERNS["o200k"], "removed").native is None
    assert RegexPretokenizer(PATTERNS["o200k"], "removed", invert=True).native == "o200k"
    assert RegexPretokenizer(r"\w+").native is None


def test_errors_name_what_was_given():
    with pytest.raises(UnsupportedError, match=r"\(unclosed"):
        RegexPretokenizer("(unclosed")
    with pytest.raises(UnsupportedError, match="sideways"):
        RegexPretokenizer("a", "sideways")
    with pytest.raises(UnsupportedError, match="gpt7"):
        NativePretokenizer("gpt7")


def test_a_long_run_takes_linear_time():
    for atom in (" ", "\n ", "a", "A", "中A", "1", "!", "'s", "\u0301"):
        data = (atom * 200_000).encode()
        for name in PATTERNS:
            NativePretokenizer(name)(data)
