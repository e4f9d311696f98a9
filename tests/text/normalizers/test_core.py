"""Normalizers in the core: the text of tokenizers and unicodedata, the spans of the twins."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import regex
from tokenizers import Regex
from tokenizers import normalizers as theirs

from fuzz_text import fuzz_bytes, fuzz_string, without_surrogates
from shares import draw, part, share
from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.byte_level import ByteLevelText
from tokenry.text.normalizers.nmt import Nmt
from tokenry.text.normalizers.replacing import Prepend, Replace, Strip
from tokenry.text.normalizers.sequence import NormalizerSequence
from tokenry.text.normalizers.unicode_forms import Lowercase, StripAccents, UnicodeForm
from tokenry.text.oniguruma import TextPattern
from tokenry.text.parts import Normalizer
from tokenry.text.preprocessing import align_valid
from tokenry.text.unicode.character_sets import ranges, table
from tokenry.text.unicode.utf8 import map_valid

POINTS = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
FORMS: tuple[Any, ...] = ("NFC", "NFD", "NFKC", "NFKD")
UNASSIGNED = "".join(char for char in map(chr, POINTS) if unicodedata.category(char) == "Cn")
# Joiners of clusters for the module regex, but not for tokenizers, whose tables the core has.
NEWER = dict.fromkeys(ord(char) for char in regex.findall(r"\p{M}", UNASSIGNED))
# What the library's older tables take for something else than the newest ones do.
YOUNG = {
    p: None for name in ("UNASSIGNED", "INERT") for a, b in ranges(name) for p in range(a, b + 1)
}


def literal(sought: str, content: str) -> tuple[Normalizer, Any]:
    return Replace(TextPattern(sought, True), content), theirs.Replace(sought, content)


def pattern(sought: str, content: str) -> tuple[Normalizer, Any]:
    return Replace(TextPattern(sought), content), theirs.Replace(Regex(sought), content)


def sequence(*steps: tuple[Normalizer, Any]) -> tuple[Normalizer, Any]:
    return NormalizerSequence(tuple(one for one, _ in steps)), theirs.Sequence(
        [two for _, two in steps]
    )


SIMPLE: dict[str, tuple[Normalizer, Any]] = {
    **{form: (UnicodeForm(form), getattr(theirs, form)()) for form in FORMS},
    "lower": (Lowercase(), theirs.Lowercase()),
    "accents": (StripAccents(), theirs.StripAccents()),
    "nmt": (Nmt(), theirs.Nmt()),
    "prepend": (Prepend("\u2581x"), theirs.Prepend("\u2581x")),
    "strip": (Strip(True, True), theirs.Strip()),
    "strip left": (Strip(True, False), theirs.Strip(right=False)),
    "literal": literal("\u0301\u0323", "e"),
    "longer": literal(" ", "\u2581"),
    "removed": literal("a", ""),
    "set": pattern(r"\p{Z}|[\x00-\x08]|\p{Cf}|\p{Co}|[\uFE0F]", "_"),
    "run": pattern(r"\s+", " "),
    "long run": pattern(" {2,}", " "),
    "pattern": pattern(r"\s{2,}|[\n\r\t]", " "),
    "lookaround": pattern(r"(?<=a)e|^e|e$", "\u00e9"),
}
MANY = {
    "xlnet": sequence(
        literal("``", '"'), literal("''", '"'), SIMPLE["NFKD"], SIMPLE["accents"], SIMPLE["lower"]
    ),
    "clip": sequence(SIMPLE["NFC"], SIMPLE["run"], SIMPLE["lower"]),
    "deberta": sequence(
        SIMPLE["pattern"], SIMPLE["NFC"], (Strip(False, True), theirs.Strip(left=False))
    ),
    "prepended": sequence(SIMPLE["removed"], SIMPLE["NFKC"], SIMPLE["prepend"], SIMPLE["longer"]),
    "bert": sequence(
        SIMPLE["nmt"],
        (BertNormalizer(True, True, None, True), theirs.BertNormalizer(True, True, None, True)),
    ),
}
ALL = SIMPLE | MANY


def core_of(normalizer: Normalizer) -> _native.Normalizer:
    core = normalizer.native()
    assert core is not None
    return core


def texts(rng: random.Random, count: int) -> Iterator[str]:
    """Text of pieces that matter: marks that move and compose, spaces, quotes, jamo."""
    pools: list[Any] = [
        "ae \u0301\u0323\u0327\u0345\u0334\u00e9\u1e69\u0344\u0958\u093c\u09c7\u09be",
        "\u1100\u1161\u11a8\uac00\uac01\uffa1\uffc2\u11a7\u1175",
        "``''\" \u00a0\u3000\u2003\ufb01\u2126\u212b\ufdfa\u00a8\u037a\u0130\u03a3",
        "a \t\n\r\x0b\x00\x07\u200b\ufeff\ufe0f\u2581\ufffd\u2028",
        [chr(point) for point in POINTS if unicodedata.combining(chr(point))],
        [chr(point) for point in POINTS],
    ]
    for _ in range(count):
        pool = rng.choice(pools)
        yield "".join(rng.choices(pool, k=rng.choice([1, 2, 3, 5, 17, 40])))
        yield without_surrogates(fuzz_string(rng))


@pytest.mark.parametrize("form", FORMS)
def test_every_code_point(form: Any) -> None:
    core, their = core_of(UnicodeForm(form)), getattr(theirs, form)()
    inert = table("INERT")
    for start in part(range(0, len(POINTS), 2048)):
        points = POINTS[start : start + 2048]
        for between in ("", "a", "\u0323"):
            text = between.join(map(chr, points))
            changed = core.normalize(text.encode()).decode()
            assert changed == their.normalize_str(text), hex(start)
            if not inert[points].any():
                assert changed == unicodedata.normalize(form, text)


@pytest.mark.parametrize("name", ["lower", "accents", "nmt", "set", "run", "strip"])
def test_every_code_point_by_itself(name: str) -> None:
    ours, their = SIMPLE[name]
    core = core_of(ours)
    for start in part(range(0, len(POINTS), 2048)):
        text = "a".join(map(chr, POINTS[start : start + 2048]))
        text = text.translate(YOUNG) if name in ("set", "run") else text
        assert core.normalize(text.encode()).decode() == their.normalize_str(text), hex(start)


@pytest.mark.parametrize("name", ALL)
def test_random_text(name: str) -> None:
    ours, their = ALL[name]
    core = core_of(ours)
    for text in texts(draw(f"core {name}"), share(600)):
        text = text.translate(YOUNG)
        expected = their.normalize_str(text)
        assert ours(text) == expected, ascii(text)
        assert core.normalize(text.encode()).decode() == expected, ascii(text)
        assert core.leaves(text) == (expected == text), ascii(text)


@pytest.mark.parametrize("name", ALL)
def test_spans_and_bytes_that_are_not_utf8(name: str) -> None:
    ours, _ = ALL[name]
    core, rng = core_of(ours), draw(f"core spans {name}")
    data = [text.translate(NEWER).encode() for text in texts(rng, share(200))]
    for one in fuzz_bytes(rng, share(200)):
        data += [one, one + bytes(rng.choices((0xCC, 0x81, 0x61, 0xC3, 0x20, 0x96), k=6))]
    data += [b"\xc3\xcc\x81\xa9", b"\xe2\x96a\x81", b"\xcc\x81\xff\xcc\x81", b""]
    for each in data:
        changed, alignment = align_valid(each, ours)
        found, starts, ends = core.align(each)
        assert core.normalize(each) == found == changed == map_valid(each, ours), each
        alignment = alignment or Alignment.identity(len(each))
        assert np.array_equal(starts, alignment.starts), each
        assert np.array_equal(ends, alignment.ends), each


def test_the_byte_level_alphabet() -> None:
    ours, core = ByteLevelText(), ByteLevelText().native()
    data = "".join(map(chr, POINTS[:2000])).encode()
    assert core.normalize(data).decode() == ours(data.decode())
    changed, starts, ends = core.align(data)
    alignment = ours.align(data.decode())[1]
    assert changed == ours(data.decode()).encode()
    assert np.array_equal(starts, alignment.starts)
    assert np.array_equal(ends, alignment.ends)


def test_text_in_its_form_is_left() -> None:
    for form in FORMS:
        text = unicodedata.normalize(
            form, "caf\u00e9 \u4f60\u597d \ud55c\uad6d\uc5b4 \u0939\u093f " * 999
        )
        assert core_of(UnicodeForm(form)).leaves(text)
        assert core_of(UnicodeForm(form)).leaves(text.encode() + b"\xff")


@pytest.mark.parametrize(
    "made",
    [
        lambda: _native.FormNormalizer("NFX"),
        lambda: _native.LiteralReplacer(b"", b"a"),
        lambda: _native.CharacterChanges(*(np.array([5], np.uint32),) * 3, [b""]),
        lambda: _native.CharacterChanges(
            np.array([5], np.uint32), np.array([4], np.uint32), np.array([0], np.uint32), [b""]
        ),
    ],
)
def test_what_is_none(made: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        made()
