"""Pretokenizers by name, where a user may also give a regular expression.

No expression that cuts text is a plain word: it would match only that very word. So a word that is
no name is a misspelled name, and is refused with the names that are close to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tokenry import _native
from tokenry.errors import UnsupportedError
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.split_patterns import ALIASES

_WORD: Final = re.compile(r"\w[\w.+-]*", re.ASCII)


def splitter_named(given: str, names: Iterable[str] | None = None) -> NativePretokenizer | None:
    """The splitter of this name or alias, with its number policy if any; None for an expression.

    Args:
        given: what the user wrote.
        names: those to choose from; None for all that the core has.

    Raises:
        UnsupportedError: a plain word that is no name, or a number policy that is none.

    >>> splitter_named("gpt-4o+r2l3").native
    'o200k+r2l3'
    >>> splitter_named("[a-z]+") is None
    True
    """
    known = list(dict.fromkeys([*(names or _native.splitter_names()), *ALIASES]))
    base = given.partition("+")[0]
    if base in known:
        return NativePretokenizer(given)
    if not _WORD.fullmatch(given):
        return None
    from difflib import get_close_matches  # for errors only

    close = get_close_matches(given, known, n=3)
    hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
    raise UnsupportedError(
        f"no pretokenizer is named {given!r}; there are {', '.join(known)}, each with a number "
        f"policy behind it if you like, as in o200k+r2l3; or give a regular expression{hint}"
    )
