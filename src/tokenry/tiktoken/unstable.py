"""The end of a text that more text could change, as tiktoken sees it.

Merges do not cross pretokens, so all but the last pretoken stays, unless the last is white space,
which grows to the left over white space. tiktoken answers two questions with this: what bytes that
are not UTF-8 become (`UnstableEnd.encode_bytes`), and what an unfinished text may become
(`UnstableEnd.encode`). Its answers to the second are a search, not a proof, and are found here in
the same places, so that they are the same answers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property

from tokenry.text.unicode.utf8 import to_utf8, valid_stretches
from tokenry.tokenizer import Tokenizer

_SPACE = b" \n\t"


class UnstableEnd:
    """Looks at the ends of texts for one tokenizer of ranks."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    @cached_property
    def _sorted(self) -> list[bytes]:
        return self._tokenizer.token_byte_values()

    def encode_bytes(self, data: bytes) -> list[int]:
        """Ids of bytes: past the first that is not UTF-8, all is one pretoken with the end before.

        So a character that is cut off stands with the text before it, as the model will have seen
        it.
        """
        begin, end, valid = next(valid_stretches(data), (0, 0, True))
        if valid and end == len(data):
            return self._tokenizer.encode(data)
        valid_up_to = end if valid else begin
        stable, open_ids = self._split(data[:valid_up_to], frozenset())
        open_bytes = self._tokenizer.decode_bytes(open_ids) + data[valid_up_to:]
        return stable + self._merged(open_bytes)

    def encode(self, text: str, allowed: AbstractSet[str]) -> tuple[list[int], list[list[int]]]:
        """The ids before the open end, and what the end may become: see `Encoding`."""
        stable, open_ids = self._split(to_utf8(text), allowed)
        end = self._tokenizer.decode_bytes(open_ids)
        if not end:
            return stable, []
        completions: set[tuple[int, ...]] = set()
        completions.update((self._tokenizer.vocabulary.id_of(piece),) for piece in self._with(end))
        for size in range(1, len(end)):
            head, tail = end[:size], end[size:]
            for piece in self._with(tail):
                completions.add(self._cover(self._retokenized(head + piece), len(end)))
        completions |= self._apart(end)
        return stable, [list(each) for each in completions]

    def _split(self, data: bytes, allowed: AbstractSet[str]) -> tuple[list[int], list[int]]:
        """Ids that stay, and those of the open end."""
        ids = self._tokenizer.encode(data, allowed_special=allowed)
        count = self._last_pretoken(data, allowed)
        if count and self._is_space(ids[len(ids) - count]):
            while count < len(ids) and self._is_space(ids[len(ids) - count - 1]):
                count += 1
        return ids[: len(ids) - count], ids[len(ids) - count :]

    def _last_pretoken(self, data: bytes, allowed: AbstractSet[str]) -> int:
        """How many ids the last pretoken has; 0 where a special ends the text."""
        tail = data
        if allowed:
            pattern = b"|".join(re.escape(each.encode()) for each in sorted(allowed, reverse=True))
            tail = data[max((found.end() for found in re.finditer(pattern, data)), default=0) :]
        pretokens = self._tokenizer.pretokenizer(tail)
        if len(pretokens.ends) == 0:
            return 0
        return len(self._merged(tail[int(pretokens.starts[-1]) : int(pretokens.ends[-1])]))

    def _is_space(self, id_: int) -> bool:
        specials = self._tokenizer.vocabulary.roles
        piece = self._tokenizer.vocabulary[id_] or b"?"
        return id_ not in specials and not piece.strip(_SPACE)

    def _merged(self, data: bytes) -> list[int]:
        found: list[int] = self._tokenizer.encode_pretokens([data])[0].tolist()
        return found

    def _retokenized(self, data: bytes) -> list[int]:
        try:
            data.decode()
        except UnicodeDecodeError:
            return self._merged(data)
        return self._tokenizer.encode(data)

    def _cover(self, ids: list[int], size: int) -> tuple[int, ...]:
        """The first ids that have ``size`` bytes or more."""
        covered = 0
        for number, id_ in enumerate(ids, start=1):
            covered += len(self._tokenizer.vocabulary[id_] or b"")
            if covered >= size:
                return tuple(ids[:number])
        return tuple(ids)

    def _with(self, head: bytes) -> Iterator[bytes]:
        """All pieces that begin so, in order."""
        for at in range(bisect_left(self._sorted, head), len(self._sorted)):
            if not self._sorted[at].startswith(head):
                return
            yield self._sorted[at]

    def _apart(self, end: bytes) -> set[tuple[int, ...]]:
        """A last character of white space by itself, from which a letter behind it cuts it."""
        last = end.decode("utf-8", "replace")[-1:]
        size = len(last.encode())
        # A last byte that is no character reads as U+FFFD, which is no white space.
        if not last.isspace() or last in "\x1c\x1d\x1e\x1f" or len(end) == size:
            return set()
        return {(*self._merged(end[:-size]), *self._merged(end[-size:]))}
