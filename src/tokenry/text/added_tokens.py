"""Finding added tokens in text, with the rules of Hugging Face tokenizers.

The leftmost token wins, and of those that begin there the longest; a token found is not looked
into again, even where one of its own rules then discards it. All in time linear in the text: one
scan for the shortest tokens, each hit then tried for the longer ones that begin with it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.parts import AddedToken, Normalizer
from tokenry.text.unicode.character_sets import char_class, ranges

# Past this many different beginnings a look for each costs more than the scan that it may save.
MOST_HEADS = 4
HEAD_SIZE = 2


class Match(NamedTuple):
    """An added token found at ``data[start:end]``."""

    start: int
    end: int
    id: int


class AddedMatcher:
    """Finds added tokens, leftmost first and the longest of those that begin there.

    Args:
        tokens: what to look for.
        normalizer: what text went through; tokens marked as normalized are looked for as it
            leaves them.

    Raises:
        VocabularyError: a token is empty, or two are the same text.
    """

    def __init__(self, tokens: Sequence[AddedToken], normalizer: Normalizer | None = None) -> None:
        self._tokens: dict[bytes, AddedToken] = {}
        for token in tokens:
            content = pattern_of(token, normalizer).encode()
            if content in self._tokens:
                raise VocabularyError(
                    f"added token {token.content!r} (id {token.id}) is the same text as id "
                    f"{self._tokens[content].id} once normalised; every one needs its own"
                )
            if not content:  # tokenizers finds it between all characters
                raise VocabularyError(
                    f"added token {token.content!r} (id {token.id}) is empty once normalised; "
                    "every one needs text to be found by"
                )
            self._tokens[content] = token
        shortest = _shortest(list(self._tokens))
        self._lengths = _lengths(list(self._tokens), shortest)
        self._scan = re.compile(_alternatives(shortest)) if shortest else None
        heads = {content[:HEAD_SIZE] for content in shortest}
        self._heads = tuple(heads) if len(heads) <= MOST_HEADS else None

    def __bool__(self) -> bool:
        return bool(self._tokens)

    @cached_property
    def core(self) -> _native.TokenFinder:
        """Finds the texts of the tokens in the core, without the rules of single ones."""
        return _native.TokenFinder([*self._tokens], [each.id for each in self._tokens.values()])

    @property
    def is_plain(self) -> bool:
        """Whether no token has rules of its own, so that `core` finds what `find` does."""
        return not any(
            each.single_word or each.lstrip or each.rstrip for each in self._tokens.values()
        )

    def find(self, data: bytes) -> list[Match]:
        """Where added tokens stand in ``data``, ascending.

        A match swallows the white space that its token strips. One that begins in white space
        which the match before it swallowed keeps its own ``start``, so two can overlap.
        """
        if self._scan is None or not self._may_occur(data):
            return []
        matches: list[Match] = []
        taken = 0
        for start, end in self._occurrences(data):
            token = self._tokens[data[start:end]]
            if token.single_word and _inside_word(data, start, end):
                continue
            if token.lstrip:
                start = max(_space_before(data, start), taken)
            if token.rstrip:
                end = _space_after(data, end)
            if start < end:  # else the match before it swallowed all of this one
                matches.append(Match(start, end, token.id))
            taken = end
        return matches

    def _may_occur(self, data: bytes) -> bool:
        return self._heads is None or any(head in data for head in self._heads)

    def _occurrences(self, data: bytes) -> Iterator[tuple[int, int]]:
        assert self._scan is not None
        place = 0
        while found := self._scan.search(data, place):
            start, place = found.span()
            for length in self._lengths.get(found[0], ()):
                end = start + length
                if end <= len(data) and data[start:end] in self._tokens:
                    place = end
                    break
            yield start, place


def pattern_of(token: AddedToken, normalizer: Normalizer | None) -> str:
    """The text that a token is looked for as."""
    if token.normalized and normalizer is not None:
        return normalizer(token.content)
    return token.content


def _shortest(contents: list[bytes]) -> list[bytes]:
    """Contents that no other content is a beginning of."""
    kept: list[bytes] = []
    for content in sorted(contents):  # a beginning sorts just before what it begins
        if not kept or not content.startswith(kept[-1]):
            kept.append(content)
    return kept


def _lengths(contents: list[bytes], shortest: list[bytes]) -> Mapping[bytes, tuple[int, ...]]:
    """For a shortest content, the lengths of the longer ones that begin with it, descending."""
    lengths: dict[bytes, set[int]] = {}
    places = iter(shortest)
    head = next(places, b"")
    for content in sorted(contents):
        while not content.startswith(head):
            head = next(places)
        if content != head:
            lengths.setdefault(head, set()).add(len(content))
    return {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}


def _alternatives(contents: list[bytes]) -> bytes:
    """A pattern for sorted contents, none the beginning of another, that shares beginnings."""
    # One level of sharing by first byte keeps what is tried at a place short and the nesting flat.
    groups: dict[bytes, list[bytes]] = {}
    for content in contents:
        groups.setdefault(content[:1], []).append(content)
    return b"|".join(_group(group) for group in groups.values())


def _group(contents: list[bytes], depth: int = 0) -> bytes:
    if len(contents) == 1 or depth > 40:
        return b"|".join(map(re.escape, contents))
    size = _shared(contents[0], contents[-1])
    tails: dict[bytes, list[bytes]] = {}
    for content in contents:
        tails.setdefault(content[size : size + 1], []).append(content[size:])
    inner = b"|".join(_group(tail, depth + 1) for tail in tails.values())
    return re.escape(contents[0][:size]) + b"(?:" + inner + b")"


def _shared(first: bytes, last: bytes) -> int:
    size = 0
    while size < min(len(first), len(last)) and first[size] == last[size]:
        size += 1
    return size


# Compiled when a token first asks: together they take 12 ms, and most tokenizers need neither.
@functools.cache
def _word_at_edge() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A word character at the end of a text, and at its start."""
    word = f"[{char_class('WORD')}]"
    return re.compile(word + r"\Z"), re.compile(word)


@functools.cache
def _spaces() -> re.Pattern[bytes]:
    points = (p for first, last in ranges("WHITE_SPACE") for p in range(first, last + 1))
    return re.compile(b"(?:" + b"|".join(re.escape(chr(p).encode()) for p in points) + b")*")


def _inside_word(data: bytes, start: int, end: int) -> bool:
    before = data[max(0, start - 4) : start].decode("utf-8", "replace")
    after = data[end : end + 4].decode("utf-8", "replace")
    at_end, at_start = _word_at_edge()
    return bool(at_end.search(before) or at_start.match(after))


def _space_before(data: bytes, start: int) -> int:
    while start:
        size = next((n for n in (1, 2, 3) if _is_space(data[max(0, start - n) : start])), 0)
        if not size:
            break
        start -= size
    return start


def _is_space(character: bytes) -> bool:
    found = _spaces().match(character)
    return bool(character) and found is not None and found.end() == len(character)


def _space_after(data: bytes, end: int) -> int:
    found = _spaces().match(data, end)
    return found.end() if found else end
