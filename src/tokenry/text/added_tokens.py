"""Finding added tokens in text, with the rules of Hugging Face tokenizers.

The leftmost token wins, and of those that begin there the longest; a token found is not looked
into again, even where one of its own rules then discards it. The core finds them in a trie
(native/encode/token_finder.cpp), so that 80,000 of them cost no more than one.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.parts import AddedToken, HeadToken, Normalizer
from tokenry.text.unicode.character_sets import char_class, ranges


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
        self._tokens = by_content(tokens, normalizer)

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
            each.single_word or each.lstrip or each.rstrip or isinstance(each, HeadToken)
            for each in self._tokens.values()
        )

    def before(self, others: AddedMatcher) -> AddedMatcher | None:
        """What finds these and, in what stands between, others; None where no one matcher does.

        One does where none of the others can begin before one of these and reach into it.
        """
        ours, theirs = sorted(self._tokens), others._tokens
        if not self.is_plain or not others.is_plain or any(map(_within(ours), theirs)):
            return None
        return AddedMatcher([*self._tokens.values(), *theirs.values()])

    def find(self, data: bytes) -> list[Match]:
        """Where added tokens stand in ``data``, ascending.

        A match swallows the white space that its token strips. One that begins in white space
        which the match before it swallowed keeps its own ``start``, so two can overlap.
        """
        matches: list[Match] = []
        taken = 0
        for start, end in self.core.find(data).tolist():
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


def _within(ours: Sequence[bytes]) -> Callable[[bytes], bool]:
    """Tells whether one of ``ours``, which ascend, may begin within a text that is found first."""
    known, firsts = frozenset(ours), frozenset(each[:1] for each in ours)

    def begins_within(text: bytes) -> bool:
        for place in range(len(text)):
            rest = text[place:]
            if rest[:1] not in firsts:
                continue
            if any(rest[:size] in known for size in range(1, len(rest) + 1)):
                return True
            following = bisect.bisect_left(ours, rest)
            if place and following < len(ours) and ours[following].startswith(rest):
                return True
        return False

    return begins_within


class HeadMatcher:
    """Finds the added token that a text begins with, of those that stand at a head only.

    Args:
        tokens: what to look for.
    """

    def __init__(self, tokens: Sequence[HeadToken]) -> None:
        self._tokens = tokens
        self._whole = {each.content.encode(): each.id for each in tokens if not each.closing}
        self._closed = [
            (each.content.encode(), each.closing.encode(), each.id)
            for each in tokens
            if each.closing
        ]

    def beside(self, others: AddedMatcher | None) -> AddedMatcher:
        """Finds all that may be a token here, be it at a head or not."""
        return AddedMatcher([*(others._tokens.values() if others else ()), *self._tokens])

    def find(self, data: bytes) -> Match | None:
        """The head of ``data``."""
        for opening, closing, id_ in self._closed:
            place = data.find(closing) if data.startswith(opening) else -1
            if place >= 0:
                end = place + len(closing)
                return Match(0, end, self._whole.get(data[:end], id_))
        return None


def by_content(
    tokens: Sequence[AddedToken], normalizer: Normalizer | None = None
) -> dict[bytes, AddedToken]:
    """Tokens by the text that they are looked for as.

    Raises:
        VocabularyError: a token is empty, or two are the same text.
    """
    found: dict[bytes, AddedToken] = {}
    for token in tokens:
        content = pattern_of(token, normalizer).encode()
        if content in found:
            raise VocabularyError(
                f"added token {token.content!r} (id {token.id}) is the same text as id "
                f"{found[content].id} once normalised; every one needs its own"
            )
        if not content:  # tokenizers finds it between all characters
            raise VocabularyError(
                f"added token {token.content!r} (id {token.id}) is empty once normalised; "
                "every one needs text to be found by"
            )
        found[content] = token
    return found


def pattern_of(token: AddedToken, normalizer: Normalizer | None) -> str:
    """The text that a token is looked for as."""
    if token.normalized and normalizer is not None:
        return normalizer(token.content)
    return token.content


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
