"""Canonical sequences where text becomes added tokens by itself.

`encode` finds added tokens first, the leftmost and of those that begin there the longest, and cuts
what stands between them as texts of their own. A sequence is canonical where the tokens that are
found in its text are those that stand in it, and each stretch between them is canonical and may
end. It is enough to look at beginnings of tokens that the text ends with: what would complete one
of them with an id that is none of its own may not follow. A beginning inside of a token that was
found is none, but at its first byte, where a longer token can begin.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from tokenry.decoding.canonical.followers import Canonical, Context, Followers
from tokenry.decoding.spelling import Spelling
from tokenry.errors import UnsupportedError
from tokenry.text.added_tokens import AddedMatcher
from tokenry.text.parts import AddedToken, HeadToken

KEPT: Final = 1024


class CutContext(NamedTuple):
    """What decides about what follows.

    Attributes:
        since: the context of the ids behind the last added token.
        begun: beginnings of added tokens that the text ends with.
    """

    since: Context = ()
    begun: tuple[bytes, ...] = ()


class AddedCanonical:
    """Sequences that `encode` gives, added tokens among them.

    Args:
        spelling: of a tokenizer with added tokens that text becomes.
        between: sequences of what stands between them.

    Raises:
        UnsupportedError: a token has rules that this does not follow; the message names it.
    """

    def __init__(self, spelling: Spelling, between: Canonical) -> None:
        tokens = added_in_text(spelling)
        _check(spelling, tokens)
        self._spelling, self._between = spelling, between
        self._matcher = AddedMatcher(tokens)
        self._added = {token.id: token.content.encode() for token in tokens}
        self._rests: dict[bytes, set[bytes]] = defaultdict(set)
        for content in self._added.values():
            for at in range(1, len(content)):
                self._rests[content[:at]].add(content[at:])
        self._of_tokens = np.isin(spelling.order.ids, [*self._added])
        # An id of text that has a token in it is never one that `encode` gives.
        pieces = [spelling.pieces[id_] or b"" for id_ in spelling.order.ids.tolist()]
        self._never = np.array([bool(self._matcher.find(piece)) for piece in pieces], np.bool_)
        self.followers = lru_cache(KEPT)(self._find)

    def _find(self, context: CutContext) -> Followers:
        since, begun = context or CutContext()
        found = self._between.followers(since)
        ids = found.ids & ~self._never
        if found.may_end:
            ids |= self._of_tokens
        order = self._spelling.order
        for beginning in begun:
            for rest in self._rests[beginning]:
                node = order.descend(order.root, rest)
                if node is not None:
                    ids[node.low : node.high] = False
        return Followers(ids, found.may_end, found.needed)

    def after(self, context: CutContext, id_: int) -> CutContext:
        """See `tokenry.decoding.canonical.followers.Following`."""
        since, begun = context or CutContext()
        piece = self._spelling.pieces[id_] or b""
        if id_ in self._added:
            return CutContext((), self._longer(begun, piece, starts=1))
        after = self._between.after(since, id_)
        return CutContext(after, self._longer(begun, piece, starts=len(piece)))

    def trunk(self, text: bytes) -> tuple[list[int], CutContext]:
        """Ids that every canonical sequence of a text begins with, and the context after them."""
        start, end, first = self._certain(text)
        before = self._spelling.ids(text[:end]) if end else []
        ids, since = self._between.trunk(text[end:first])
        if not before and not ids:
            return [], CutContext()
        place = end + len(self._spelling.bytes_of(ids))
        begun = {text[at:place] for at in (start, *range(end, place))} & self._rests.keys()
        return [*before, *ids], CutContext(since, tuple(sorted(begun)))

    def _certain(self, text: bytes) -> tuple[int, int, int]:
        """The last token that stands whatever follows, and where others may begin behind it."""
        matches, first = self._matcher.find(text), len(text)
        while matches:
            last = matches.pop()
            begun = self._begun_in(text, last.start, last.end)
            if begun >= last.end:
                return last.start, last.end, min(first, begun)
            first = last.start  # it may become another one
        return 0, 0, min(first, self._begun_in(text, 0, 0))

    def _begun_in(self, text: bytes, start: int, end: int) -> int:
        """The first place, not inside of a token, that a token of the end of the text begins at."""
        longest = max(map(len, self._added.values()))
        for at in range(max(0, len(text) - longest + 1), len(text)):
            if not start < at < end and text[at:] in self._rests:
                return at
        return len(text)

    def _longer(self, begun: tuple[bytes, ...], piece: bytes, *, starts: int) -> tuple[bytes, ...]:
        """Beginnings that the text ends with once a piece has followed."""
        found = {beginning + piece for beginning in begun}
        found.update(piece[at:] for at in range(starts))
        return tuple(sorted(found & self._rests.keys()))


def added_in_text(spelling: Spelling) -> list[AddedToken]:
    """Added tokens that text becomes without permission."""
    return [each for each in spelling.tokenizer.added_tokens if not each.special]


def canonical_of(spelling: Spelling) -> Canonical | AddedCanonical:
    """What says which sequences are those of `encode`.

    Raises:
        UnsupportedError: an added token has rules that are not followed.
    """
    between = Canonical(spelling)
    return AddedCanonical(spelling, between) if added_in_text(spelling) else between


def _check(spelling: Spelling, tokens: list[AddedToken]) -> None:
    for token in tokens:
        if token.lstrip or token.rstrip or token.single_word or isinstance(token, HeadToken):
            raise UnsupportedError(
                f"the added token {token.content!r} is found by what stands around it (lstrip, "
                'rstrip, single_word or at heads only), which is not followed; ask for target="all"'
            )
    if spelling.prefix:
        raise UnsupportedError(
            f"text becomes added tokens by itself ({tokens[0].content!r} and {len(tokens) - 1} "
            f"more), and this tokenizer writes {spelling.prefix!r} before a text, which together "
            'is not followed; ask for target="all"'
        )
