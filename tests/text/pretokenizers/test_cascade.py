"""Patterns as automata of the core, held to `regex`, tokenizers and tiktoken."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import tiktoken
import tokenizers
from tokenizers import models, pre_tokenizers

import generated_patterns
from fuzz_text import fuzz_bytes, fuzz_strings, known_points
from shares import draw, share
from tokenry import load
from tokenry import tiktoken as ours
from tokenry.errors import EncodeError, UnsupportedError
from tokenry.text.encoder import Encoder
from tokenry.text.oniguruma import TextPattern
from tokenry.text.parts import Pretokenizer
from tokenry.text.pretokenizers.byte_spelling import ByteSpelling
from tokenry.text.pretokenizers.cascade import PatternCut, finder_of
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.sequence import PretokenizerSequence, bert_steps
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.text.pretokenizers.steps import (
    ByteLevel,
    CharacterSplit,
    CharDelimiterSplit,
    FixedLength,
    PatternSplit,
    PretokenizerStep,
    Whitespace,
)
from tokenry.text.routes import StepRoute
from tokenry.vocabulary import BYTE_ALPHABET

BEHAVIORS = [each.name.lower() for each in Behavior]


def check(found, pretokenizer: Pretokenizer, data: bytes) -> None:
    begins, ends = found.find(data)
    twin = getattr(pretokenizer, "by_steps", pretokenizer)(data)
    np.testing.assert_array_equal(begins, twin.starts, f"{pretokenizer} {data!r}")
    np.testing.assert_array_equal(ends, twin.ends, f"{pretokenizer} {data!r}")


def agrees(found, pretokenizer: RegexPretokenizer, data: bytes) -> bool:
    """Whether the core cuts as `regex` does or, where that errs, as tokenizers does.

    `regex` 2026.11.15 finds no match of ``(?:(?i:a)b|c)d |[^ab]++`` in "BB".
    """
    begins, ends = (each.tolist() for each in found.find(data))
    try:
        twin = pretokenizer(data)
    except EncodeError:  # some patterns take `regex` hours
        return True
    if begins == twin.starts.tolist() and ends == twin.ends.tolist():
        return True
    pattern = tokenizers.Regex(pretokenizer.pattern)
    split = pre_tokenizers.Split(pattern, pretokenizer.behaviour, pretokenizer.invert)
    pieces = [piece for piece, _ in split.pre_tokenize_str(data.decode())]
    return [data[a:b].decode() for a, b in zip(begins, ends, strict=True)] == pieces


def held_to_regex(purpose: str, patterns: int, texts: int) -> None:
    rng = draw(purpose)
    taken = 0
    for _ in range(patterns):
        pattern = generated_patterns.pattern(rng)
        behaviour, invert = rng.choice(BEHAVIORS), rng.random() < 0.3
        try:
            pretokenizer = RegexPretokenizer(pattern, behaviour, invert)
        except UnsupportedError:
            continue
        found = pretokenizer.finder()
        if found is None:
            continue
        taken += 1
        for _ in range(texts):
            text = generated_patterns.text(rng)
            assert agrees(found, pretokenizer, text.encode()), (pretokenizer, text)
        for text in filter(known_points, fuzz_strings(rng, 2, 6)):
            assert agrees(found, pretokenizer, text.encode()), (pretokenizer, text)
    assert taken > patterns / 2  # others match empty text


def test_patterns_as_regex_matches_them():
    held_to_regex("patterns", share(600), 12)


@pytest.mark.slow
def test_a_hundred_thousand_patterns_and_texts():
    held_to_regex("many patterns", 9000, 20)


def test_patterns_as_tokenizers_matches_them():
    rng = draw("patterns of tokenizers")
    for _ in range(share(800)):
        pattern, behavior = generated_patterns.pattern(rng), rng.choice([*Behavior])
        invert = rng.random() < 0.3
        try:
            step = PatternSplit(TextPattern(pattern), behavior, invert)
        except UnsupportedError:
            continue
        found = PretokenizerSequence((step,)).finder()
        if found is None:
            continue
        name = behavior.name.lower()
        theirs = pre_tokenizers.Split(tokenizers.Regex(pattern), name, invert)
        for _ in range(12):
            text = generated_patterns.text(rng)
            data = text.encode()
            begins, ends = found.find(data)
            pieces = [data[a:b].decode() for a, b in zip(begins, ends, strict=True)]
            expected = [piece for piece, _ in theirs.pre_tokenize_str(text)]
            assert pieces == expected, (pattern, behavior, invert, text)


def test_patterns_as_tiktoken_matches_them():
    rng = draw("patterns of tiktoken")
    signs = sorted({byte for _ in range(200) for byte in generated_patterns.text(rng).encode()})
    ranks = {bytes([i]): i for i in range(256)}
    for one in signs:
        for two in signs:
            ranks[bytes([one, two])] = len(ranks)
    for _ in range(share(300)):
        pattern = generated_patterns.pattern(rng)
        try:
            cut = RegexPretokenizer(pattern, "removed", True)
        except UnsupportedError:
            continue
        if cut.finder() is None:
            continue
        arguments = {"pat_str": pattern, "mergeable_ranks": ranks, "special_tokens": {}}
        theirs = tiktoken.Encoding("test", **arguments)
        mine = ours.Encoding("test", **arguments)
        for _ in range(8):
            text = generated_patterns.text(rng)
            assert mine.encode_ordinary(text) == theirs.encode_ordinary(text), (pattern, text)


@pytest.mark.parametrize("name", PATTERNS)
def test_known_patterns(name, rng):
    found = finder_of(
        (PatternCut(RegexPretokenizer(PATTERNS[name]).translated, Behavior.ISOLATED),)
    )
    assert found is not None
    for data in fuzz_bytes(rng, share(200), 30):
        check(found, RegexPretokenizer(PATTERNS[name]), data)


def step(rng: random.Random) -> PretokenizerStep:
    """One step of a tokenizer.json."""
    behavior = rng.choice([*Behavior])
    kind = rng.randrange(7)
    if kind < 2:
        pattern = rng.choice((r"\p{N}{1,3}", r"[\r\n]", r"\s?\p{L}+", r"\s+$", "[a-c]+", r"\s+"))
        return PatternSplit(TextPattern(pattern), behavior, rng.random() < 0.2)
    if kind == 2:
        return PatternSplit(TextPattern(rng.choice((" ", "ab", "."))), behavior)
    if kind == 3:
        return CharacterSplit(rng.choice(("PUNCTUATION", "NUMERIC", "WHITE_SPACE")), behavior)
    if kind == 4:
        return ByteLevel(False, rng.random() < 0.5)
    return rng.choice((Whitespace(), FixedLength(3), CharDelimiterSplit("a"), *bert_steps()))


def test_steps_in_any_order():
    rng = draw("steps in any order")
    for _ in range(share(600)):
        steps = [step(rng) for _ in range(rng.randint(1, 5))]
        spelled = rng.random() < 0.3
        if spelled:
            steps.insert(rng.randint(0, len(steps)), ByteSpelling())
        sequence = PretokenizerSequence(tuple(steps), "bytes" if spelled else "plain")
        found = sequence.finder()
        assert found is not None
        for text in fuzz_strings(rng, 4, 20):
            check(found, sequence, text.encode())
        if not spelled:
            for data in fuzz_bytes(rng, 2, 12):
                check(found, sequence, data)


def test_steps_as_tokenizers_takes_them():
    rng = draw("steps of tokenizers")
    steps = {
        pre_tokenizers.Whitespace(): Whitespace(),
        pre_tokenizers.Digits(True): CharacterSplit("NUMERIC", Behavior.ISOLATED),
        pre_tokenizers.Digits(False): CharacterSplit("NUMERIC", Behavior.CONTIGUOUS),
        pre_tokenizers.Punctuation("contiguous"): CharacterSplit(
            "PUNCTUATION", Behavior.CONTIGUOUS
        ),
        pre_tokenizers.CharDelimiterSplit("a"): CharDelimiterSplit("a"),
    }
    for _ in range(share(200)):
        chosen = rng.sample([*steps], 2)
        theirs = pre_tokenizers.Sequence(chosen)
        found = PretokenizerSequence(tuple(steps[each] for each in chosen)).finder()
        for text in filter(known_points, fuzz_strings(rng, 4, 20)):
            data = text.encode()
            begins, ends = found.find(data)
            pieces = [data[a:b].decode() for a, b in zip(begins, ends, strict=True)]
            assert pieces == [piece for piece, _ in theirs.pre_tokenize_str(text)]


SPANNED = {
    "removed": pre_tokenizers.Split(tokenizers.Regex(r"\s|\p{N}+"), "removed"),
    "kept": pre_tokenizers.Split(tokenizers.Regex(r"\p{L}+|[^\s\p{L}]"), "removed", invert=True),
    "cut": pre_tokenizers.Digits(True),
}


@pytest.mark.parametrize("name", SPANNED)
def test_spans_where_text_is_removed(name, rng):
    made = tokenizers.Tokenizer(
        models.BPE({symbol: i for i, symbol in enumerate(BYTE_ALPHABET)}, [])
    )
    made.pre_tokenizer = pre_tokenizers.Sequence([SPANNED[name], pre_tokenizers.ByteLevel(False)])
    tokenizer = load(made.to_str().encode())
    encoder = Encoder(tokenizer.pipeline)
    assert encoder.engines.pretokenizer is None
    engines = replace(encoder.engines, pretokenizer=tokenizer.pipeline.pretokenizer)
    by_python = StepRoute(encoder.preprocessor(), engines)
    for text in filter(known_points, fuzz_strings(rng, share(400), 20)):
        ids, spans = tokenizer.encode_with_spans(text)
        assert ids.tolist() == made.encode(text).ids
        assert spans.tolist() == by_python.encode_with_spans(text)[1].tolist(), text


@pytest.mark.parametrize(
    "pattern", [r" ?\p{L}+|\p{N}+|\s+(?!\S)|\s+|.", r"\p{N}{1,3}", r"(?:a|[^a])+", r"\s+$|a*b|a"]
)
def test_texts_longer_than_a_stretch(pattern, rng):
    cut = PatternSplit(TextPattern(pattern), Behavior.ISOLATED)
    sequence = PretokenizerSequence((cut, CharacterSplit("PUNCTUATION", Behavior.ISOLATED)))
    text = "".join(fuzz_strings(rng, 20_000 // 4, 20))
    assert len(text.encode()) > 3 * 2**15
    check(sequence.finder(), sequence, text.encode())


@pytest.mark.parametrize(
    ("pattern", "unit"),
    [
        ("(a+)+b", "a"),
        ("(a|a)*b|a", "a"),
        ("a*b|a", "a"),
        (r"\s+$", " "),
        (r"(?:\s*x)+y|\s+(?!\S)|\S", " x"),
        (r"(?:a*?b?)+?c|[ab]", "ab"),
        (r"(?=(?:a{3})+(?!a))a", "a"),
        (r"(?<=a*b)c|(?<!a+)b|a", "a"),
        (r"a{1,3}(?=(?:a{3})*b)", "a"),
    ],
)
def test_time_is_linear(pattern, unit):
    found = finder_of((PatternCut(f"(?V1){pattern}", Behavior.ISOLATED, multiline=True),))
    if found is None:  # repeats of what may be empty are for another engine
        assert pattern.startswith("(?:a*?")
        return
    # A second here is hours where time is quadratic.
    found.count((unit * 300_000 + "!").encode(), repeats=2)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a)\1",
        r"(?=a(?=bc))a",
        r"(?:a*)*",
        r"a*",
        r"(?>ab|a)b",
        r"(?:a|b)*a(?:a|b){30}",
        "a{2000}",
        r"(?R)?a",
        r"\X+",
    ],
)
def test_what_is_left_to_another_engine(pattern):
    assert finder_of((PatternCut(f"(?V1){pattern}", Behavior.ISOLATED),)) is None
