"""Matches that the ``regex`` module finds; some patterns take it ages, so it gets a time limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tokenry.errors import EncodeError

if TYPE_CHECKING:
    import regex

# What published patterns take is 0.2 to 4 us a character.
SECONDS: Final = 10.0
SECONDS_A_CHARACTER: Final = 1e-4


def matches(compiled: regex.Pattern[str], text: str, place: int = 0) -> Iterator[tuple[int, int]]:
    """Where the matches of a pattern in ``text`` begin and end, from ``place`` on.

    Raises:
        EncodeError: it takes too long.
    """
    limit = SECONDS + len(text) * SECONDS_A_CHARACTER
    try:
        for match in compiled.finditer(text, place, timeout=limit):
            yield match.span()
    except TimeoutError:
        raise EncodeError(
            f"the split pattern {compiled.pattern!r} is still at work on a text of {len(text)} "
            f"characters after {limit:.0f} seconds; rewrite it without back references and nested "
            "repeats, and the core runs it in linear time"
        ) from None
