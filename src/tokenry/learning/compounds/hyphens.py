"""Words with hyphens, as the supervision of a decompounder that nobody had to label.

What is found in a corpus: how often each word occurs on its own, and how often each compound is
written with hyphens (``dining-room``). A part of a hyphenated word does not count as a word of its
own there, so that the counts do not give away where the hyphen stood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_HYPHENATED: Final = re.compile(r"(?<![\w\-./@])[^\W\d_]+(?:[-‐][^\W\d_]+)+(?![\w\-/@]|\.\w)")
_HYPHEN: Final = re.compile("[-‐]")


@dataclass(frozen=True)
class WrittenWords:
    """Lower-case words of a corpus.

    Attributes:
        counts: of words of letters, where they stand alone.
        hyphenated: of compounds, as the tuple of the parts that hyphens stood between.
    """

    counts: Counter[str]
    hyphenated: Counter[tuple[str, ...]]


def written_words(
    pretokens: Iterable[tuple[bytes, int]], hyphenated: Counter[tuple[str, ...]]
) -> WrittenWords:
    """Words among counted pretokens, without those that are parts of ``hyphenated``."""
    counts: Counter[str] = Counter()
    for pretoken, count in pretokens:
        word = letters(pretoken)
        if word:
            counts[word.lower()] += count
    for parts, count in hyphenated.items():
        for part in parts:
            counts[part] -= count
    return WrittenWords(Counter({word: n for word, n in counts.items() if n > 0}), hyphenated)


def letters(pretoken: bytes) -> str | None:
    """The word that a pretoken is but for one character before it, or None."""
    try:
        text = pretoken.decode()
    except UnicodeDecodeError:
        return None
    word = text if text[:1].isalpha() else text[1:]
    return word if word.isalpha() else None


def hyphenated_words(document: bytes) -> list[str]:
    """Words with hyphens as they are written; names of files, options and dates are left out.

    >>> hyphenated_words("The Dining-Room, e-mail; --no-color, x.tar-gz".encode())
    ['Dining-Room', 'e-mail']
    """
    return _HYPHENATED.findall(document.decode("utf-8", "replace"))


def parts_of(word: str) -> tuple[str, ...]:
    """What stands between the hyphens of a word, in lower case.

    >>> parts_of("Dining-Room")
    ('dining', 'room')
    """
    return tuple(_HYPHEN.split(word.lower()))


def count_hyphenated(documents: Iterable[bytes]) -> Counter[tuple[str, ...]]:
    """Compounds that are written with hyphens, by their parts."""
    found: Counter[str] = Counter()
    for document in documents:
        found.update(hyphenated_words(document))
    parts: Counter[tuple[str, ...]] = Counter()
    for word, count in found.items():
        parts[parts_of(word)] += count
    return parts
