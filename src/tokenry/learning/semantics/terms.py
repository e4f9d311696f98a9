"""Terms by semantic type: from a list of the user's, or, lacking one, found in the text itself."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import regex

from tokenry.errors import LearnError
from tokenry.learning.compounds.hyphens import letters

TermList = Mapping[str, Collection[str]] | str | os.PathLike[str]
Words = dict[str, frozenset[str]]  # type -> lower-case words
LEAST: Final = 3  # letters of a word of a term
LONG: Final = 10  # letters of a long word
_WORD: Final = regex.compile(r"[\p{L}\p{M}]{3,}")
_UNIT: Final = regex.compile(r"\p{N}[ -]?(\p{L}{1,12})(?!\p{L})")


def words_of_terms(terms: TermList) -> Words:
    """The words that terms of each type are made of; a word may be of several types.

    Args:
        terms: type -> terms; or a file, one term a line: ``.jsonl`` with the fields ``type`` and
            ``term``, else type and term with a tab between.

    Raises:
        LearnError: the file cannot be read, or there is no term with a word of 3 letters.
    """
    by_type = terms if isinstance(terms, Mapping) else read_terms(terms)
    words = {
        type_: frozenset(word for term in listed for word in _WORD.findall(term.lower()))
        for type_, listed in by_type.items()
    }
    words = {type_: found for type_, found in words.items() if found}
    if not words:
        raise LearnError(
            f"the term list {str(terms)[:80]} has no term with a word of {LEAST} letters or more; "
            "give a mapping of types to terms or a file"
        )
    return words


def read_terms(path: str | os.PathLike[str]) -> dict[str, list[str]]:
    """Terms by type from a file; see `words_of_terms`.

    Raises:
        LearnError: it cannot be read, or a line has no type or no term.
    """
    path = Path(path)
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LearnError(f"cannot read the term list {path}: {error}") from error
    found: dict[str, list[str]] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            type_, term = _pair(line, path, number)
            found.setdefault(type_, []).append(term)
    return found


def _pair(line: str, path: Path, number: int) -> tuple[str, str]:
    try:
        if path.suffix == ".jsonl":
            row = json.loads(line)
            type_, term = row["type"], row["term"]
        else:
            type_, term = line.split("\t")
    except (ValueError, KeyError, TypeError) as error:
        wanted = '{"type": ..., "term": ...}' if path.suffix == ".jsonl" else "type, tab, term"
        raise LearnError(
            f"line {number} of the term list {path} is {line[:60]!r}; expected {wanted}"
        ) from error
    if not (isinstance(type_, str) and isinstance(term, str) and type_ and term):
        raise LearnError(f"line {number} of the term list {path} has an empty type or term")
    return type_, term


def find_terms(documents: Iterable[bytes], pretokens: Iterable[tuple[bytes, int]]) -> Words:
    """Three types by simple rules, for text without a term list.

    ``names``: words of 3 letters or more that have a capital nine times in ten. ``units``: words
    of up to 12 letters that follow a number. ``long``: other words of 10 letters or more. All are
    met twice or more. A type may be empty.
    """
    capital: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for pretoken, count in pretokens:
        word = letters(pretoken)
        if word and len(word) >= LEAST:
            total[word.lower()] += count
            capital[word.lower()] += count * word[0].isupper()
    units = Counter(
        unit.lower()
        for document in documents
        for unit in _UNIT.findall(document.decode("utf-8", "replace"))
    )
    often = {word for word, count in total.items() if count >= 2}
    names = frozenset(word for word in often if capital[word] >= 0.9 * total[word])
    after = frozenset(word for word, count in units.items() if count >= 2)
    long = frozenset(word for word in often if len(word) >= LONG) - names
    return {"names": names, "units": after, "long": long}
