r"""Regular expressions of rank files: the dialect of Rust's ``fancy-regex``, run by `regex`.

tiktoken cuts with it. Both know sets within sets and set operations; where they write or read a
part otherwise it is rewritten, and what has no counterpart is refused by name, since a pattern
that means something else gives other ids without a sound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from tokenry.errors import UnsupportedError
from tokenry.text.unicode.character_sets import char_class

_SET_OPERATIONS: Final = ("&&", "--", "~~")
# \w of the regex crate, and what follows from it; $ and \Z are the end but for \Z's line feeds.
_WORD = char_class("WORD")
_EDGE = rf"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))"
_INNER = rf"(?:(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}]))"
_OUTSIDE: Final = {
    "w": f"[{_WORD}]",
    "W": f"[^{_WORD}]",
    "b": _EDGE,
    "B": _INNER,
    "z": r"\Z",
    "Z": r"(?=\n*\Z)",
    "h": "[0-9A-Fa-f]",
    "H": "[^0-9A-Fa-f]",
    "R": r"(?:\r\n|[\n\x0b\f\r\x85\u2028\u2029])",
}
_INSIDE: Final = {"w": f"[{_WORD}]", "W": f"[^{_WORD}]", "h": "[0-9A-Fa-f]", "H": "[^0-9A-Fa-f]"}
_REFUSED: Final = frozenset("CELlMmNOoQqXYyij<>") | frozenset("KGgk")
_ASCII_CLASSES: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t\x20",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": r"\x20-~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r\x20",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_ASCII_CLASS = re.compile(r"\[:(\^?)(\w+):\]")
_HEXADECIMAL = re.compile(r"\\[xuU]\{([0-9A-Fa-f]+)\}")
_PROPERTY = re.compile(r"\\[pP](?:\{[^}]*\}|[A-Za-z])")
_FLAGS = re.compile(r"\(\?([A-Za-z-]+)[:)]")


@lru_cache(maxsize=64)
def translate(pattern: str) -> str:
    """The pattern in the syntax of the ``regex`` module's version 1.

    Raises:
        UnsupportedError: it uses what the two read otherwise and no rewriting gives.
    """
    # Version 1 folds case one character to many; Rust does not.
    return "(?V1)(?-f:" + "".join(_parts(pattern)) + ")"


def _parts(pattern: str) -> Iterator[str]:
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "\\":
            text, place = _escape(pattern, place, _OUTSIDE)
        elif character == "[":
            text, place = _set(pattern, place)
        elif character == "$":
            text, place = r"\Z", place + 1
        else:
            _check_flags(pattern, place)
            text, place = character, place + 1
        yield text


def _escape(pattern: str, place: int, known: dict[str, str]) -> tuple[str, int]:
    """What an escape means, and where it ends."""
    for syntax in (_HEXADECIMAL, _PROPERTY):
        found = syntax.match(pattern, place)
        if found:
            point = found[1] if syntax is _HEXADECIMAL else None
            text = found[0] if point is None else _character(pattern, int(point, 16))
            return text, found.end()
    letter = pattern[place + 1 : place + 2]
    if not letter:
        raise _refusal(pattern, "a lone backslash")
    if letter in _REFUSED:
        raise _refusal(pattern, f"\\{letter}")
    return known.get(letter, f"\\{letter}"), place + 2


def _character(pattern: str, point: int) -> str:
    if point > 0x10FFFF or 0xD800 <= point < 0xE000:
        raise _refusal(pattern, f"the code point {point:X}")
    return re.escape(chr(point))


def _set(pattern: str, place: int) -> tuple[str, int]:
    """A set with what is in it: operations bind less than neighbours do and go from the left."""
    place += 1
    negated = pattern.startswith("^", place)
    place += negated
    result, operand, operation = "", "", ""
    begin = place
    while place < len(pattern):
        character, two = pattern[place], pattern[place : place + 2]
        if character == "]" and place > begin:
            whole = _applied(pattern, result, operation, operand)
            return f"[{'^' if negated else ''}{whole}]", place + 1
        if two in _SET_OPERATIONS:
            result, operand = _applied(pattern, result, operation, operand), ""
            operation, place = two, place + 2
        else:
            text, place = _member(pattern, place)
            operand += text
    raise _refusal(pattern, "a set that does not end")


def _applied(pattern: str, result: str, operation: str, operand: str) -> str:
    if not operation:
        return operand
    if not operand or not result:
        raise _refusal(pattern, f"{operation} without a set on either side")
    return f"[{result}]{operation}[{operand}]"


def _member(pattern: str, place: int) -> tuple[str, int]:
    character = pattern[place]
    if character == "\\":
        return _escape(pattern, place, _INSIDE)
    if character != "[":
        # Two of these would be an operation of the other module.
        return (f"\\{character}" if character in "|~&" else character), place + 1
    named = _ASCII_CLASS.match(pattern, place)
    if named is None:
        return _set(pattern, place)
    if named[2] not in _ASCII_CLASSES:
        raise _refusal(pattern, named[0])
    return f"[{named[1]}{_ASCII_CLASSES[named[2]]}]", named.end()


def _check_flags(pattern: str, place: int) -> None:
    found = _FLAGS.match(pattern, place)
    if found and set(found[1]) - set("i-su"):
        raise _refusal(pattern, found[0])


def _refusal(pattern: str, part: str) -> UnsupportedError:
    return UnsupportedError(
        f"the split pattern {pattern!r} uses {part}, which tokenry does not read as Rust's "
        "fancy-regex does; rewrite it without"
    )
