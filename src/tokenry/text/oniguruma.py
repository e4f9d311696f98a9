"""Regular expressions of tokenizer.json files: Oniguruma's dialect, run by the `regex` module.

The dialects agree on what real files use. What reads differently is rewritten; what cannot be is
refused by name, since a pattern that means something else gives different ids without a sound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tokenry.errors import FormatError, UnsupportedError
from tokenry.text.patterns.backtracking import matches
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import char_class, pattern

if TYPE_CHECKING:
    import regex

# \w of Oniguruma is that of the regex crate less the joiners; outside brackets it also takes the
# superscripts and fractions of Latin-1.
_WORD = char_class("WORD").replace("\u200c-\u200d", "")
_ALONE = f"[{_WORD}²³¹¼-¾]"
_OUTSIDE = {
    "w": _ALONE,
    "W": f"[^{_WORD}²³¹¼-¾]",
    "Z": r"(?=\n?\Z)",
    "z": r"\Z",
    "b": rf"(?:(?<={_ALONE})(?!{_ALONE})|(?<!{_ALONE})(?={_ALONE}))",
    "B": rf"(?:(?<={_ALONE})(?={_ALONE})|(?<!{_ALONE})(?!{_ALONE}))",
}
_OUTSIDE |= {
    "h": "[0-9A-Fa-f]",
    "H": "[^0-9A-Fa-f]",
    "N": r"[^\n]",
    "O": r"(?s:.)",
    "R": r"(?>\r\n|[\n\x0b\f\r\x85\u2028\u2029])",
}
_INSIDE = {"w": _WORD, "b": r"\x08", "h": "0-9A-Fa-f", "H": "[^0-9A-Fa-f]"}
# Bracketed names within a set.
_NAMED = re.compile(r"\[:(\^?)(\w+):\]")
_NAMES = {
    "alnum": r"\p{Alphabetic}\p{Nd}",
    "alpha": r"\p{Alphabetic}",
    "ascii": r"\x00-\x7f",
    "blank": r"\p{Zs}\t",
    "cntrl": r"\p{Cc}",
    "digit": r"\p{Nd}",
    "graph": r"[^\p{White_Space}\p{Cc}\p{Cn}\p{Cs}]",
    "lower": r"\p{Lowercase}",
    "print": r"[^\p{White_Space}\p{Cc}\p{Cn}\p{Cs}]\p{Zs}",
    "punct": r"\p{P}\p{S}",
    "space": r"\p{White_Space}",
    "upper": r"\p{Uppercase}",
    "word": _WORD,
    "xdigit": "0-9A-Fa-f",
}
# In Oniguruma's syntax "m" lets a dot match line feeds, which "s" does elsewhere.
_DOT_FLAG = re.compile(r"\(\?(?=[im-]*m)[im-]+(?=[:)])")
# What the dialects read differently; `regex` errs on large sets side by side.
_REFUSED_OUTSIDE = frozenset("XKGyYMCckgo")
_REFUSED_INSIDE = frozenset("BRXKGyYNOMCckgoW")
# Half a character of UTF-8: no text has it, and a range that ends there ends with ASCII.
_RAW_BYTES = re.compile(r"\\x[89aAbB][0-9a-fA-F](?:-\\x[89a-fA-F][0-9a-fA-F])?")
_BYTE = re.compile(r"\\x[89a-fA-F][0-9a-fA-F]")  # with others it spells a character
_POSSESSIVE_INTERVAL = re.compile(r"\{[\d,]+\}\+")
_PLAIN = re.compile(r"[ ▁\w]+(\{[1-9]\d?,\}|\+)?")
_SET_OPERATORS = ("--", "||", "~~")
_UNASSIGNED = "\u0378"  # unassigned in every version of Unicode so far


@cache
def compile_onig(source: str) -> regex.Pattern[str]:
    """Compile a pattern of a tokenizer.json.

    Raises:
        UnsupportedError: it uses what the two dialects read differently.
        FormatError: it is no regular expression.
    """
    import regex  # takes longer to import than most files to load

    try:
        return regex.compile(translated(source), regex.V1 | regex.MULTILINE)
    except (regex.error, OverflowError, RecursionError) as error:
        raise FormatError(f"the pattern {source!r} is no regular expression: {error}") from None


def translated(source: str) -> str:
    """The pattern in the syntax of the ``regex`` module's version 1, with edges of lines.

    Raises:
        UnsupportedError: it uses what the two dialects read differently.
    """
    return "".join(_translate(source))


def _translate(source: str) -> Iterator[str]:
    depth = place = 0
    while place < len(source):
        character = source[place]
        step = 1
        raw = _RAW_BYTES.match(source, place) if depth else None
        if raw:
            step = len(raw[0])
            yield r"\x7f" if source[place - 1] == "-" else ""
        elif character == "\\":
            step = 2
            yield _escape(source, place, inside=depth > 0)
        elif depth and (named := _NAMED.match(source, place)):
            step = len(named[0])
            yield _named(source, named)
        elif not depth and (flags := _DOT_FLAG.match(source, place)):
            step = len(flags[0])
            yield flags[0].replace("m", "s")
        elif depth and source[place : place + 2] in _SET_OPERATORS:
            step = 2
            yield "".join(f"\\{each}" for each in source[place : place + 2])
        else:
            depth += _depth_change(source, place, depth)
            _check(source, place, depth)
            yield character
        place += step


def _named(source: str, found: re.Match[str]) -> str:
    members = _NAMES.get(found[2])
    if members is None:
        raise _refusal(source, found[0])
    return f"[^{members}]" if found[1] else members


def _depth_change(source: str, place: int, depth: int) -> int:
    if source[place] == "[":
        if source.startswith("[:", place) and depth:
            raise _refusal(source, "[:...:]")
        return 1
    return -1 if source[place] == "]" and depth else 0


def _escape(source: str, place: int, *, inside: bool) -> str:
    letter = source[place + 1 : place + 2]
    if _BYTE.match(source, place):
        raise _refusal(source, source[place : place + 4])
    if letter in (_REFUSED_INSIDE if inside else _REFUSED_OUTSIDE):
        raise _refusal(source, f"\\{letter}")
    if letter == "u" and source[place + 2 : place + 3] == "{":
        raise _refusal(source, "\\u{...}")
    if letter == "x" and source[place + 2 : place + 3] == "{":
        raise _refusal(source, "\\x{...}")
    return (_INSIDE if inside else _OUTSIDE).get(letter, f"\\{letter}")


def _check(source: str, place: int, depth: int) -> None:
    if depth:
        return
    if _POSSESSIVE_INTERVAL.match(source, place):
        raise _refusal(source, "{n,m}+")
    if source.startswith("(?", place):
        inside = source[place + 2 : place + 12].split(")")[0].split(":")[0]
        flags = inside.isalpha() or inside.replace("-", "").isalpha()
        if flags and not inside.startswith(("P", "<")) and set(inside) - {"i", "-"}:
            raise _refusal(source, f"(?{inside})")
        if inside.startswith(("~", "@", "{", "(", "R", "&")):
            raise _refusal(source, f"(?{inside[:1]}")


def _refusal(source: str, part: str) -> UnsupportedError:
    return UnsupportedError(
        f"the pattern {source!r} uses {part}, which means something else outside Oniguruma; "
        "rewrite it without, or load the file with tokenizers"
    )


@saved_as("onig.TextPattern")
@dataclass(frozen=True, slots=True)
class TextPattern:
    """What a component of a tokenizer.json looks for: an expression, or literal text.

    Raises:
        UnsupportedError: the expression uses what the two dialects read differently.
        FormatError: it is no regular expression.
    """

    source: str
    is_literal: bool = False

    def __post_init__(self) -> None:
        if not self.source:
            raise UnsupportedError("an empty pattern matches everywhere; name what to look for")
        if not self.is_literal:
            self.compiled()

    def compiled(self) -> regex.Pattern[str]:
        """As a pattern of the `regex` module."""
        return _compiled_literal(self.source) if self.is_literal else compile_onig(self.source)

    @property
    def is_one_character(self) -> bool:
        """Whether a match is one character, wherever it stands."""
        return self.is_literal and len(self.source) == 1

    @property
    def is_plain(self) -> bool:
        """Whether it is one of those that no dialect reads differently."""
        return not self.is_literal and _compiled_plain(self.source) is not None

    def to_tokenizer_json(self) -> dict[str, str]:
        """As a component names it."""
        return {"String" if self.is_literal else "Regex": self.source}

    def replace(self, text: str, content: str) -> str:
        """``text`` with ``content`` for every match."""
        if self.is_literal:
            return text.replace(self.source, content)
        plain = _compiled_plain(self.source)
        if plain is not None:
            return plain.sub(lambda match: content, text)
        parts: list[str] = []
        place = 0
        for start, end in self.occurrences(text):
            parts += [text[place:start], content]
            place = end
        return "".join([*parts, text[place:]]) if parts else text

    def occurrences(self, text: str) -> list[tuple[int, int]]:
        """Matches in ``text`` as Oniguruma's iterator gives them: (start, end) in characters.

        Code points that its Unicode (16) does not know are matched as unassigned ones.
        """
        if not text:
            return []
        if not self.is_literal and not text.isascii():
            text = pattern("UNASSIGNED").sub(_UNASSIGNED, text)
        compiled = self.compiled()
        found = list(matches(compiled, text))
        if any(start == end for start, end in found):
            return list(_with_empty(compiled, text))
        return found


@cache
def _compiled_plain(source: str) -> re.Pattern[str] | None:
    """For the likes of `` {2,}``, which no dialect reads differently: `re` is 6 times as fast."""
    return re.compile(source) if _PLAIN.fullmatch(source) else None


@cache
def _compiled_literal(text: str) -> regex.Pattern[str]:
    import regex

    return regex.compile(regex.escape(text, special_only=True), regex.V1)


def _with_empty(compiled: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    # An empty match right behind the match before it does not count; the search moves on by one.
    place, last = 0, -1
    while place <= len(text):
        found = next(matches(compiled, text, place), None)
        if found is None:
            return
        start, end = found
        if start == end == last:
            place += 1
            continue
        place = last = end
        yield start, end
