"""The rule that predicts the form of a suffix."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenry.text.segmenters.allomorphs import REACH, Allomorphs

TURKISH = {"I": "ı", "İ": "i"}
RULE = Allomorphs(
    (("lar", "ler"), ("da", "de", "ta", "te")),
    "aeıioöuü",
    {(0, "e", ""): 1, (0, "i", ""): 1, (1, "e", ""): 1, (1, "a", "p"): 2, (1, "e", "t"): 3},
    TURKISH,
)
letters = st.text("aeıiIİkptr -.é’𐐀", max_size=24)


def test_backs_off() -> None:
    assert RULE.predict(0, ("e", "v")) == 1
    assert RULE.predict(1, ("a", "p")) == 2
    assert RULE.predict(1, ("e", "t")) == 3
    assert RULE.predict(1, ("ö", "t")) == 0
    assert Allomorphs((("a", "b"),), "", {(0, "", ""): 7}).predict(0, ("", "")) == 0


def test_context() -> None:
    assert RULE.context(" KİTAP") == ("a", "p")
    assert RULE.context("SIRT") == ("ı", "t")
    assert RULE.context(" krt") == ("", "t")
    assert RULE.context("krt") is None  # a vowel may stand before
    assert RULE.context("k" * REACH) == ("", "k")


@given(letters, letters)
def test_what_comes_before_changes_nothing(before: str, text: str) -> None:
    context = RULE.context(text)
    if context is not None and text:
        assert RULE.context_of_bytes((before + text).encode()) == context
        assert RULE.context_of_bytes(b"\xff\xc3" + text.encode()) == context
