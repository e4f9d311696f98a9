"""The tables of Qtok 0.11.0 with its published denominators, written from its description.

Kept to show what the denominators do; `tokenry.measuring` has the figures to use. A token is alpha
where all its letters have names of one script. Script shares are of alpha tokens only, by class
(one character, after a space, other) and script; language shares are of alpha tokens longer than
one character that any language uses, where a token of k languages adds 1 / k to each language and k
to the denominator. Rows that are small in every model of the table become one row, Other.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from tokenry.vocabulary import to_byte_level

Table = dict[str, dict[str, float]]
"""Per cent by row and model."""
Users = Mapping[str, Collection[str]]
"""Languages by token."""
OTHER: Final = "Other"
FOLD_SCRIPTS, FOLD_LANGUAGES = 1.0, 0.5  # per cent
# A single character that byte-level files write a byte with is taken for that byte.
_BYTES: Final = frozenset(to_byte_level(bytes(range(256))))


def script_table(models: Mapping[str, Sequence[str]]) -> Table:
    """Shares of alpha tokens by class and script."""
    counts = {
        name: Counter(filter(None, map(alpha_class, tokens))) for name, tokens in models.items()
    }
    table: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for row in sorted(set().union(*counts.values())):
        for name, found in counts.items():
            share = 100 * found[row] / found.total() if found else 0.0
            table[row][name] = round(share, 2)
    return _folded(table, FOLD_SCRIPTS)


def language_table(models: Mapping[str, Sequence[str]], users: Users) -> Table:
    """Shares of languages, from the languages that use each token."""
    shares = {name: language_shares(tokens, users) for name, tokens in models.items()}
    rows = sorted(set().union(*shares.values()))
    table = {
        row: {name: round(found.get(row, 0.0), 2) for name, found in shares.items()} for row in rows
    }
    return _folded(table, FOLD_LANGUAGES)


def language_shares(tokens: Iterable[str], users: Users) -> dict[str, float]:
    """Per cent by language of one model: a token of k languages is k in the denominator."""
    credit: defaultdict[str, float] = defaultdict(float)
    size = 0
    for token in filter(is_counted, tokens):
        languages = users.get(token, ())
        size += len(languages)
        for language in languages:
            credit[language] += 1 / len(languages)
    return {language: 100 * value / size for language, value in credit.items()}


def is_counted(token: str) -> bool:
    """Whether the table of languages counts a token."""
    return len(token) > 1 and alpha_class(token) is not None


@cache
def alpha_class(token: str) -> str | None:
    """Class and script of a token whose letters are of one script; None for any other.

    >>> alpha_class(" word"), alpha_class("ж"), alpha_class("a")
    ('LATIN (spaced)', 'CYRILLIC (char)', None)
    """
    if token in _BYTES:
        return None
    spaced = len(token) > 1 and token[0] == " "
    scripts = set(map(_script, token[1:] if spaced else token))
    if len(scripts) != 1 or None in scripts:
        return None
    kind = "spaced" if spaced else ("char" if len(token) == 1 else "inner")
    return f"{scripts.pop()} ({kind})"


@cache
def _script(character: str) -> str | None:
    """The first word of the name of a letter or mark."""
    if unicodedata.category(character)[0] not in "LM":
        return None
    return unicodedata.name(character, "").split(" ")[0] or None


def _folded(table: Mapping[str, Mapping[str, float]], limit: float) -> Table:
    kept = {row: dict(cells) for row, cells in table.items() if max(cells.values()) > limit}
    small = [cells for row, cells in table.items() if row not in kept]
    if small:
        kept[OTHER] = {name: round(sum(cells[name] for cells in small), 2) for name in small[0]}
    return kept
