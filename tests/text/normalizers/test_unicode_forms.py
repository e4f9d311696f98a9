"""Long runs of marks: equal to tokenizers, and in time that grows with the text alone."""

from __future__ import annotations

import random
import time
import unicodedata
from typing import Any

import pytest
from tokenizers import normalizers as theirs

from shares import draw, share
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.replacing import Prepend, Replace, Strip
from tokenry.text.normalizers.unicode_forms import Lowercase, StripAccents, UnicodeForm
from tokenry.text.oniguruma import TextPattern
from tokenry.text.parts import Normalizer

FORMS: list[Any] = ["NFC", "NFD", "NFKC", "NFKD"]
# Classes 230, 220, 202, 240, 1, 9; two in one; a mark of class 0, a joiner, letters that compose.
MARKS = ["\u0301", "\u0323", "\u0327", "\u0345", "\u0334", "\u094d", "\u0344", "\u0903", "\u034f"]
LETTERS = ["a", "\u00e9", "\u1e69", "\u0958", "\uac00", "\u11a8", "\ufb01", "\u1d160", " "]


def marked(rng: random.Random) -> str:
    return "".join(
        rng.choice(LETTERS) + "".join(rng.choices(MARKS, k=rng.choice([0, 2, 31, 32, 33, 200])))
        for _ in range(rng.randint(1, 4))
    )


@pytest.mark.parametrize("form", FORMS)
def test_long_runs_of_marks(form: Any) -> None:
    their, ours = getattr(theirs, form)(), UnicodeForm(form)
    rng = draw(f"marks {form}")
    for _ in range(share(400)):
        text = marked(rng)
        expected = their.normalize_str(text)
        assert ours(text) == expected == unicodedata.normalize(form, text)
        changed, alignment = ours.align(text)
        assert changed == expected
        assert len(alignment.starts) == len(expected.encode())
        assert alignment.ends[-1] <= len(text.encode())


NORMALIZERS: list[Normalizer] = [
    *map(UnicodeForm, FORMS),
    BertNormalizer(True, True, None, True),
    Lowercase(),
    StripAccents(),
    Strip(True, True),
    Prepend("x"),
    Replace(TextPattern(r" {2,}"), " "),
    Replace(TextPattern("ab", True), "a"),
]
TEXTS = {
    "marks": "\u0301\u0323",
    "double marks": "\u0344\u0323",
    "young marks": "\u0897\u0323",
    "letters": "e\u0301\ufb01",
    "jamo": "\u1100\u1161\u11a8",
    "one cluster": "\U0001f469\u200d",
    "spaces": "  ",
    "capitals": "\u03a3\u0130",
}


@pytest.mark.parametrize("normalizer", NORMALIZERS, ids=repr)
@pytest.mark.parametrize("kind", TEXTS)
def test_time_grows_with_the_text_alone(normalizer: Normalizer, kind: str) -> None:
    core = normalizer.native()

    def spent(repeats: int) -> float:
        text = "a" + TEXTS[kind] * repeats
        begin = time.process_time()
        normalizer(text)
        normalizer.align(text)
        if core is not None:
            core.normalize(text.encode())
            core.align(text.encode())
        return time.process_time() - begin

    spent(1000)
    # Quadratic ones take 16 times as long for 4 times the text, and seconds.
    assert spent(16_000) < 8 * min(spent(4_000) for _ in range(2)) + 0.05
