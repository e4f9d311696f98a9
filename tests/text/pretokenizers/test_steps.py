"""Pretokens are those of `tokenizers`, for each component and for sequences of them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tokenizers import Regex, pre_tokenizers

from fuzz_text import fuzz_string, without_surrogates
from tokenry.errors import FormatError, UnsupportedError
from tokenry.text.oniguruma import TextPattern
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.pretokenizers.pretokenized import PretokenizedText
from tokenry.text.pretokenizers.sequence import PretokenizerSequence, bert_steps
from tokenry.text.pretokenizers.steps import (
    ByteLevel,
    CharacterSplit,
    CharDelimiterSplit,
    FixedLength,
    Metaspace,
    PatternSplit,
    PretokenizerStep,
    Whitespace,
)
from tokenry.text.pretokenizers.word_finders import alignment_of

BEHAVIORS = {
    "removed": Behavior.REMOVED,
    "isolated": Behavior.ISOLATED,
    "merged_with_previous": Behavior.MERGED_WITH_PREVIOUS,
    "merged_with_next": Behavior.MERGED_WITH_NEXT,
    "contiguous": Behavior.CONTIGUOUS,
}
PATTERNS = [
    r"\s+",
    r"\d",
    r"\p{L}+|\p{N}{1,3}",
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    r" ?[^(\s|[.,!?…。，、।۔،])]+",
    r"[\r\n]|\s?[A-Za-zµÀ-ÖØ-öø-ƺ]+|\s?[!-/:-~！-／：-～‘-‟　-。]+|\s+$|[一-龥ࠀ-一가-퟿]+|\p{N}+",
    r"\w+",
    r"[^\w]",
    r"x*",
    r"(?=[A-Z])",
    r"$",
    r"^.",
]


def pairs() -> list[tuple[object, tuple[PretokenizerStep, ...]]]:
    """Their component and ours."""
    theirs = pre_tokenizers
    found: list[tuple[object, tuple[PretokenizerStep, ...]]] = [
        (theirs.BertPreTokenizer(), bert_steps()),
        (theirs.Whitespace(), (Whitespace(),)),
        (theirs.WhitespaceSplit(), (CharacterSplit("WHITE_SPACE", Behavior.REMOVED),)),
        (theirs.CharDelimiterSplit("a"), (CharDelimiterSplit("a"),)),
        (theirs.Digits(True), (CharacterSplit("NUMERIC", Behavior.ISOLATED),)),
        (theirs.Digits(False), (CharacterSplit("NUMERIC", Behavior.CONTIGUOUS),)),
        (theirs.FixedLength(3), (FixedLength(3),)),
    ]
    for name, behavior in BEHAVIORS.items():
        found.append((theirs.Punctuation(name), (CharacterSplit("PUNCTUATION", behavior),)))
        found.append((theirs.Split(" ", name), (PatternSplit(TextPattern(" ", True), behavior),)))
        found.append(
            (
                theirs.Split("a ", name, True),
                (PatternSplit(TextPattern("a ", True), behavior, True),),
            )
        )
        for pattern in PATTERNS:
            for invert in (False, True):
                ours = PatternSplit(TextPattern(pattern), behavior, invert)
                found.append((theirs.Split(Regex(pattern), name, invert), (ours,)))
    for scheme in ("always", "first", "never"):
        for split in (True, False):
            their = theirs.Metaspace("▁", scheme, split)
            found.append((their, (Metaspace("▁", scheme, split),)))  # type: ignore[arg-type]
    return found


def our_pretokens(steps: tuple[PretokenizerStep, ...], text: str) -> list[str]:
    stretches = PretokenizedText.of(text, first=True)
    for step in steps:
        stretches = step(stretches)
    return stretches.texts()


def their_pretokens(their: object, text: str) -> list[str]:
    return [piece for piece, _ in their.pre_tokenize_str(text)]  # type: ignore[attr-defined]


def texts(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    hot = [
        " ",
        "  ",
        "▁",
        "\n",
        "\t",
        "\x85",
        "a",
        "B",
        "'s",
        "1",
        "²",
        "½",
        "ſ",
        "é",
        "字",
        "。",
        "!",
    ]
    hot += [
        "\u0301",
        "\u200d",
        "x",
        "؟",
        "😀",
        "\u0378",
        "\U0001df2c",
        "\x00",
        "_",
        "-",
        "٣",
        "\u2028",
    ]
    mixed = ["".join(rng.choices(hot, k=rng.randint(0, 14))) for _ in range(count)]
    return mixed + [without_surrogates(fuzz_string(rng)) for _ in range(count)]


@pytest.mark.parametrize("pair", pairs(), ids=range(len(pairs())))
def test_pretokens_equal(pair: tuple[object, tuple[PretokenizerStep, ...]]) -> None:
    theirs, ours = pair
    for text in texts(3, 60):
        assert our_pretokens(ours, text) == their_pretokens(theirs, text), ascii(text)


def test_sequences_equal() -> None:
    rng = random.Random(11)
    components = pairs()
    for _ in range(200):
        chosen = rng.sample(components, rng.randint(2, 3))
        theirs = pre_tokenizers.Sequence([their for their, _ in chosen])
        ours = tuple(step for _, steps in chosen for step in steps)
        for text in texts(rng.randrange(10**6), 6):
            assert our_pretokens(ours, text) == their_pretokens(theirs, text), (chosen, text)


@pytest.mark.parametrize("prefix", [True, False])
@pytest.mark.parametrize("use_regex", [True, False])
def test_byte_level_cuts_at_the_same_places(prefix: bool, use_regex: bool) -> None:
    theirs = pre_tokenizers.ByteLevel(prefix, use_regex=use_regex)
    spell = pre_tokenizers.ByteLevel(False, use_regex=False)
    for text in texts(4, 400):
        ours = our_pretokens((ByteLevel(prefix, use_regex),), text)
        spelled = [spell.pre_tokenize_str(pretoken)[0][0] for pretoken in ours]
        assert spelled == their_pretokens(theirs, text), ascii(text)


def test_canonical_bytes_and_their_way_back() -> None:
    pretokenizer = PretokenizerSequence((Metaspace("▁", "always", True),), "marks")
    data = "a b▁é\udcff".encode("utf-8", "surrogateescape")
    pretokens = pretokenizer(data)
    cut = [pretokens.data[a:b] for a, b in zip(pretokens.starts, pretokens.ends, strict=True)]
    assert cut == [b" a", b" b", " é".encode() + b"\xff"]
    assert pretokens.alignment is not None
    assert pretokens.alignment.starts.tolist() == [0, 0, 1, 2, 3, 6, 7, 8]
    assert pretokens.alignment.ends.tolist() == [0, 1, 2, 3, 6, 7, 8, 9]


def test_an_unchanged_text_needs_no_way_back() -> None:
    pretokenizer = PretokenizerSequence((CharacterSplit("WHITE_SPACE", Behavior.REMOVED),))
    pretokens = pretokenizer(b"ab  c")
    assert pretokens.alignment is None
    assert np.array_equal(pretokens.starts, [0, 4])
    assert np.array_equal(pretokens.ends, [2, 5])


@pytest.mark.parametrize("pattern", [r"\p{N}{1,3}+", r"\Kx"])
def test_what_the_dialects_read_differently_is_refused(pattern: str) -> None:
    with pytest.raises(UnsupportedError):
        TextPattern(pattern)


@pytest.mark.parametrize("pattern", ["(", "[", "a{2,1}", "*", "(?P<a>x"])
def test_no_regular_expression(pattern: str) -> None:
    with pytest.raises((FormatError, UnsupportedError)):
        TextPattern(pattern)


@pytest.mark.parametrize(
    ("steps", "finish"),
    [
        (bert_steps(), "plain"),
        (
            (CharacterSplit("WHITE_SPACE", Behavior.REMOVED), Metaspace("▁", "always", True)),
            "marks",
        ),
    ],
)
def test_short_cuts_find_the_same_words(steps: tuple[PretokenizerStep, ...], finish: str) -> None:
    pretokenizer = PretokenizerSequence(steps, finish)  # type: ignore[arg-type]
    for text in [*texts(6, 400), "a\udcff b"]:
        data = text.encode("utf-8", "surrogateescape")
        short, long = pretokenizer(data), pretokenizer.by_steps(data)
        found = [
            [each.data[a:b] for a, b in zip(each.starts, each.ends, strict=True)]
            for each in (short, long)
        ]
        assert found[0] == found[1], ascii(text)
        aligned, expected = alignment_of(short), alignment_of(long)
        assert aligned.starts.tolist() == expected.starts.tolist()
        assert aligned.ends.tolist() == expected.ends.tolist()
