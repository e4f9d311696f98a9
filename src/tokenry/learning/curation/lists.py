"""Lists of whole tokens for `tokenry.learning.curated`: what text of offices and courts repeats.

The lists follow the kinds that KL3M names (Bommarito et al. 2025, arXiv:2503.17247); what is in
them is built here, not copied.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from string import ascii_lowercase
from typing import Final

from tokenry.errors import CorpusError

TAGS: Final = (
    *("a", "b", "body", "br", "code", "div", "em", "h1", "h2", "h3", "head", "html", "i", "img"),
    *("li", "link", "meta", "ol", "p", "pre", "script", "span", "strong", "style", "sub", "sup"),
    *("table", "tbody", "td", "th", "thead", "title", "tr", "ul"),
)
MARKUP: Final = (
    *("```", "---", "***", "**", "## ", "### ", "#### ", "<!--", "-->", "</", "/>", "<?", "?>"),
    *('="', '">', '":"', '":', '",', '{"', '"}', '["', '"]', "[[", "]]", "{{", "}}"),
)


def years(first: int = 1776, last: int = 2049) -> tuple[str, ...]:
    """Years in digits, the last one included."""
    return tuple(map(str, range(first, last + 1)))


def numbers(first: int = 10, last: int = 999) -> tuple[str, ...]:
    """Whole numbers, the last one included."""
    return tuple(map(str, range(first, last + 1)))


def enumerators() -> tuple[str, ...]:
    """``(a)`` to ``(zz)``, ``(1)`` to ``(99)``, and roman ``(i)`` to ``(xxx)``."""
    letters = [*ascii_lowercase, *(one + two for one in ascii_lowercase for two in ascii_lowercase)]
    digits = map(str, range(1, 100))
    romans = (roman(number) for number in range(1, 31))
    return tuple(dict.fromkeys(f"({each})" for each in (*letters, *digits, *romans)))


def roman(number: int) -> str:
    """A number in small roman numerals.

    >>> roman(29)
    'xxix'
    """
    values = (100, 90, 50, 40, 10, 9, 5, 4, 1)
    signs = ("c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
    found = ""
    for value, sign in zip(values, signs, strict=True):
        found += sign * (number // value)
        number %= value
    return found


def white_space(longest: int = 8) -> tuple[str, ...]:
    """Runs of two to ``longest`` spaces, newlines and tabs."""
    return tuple(sign * size for sign in " \n\t" for size in range(2, longest + 1))


def markup() -> tuple[str, ...]:
    """Tags of HTML, open and closed, and pairs of signs of Markdown, XML and JSON."""
    return (*(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS), *MARKUP)


def default_list() -> tuple[str, ...]:
    """All of the above, those that spaces go with also after a space, without doubles."""
    parts = (white_space(), spaced(markup()), years(), numbers(), spaced(enumerators()))
    return tuple(dict.fromkeys(each for part in parts for each in part))


def given_tokens(tokens: Iterable[str], lists: str | Iterable[str]) -> Counter[str]:
    """The user's tokens and those of files, in order, and how often each is given.

    Raises:
        CorpusError: as for `read_list`.
    """
    paths = (lists,) if isinstance(lists, str) else lists
    return Counter([*tokens, *(each for path in paths for each in read_list(path))])


def read_list(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Whole tokens of a file, one a line, as they stand; empty lines are left out.

    Raises:
        CorpusError: the file cannot be read as UTF-8.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"cannot read the list {path}: {error}; give text, a token a line"
        ) from None
    return tuple(line for line in text.split("\n") if line)


def spaced(tokens: Iterable[str]) -> tuple[str, ...]:
    """Each token, and the same after a space: splitters put a space with what follows it.

    Not those that begin with white space, or with a digit: before a number a space stands alone.
    """
    found: list[str] = []
    for token in tokens:
        alone = token[:1].isspace() or token[:1].isdigit()
        found += [token] if alone else [token, f" {token}"]
    return tuple(dict.fromkeys(found))
