"""Texts that no splitter tells apart, so that one of them is tried for all.

Split patterns look at kinds of characters: letters by case and script, digits one by one, white
space, signs by category, and single characters that they name, among them the letters of
contractions, which follow an apostrophe. A shape has one character for each kind and keeps those
that are named; a run of letters of one kind is cut to two. `tests/decoding/canonical` holds what is
found by shapes to what is found by the pieces themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from itertools import groupby
from typing import Final

from tokenry.text.parts import Pretokenizer
from tokenry.text.pretokenizers.split_patterns import pattern_of

APOSTROPHES: Final = "'\u2019"
RUN: Final = 2
"""Letters of a run that are kept; a pattern tells none, one and several apart."""
SCRIPTS: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LATIN", "CYRILLIC", "GREEK")
# What is no literal in a pattern: escapes, groups' heads, counts, sets' ends, syntax.
_SYNTAX: Final = re.compile(
    r"\\[pP]\{[^}]*\}|\\x\{?[0-9A-Fa-f]+\}?|\\u[0-9A-Fa-f]{4}|\\[A-Za-z]|\(\?[^a-zA-Z]?|\{[\d,]+\}|[()|?*+]"
)


class Shapes:
    """Shapes of texts.

    Args:
        named: signs that the splitter tells apart from all others.
    """

    def __init__(self, named: Set[str]) -> None:
        self._named = named | {*APOSTROPHES}
        self._kinds: dict[str, str] = {}
        self._first: dict[tuple[str, ...], str] = {}

    def of(self, text: bytes, after_apostrophe: bool = False) -> bytes:
        """What stands for a text.

        Args:
            text: bytes; those that are no UTF-8 stay.
            after_apostrophe: whether one of the two characters before it is an apostrophe.

        >>> shapes = Shapes(frozenset())
        >>> shapes.of(b" Hello's"), shapes.of(b"123 yes")
        (b" Hee's", b'111 ee')
        """
        kept, out = 2 if after_apostrophe else 0, []
        for character in text.decode("utf-8", "surrogateescape"):
            out.append(character if kept > 0 else self._kind(character))
            kept = 2 if character in APOSTROPHES else kept - 1
        return _short("".join(out)).encode("utf-8", "surrogateescape")

    def _kind(self, character: str) -> str:
        """The character that stands for its kind: the first that was met."""
        found = self._kinds.get(character)
        if found is None:
            key = self._key(character)
            found = self._kinds[character] = self._first.setdefault(key, character)
        return found

    def _key(self, character: str) -> tuple[str, ...]:
        category = unicodedata.category(character)
        # Other characters are few, and white space is told apart one by one.
        if character in self._named or category[0] in "ZC":
            return (character,)
        if category[0] in "PS":
            return (category, str(character < "\x80"))
        name = unicodedata.name(character, "")
        return (category, next((each for each in SCRIPTS if name.startswith(each)), ""))


def near_apostrophe(text: bytes) -> bool:
    """Whether one of the last two characters is an apostrophe."""
    return any(c in APOSTROPHES for c in text[-6:].decode("utf-8", "ignore")[-2:])


def named_signs(pretokenizer: Pretokenizer) -> frozenset[str]:
    """Signs that stand for themselves in a splitter's pattern, or in what it says of itself."""
    native = (getattr(pretokenizer, "native", None) or "").partition("+")[0]
    pattern = f"{pattern_of(native) or ''} {pretokenizer!r}"
    literals = _SYNTAX.sub(" ", pattern)
    return frozenset(c for c in literals if not c.isalnum() and not c.isspace())


def _short(characters: str) -> str:
    """Runs of one letter cut to `RUN`."""
    runs = ((character, len([*run])) for character, run in groupby(characters))
    return "".join(c * (min(count, RUN) if c.isalpha() else count) for c, count in runs)
