"""Normalised text is that of `tokenizers`, for every code point and for random text."""

from __future__ import annotations

import random
import unicodedata
from itertools import product

import numpy as np
import pytest
from tokenizers import Regex
from tokenizers import normalizers as theirs

from fuzz_text import fuzz_string, without_surrogates
from shares import draw, part, share
from tokenry.spans import Alignment
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.byte_level import ByteLevelText
from tokenry.text.normalizers.replacing import Prepend, Replace, Strip
from tokenry.text.normalizers.sequence import NormalizerSequence
from tokenry.text.normalizers.unicode_forms import Lowercase, StripAccents, UnicodeForm
from tokenry.text.oniguruma import TextPattern
from tokenry.text.parts import Normalizer

POINTS = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
COMBINING = [point for point in POINTS if unicodedata.combining(chr(point))]
JAMO = [0x1100, 0x1161, 0x11A8, 0xAC00, 0xFFA1, 0xFFC2]
TRICKY = [0x20, 0x09, 0x0A, 0x1C, 0x85, 0x61, 0x41, 0x3A3, 0x130, 0x2003, 0x78, 0x2581, 0x5B57]


def pairs() -> list[tuple[object, Normalizer]]:
    """Their component and ours."""
    found: list[tuple[object, Normalizer]] = [
        (theirs.NFC(), UnicodeForm("NFC")),
        (theirs.NFD(), UnicodeForm("NFD")),
        (theirs.NFKC(), UnicodeForm("NFKC")),
        (theirs.NFKD(), UnicodeForm("NFKD")),
        (theirs.Lowercase(), Lowercase()),
        (theirs.StripAccents(), StripAccents()),
        (theirs.Prepend("▁"), Prepend("▁")),
        (theirs.ByteLevel(), ByteLevelText()),
        (theirs.Replace(" ", "▁"), Replace(TextPattern(" ", True), "▁")),
        (theirs.Replace("aa", "a"), Replace(TextPattern("aa", True), "a")),
        (theirs.Replace(Regex(r" {2,}"), " "), Replace(TextPattern(r" {2,}"), " ")),
        (theirs.Replace(Regex(r"\s*"), "é"), Replace(TextPattern(r"\s*"), "é")),
    ]
    for left, right in product((True, False), repeat=2):
        found.append((theirs.Strip(left, right), Strip(left, right)))
    for clean, han, accents, lower in product((True, False), (True, False), (1, 0, None), (1, 0)):
        settings = (clean, han, None if accents is None else bool(accents), bool(lower))
        found.append((theirs.BertNormalizer(*settings), BertNormalizer(*settings)))
    return found


def texts(rng: random.Random, count: int) -> list[str]:
    pools = [POINTS, range(1, 0x3000), range(0x10000, 0x12000), [*COMBINING, *JAMO, 0x61], TRICKY]
    mixed = [
        "".join(map(chr, rng.choices(rng.choice(pools), k=rng.randint(0, 12))))
        for _ in range(count)
    ]
    texts = mixed + [fuzz_string(rng) for _ in range(count // 2)]
    return [without_surrogates(text.replace("\ud800", "")) for text in texts]


@pytest.mark.parametrize("pair", pairs()[:18], ids=range(18))
def test_every_code_point(pair: tuple[object, Normalizer]) -> None:
    their, ours = pair
    for start in part(range(0, len(POINTS), 4096)):
        text = "a".join(map(chr, POINTS[start : start + 4096]))
        assert ours(text) == their.normalize_str(text), hex(POINTS[start])  # type: ignore[attr-defined]


@pytest.mark.parametrize("pair", pairs(), ids=range(len(pairs())))
def test_random_text_and_alignment(pair: tuple[object, Normalizer]) -> None:
    their, ours = pair
    for text in texts(draw("alignment"), share(120)):
        expected = their.normalize_str(text)  # type: ignore[attr-defined]
        assert ours(text) == expected, ascii(text)
        changed, alignment = ours.align(text)
        assert changed == expected
        check_alignment(text, changed, alignment)


def check_alignment(text: str, changed: str, alignment: Alignment) -> None:
    """Ranges ascend and lie in the text."""
    size = len(text.encode())
    assert len(alignment.starts) == len(alignment.ends) == len(changed.encode())
    assert np.all(np.diff(alignment.starts) >= 0)
    assert np.all(alignment.starts <= alignment.ends)
    assert np.all((alignment.starts >= 0) & (alignment.ends <= size))


def test_sequences() -> None:
    rng = random.Random(2)
    components = [pair for pair in pairs() if "s*" not in str(pair[0])]  # theirs panics in it
    for _ in range(100):
        chosen = rng.sample(components, 3)
        their = theirs.Sequence([each for each, _ in chosen])
        ours = NormalizerSequence(tuple(each for _, each in chosen))
        for text in texts(rng, 4):
            expected = their.normalize_str(text)
            assert ours(text) == expected, (chosen, ascii(text))
            changed, alignment = ours.align(text)
            assert changed == expected
            check_alignment(text, changed, alignment)


def test_alignment_points_at_what_a_byte_came_from() -> None:
    text, alignment = NormalizerSequence((UnicodeForm("NFKC"), Lowercase())).align("x ﬁ É")
    assert text == "x fi é"
    assert alignment.starts.tolist() == [0, 1, 2, 2, 5, 6, 6]
    assert alignment.ends.tolist() == [1, 2, 5, 5, 6, 8, 8]
