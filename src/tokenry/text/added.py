"""Tokens that are found in text before it is split."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tokenry.text.parts import AddedToken


class Match(NamedTuple):
    """An added token found at ``data[start:end]``."""

    start: int
    end: int
    id: int


class AddedMatcher:
    """Finds added tokens, leftmost first and the longest of those that begin there."""

    def __init__(self, tokens: Sequence[AddedToken]) -> None:
        self._tokens = {token.content.encode(): token for token in tokens if token.content}
        # Alternatives are tried in order, so the longest come first.
        contents = sorted(self._tokens, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, contents))) if contents else None

    def find(self, data: bytes) -> list[Match]:
        """Where added tokens stand in ``data``, ascending, not overlapping."""
        matches: list[Match] = []
        if self._pattern is None:
            return matches
        previous = 0
        for found in self._pattern.finditer(data):
            token = self._tokens[found[0]]
            start, end = found.span()
            if start < previous or (token.single_word and _inside_word(data, start, end)):
                continue
            if token.lstrip:
                start = max(
                    previous, len(data[:start].decode("utf-8", "replace").rstrip().encode())
                )
            if token.rstrip:
                rest = data[end:].decode("utf-8", "surrogateescape")
                end += len(rest) - len(rest.lstrip())
            matches.append(Match(start, end, token.id))
            previous = end
        return matches


def _inside_word(data: bytes, start: int, end: int) -> bool:
    before = data[max(0, start - 4) : start].decode("utf-8", "ignore")
    after = data[end : end + 4].decode("utf-8", "ignore")
    return bool(re.search(r"\w\Z", before) or re.match(r"\w", after))
