"""Cuts between scripts, in Python and in the core, against tokenizers."""

from __future__ import annotations

import random

import pytest

from tokenry.text.pretokenizers.cascade import finder_of
from tokenry.text.pretokenizers.pretokenized import PretokenizedText
from tokenry.text.pretokenizers.scripts import ScriptSplit
from tokenry.text.unicode.character_sets import inclusive_ranges
from tokenry.text.unicode.scripts import SCRIPTS

tokenizers = pytest.importorskip("tokenizers")

RANGES = [each for script in SCRIPTS for each in inclusive_ranges(script)]
OFTEN = "  abc12\u3042\u30a2\u6f22\u30fc,.\u041a\u0301\n\t\u0378"


def character(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(OFTEN)
    point = rng.randint(*rng.choice(RANGES)) if rng.random() < 0.8 else rng.randrange(0x110000)
    return " " if 0xD800 <= point < 0xE000 else chr(point)


def test_cuts_of_tokenizers(rng: random.Random) -> None:
    step, oracle = ScriptSplit(), tokenizers.pre_tokenizers.UnicodeScripts()
    core = finder_of(step.cuts())
    assert core is not None
    for _ in range(1500):
        text = "".join(character(rng) for _ in range(rng.randint(0, 24)))
        expected = [span for _, span in oracle.pre_tokenize_str(text)]
        cut = step(PretokenizedText.of(text, first=True))
        assert list(zip(cut.starts, cut.ends, strict=True)) == expected, ascii(text)
        spans = zip(*core.find(text.encode()), strict=True)
        found = [text.encode()[begin:end].decode() for begin, end in spans]
        assert found == [text[begin:end] for begin, end in expected], ascii(text)
