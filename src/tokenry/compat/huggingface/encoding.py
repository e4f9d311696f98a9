"""What an accelerated tokenizer returns: a tokenizers.Encoding in all that it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from tokenry.compat.huggingface.frame import Frame, Gap
from tokenry.compat.huggingface.layout import Padding, Truncation, Window
from tokenry.compat.huggingface.places import Offsets
from tokenry.compat.huggingface.sequence import TextSequence, WordSequence

T = TypeVar("T")
Source = TextSequence | WordSequence
NO_PLACE = (0, 0)
# The space of the byte-level alphabet, and what Rust calls white space.
_BLANK = (
    "\u0120\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


@dataclass(frozen=True, slots=True)
class Call:
    """What all encodings of one call share.

    Attributes:
        frame: what stands around the sequences.
        truncation: how they were cut; None for not.
        padding: how they are padded; None for not.
        spell: the token of an id.
        odd: ids whose token may be spelled otherwise in a text.
    """

    frame: Frame
    truncation: Truncation | None
    padding: Padding | None
    spell: Callable[[int], str | None]
    odd: frozenset[int]


class Encoding:
    """Tokens of a sequence or a pair with what stands around them; see tokenizers.Encoding.

    Args:
        call: what it shares with others.
        sources: its one or two sequences.
        windows: which tokens of each it has.
        rooms: how many tokens each may have; None for an encoding that overflows nothing.
        width: the length that it is padded to.
    """

    def __init__(
        self,
        call: Call,
        sources: tuple[Source, ...],
        windows: tuple[Window, ...],
        rooms: Sequence[int] | None = None,
        width: int = 0,
    ) -> None:
        self._call, self._sources, self._windows = call, sources, windows
        self._rooms, self._width = rooms, width
        self._changed: Any = None  # a tokenizers.Encoding, once somebody changed this one

    @property
    def _size(self) -> int:
        return self._call.frame.added + sum(end - begin for begin, end in self._windows)

    def _pads(self) -> tuple[int, int]:
        missing = max(0, self._width - self._size)
        padding = self._call.padding
        return (missing, 0) if padding is not None and padding.left else (0, missing)

    def _laid(
        self, gaps: Callable[[Gap], list[T]], rows: Sequence[list[T]], pad: Callable[[], T]
    ) -> list[T]:
        """Specials, sequences and padding in their order."""
        if self._call.frame.added == 0 and len(rows) == 1:
            laid = rows[0]
        else:
            first, *others = self._call.frame.gaps
            laid = [*gaps(first)]
            for row, gap in zip(rows, others, strict=True):
                laid += row
                laid += gaps(gap)
        if not self._width:
            return laid
        left, right = self._pads()
        if left or right:
            return [pad()] * left + laid + [pad()] * right
        return laid

    def _parts(self, of: Callable[[Source], list[T]]) -> list[list[T]]:
        return [
            of(source)[begin:end]
            for source, (begin, end) in zip(self._sources, self._windows, strict=True)
        ]

    def __len__(self) -> int:
        return len(self._changed) if self._changed else max(self._size, self._width)

    @property
    def ids(self) -> list[int]:
        """Ids, shape (k,)."""
        if self._changed:
            return self._changed.ids  # type: ignore[no-any-return]
        rows = [
            source.ids[begin:end].tolist()
            for source, (begin, end) in zip(self._sources, self._windows, strict=True)
        ]
        return self._laid(lambda gap: gap.ids, rows, self._pad_id)

    def _pad_id(self) -> int:
        return 0 if self._call.padding is None else self._call.padding.id

    @property
    def attention_mask(self) -> list[int]:
        """1 for all but padding."""
        if self._changed:
            return self._changed.attention_mask  # type: ignore[no-any-return]
        left, right = self._pads()
        return [0] * left + [1] * self._size + [0] * right

    @property
    def type_ids(self) -> list[int]:
        """Which segment each token is of, as the template says."""
        if self._changed:
            return self._changed.type_ids  # type: ignore[no-any-return]
        kinds = zip(self._call.frame.type_ids, self._windows, strict=True)
        rows = [[kind] * (end - begin) for kind, (begin, end) in kinds]
        return self._laid(lambda gap: gap.type_ids, rows, self._pad_type)

    def _pad_type(self) -> int:
        return 0 if self._call.padding is None else self._call.padding.type_id

    @property
    def special_tokens_mask(self) -> list[int]:
        """1 for what the template and padding put there."""
        if self._changed:
            return self._changed.special_tokens_mask  # type: ignore[no-any-return]
        rows = [[0] * (end - begin) for begin, end in self._windows]
        return self._laid(lambda gap: [1] * len(gap.ids), rows, lambda: 1)

    @property
    def offsets(self) -> Offsets:
        """The characters that each token stands for."""
        if self._changed:
            return self._changed.offsets  # type: ignore[no-any-return]
        rows = [
            self._offsets(source, window)
            for source, window in zip(self._sources, self._windows, strict=True)
        ]
        return self._laid(lambda gap: [NO_PLACE] * len(gap.ids), rows, lambda: NO_PLACE)

    def _offsets(self, source: Source, window: Window) -> Offsets:
        begin, end = window
        row = source.offsets[begin:end]
        if begin and row and source.backend.keeps_first_space:
            row[0] = self._untrimmed(int(source.ids[begin]), *row[0])
        return row

    def _untrimmed(self, id_: int, start: int, end: int) -> tuple[int, int]:
        """An offset with the one space that a window's first token keeps."""
        token = self._call.spell(id_) or ""
        if token[:1] not in _BLANK or not token or start == 0:
            return start, end
        return start - 1, end - 1 if start == end else end

    @property
    def word_ids(self) -> list[int | None]:
        """The word of each token; None for specials."""
        if self._changed:
            return self._changed.word_ids  # type: ignore[no-any-return]
        rows = self._parts(lambda source: source.words)
        return self._laid(lambda gap: [None] * len(gap.ids), rows, lambda: None)

    @property
    def words(self) -> list[int | None]:
        """The older name of `word_ids`."""
        return self.word_ids

    @property
    def sequence_ids(self) -> list[int | None]:
        """The sequence of each token; None for specials."""
        if self._changed:
            return self._changed.sequence_ids  # type: ignore[no-any-return]
        rows: list[list[int | None]] = [
            [at] * (end - begin) for at, (begin, end) in enumerate(self._windows)
        ]
        return self._laid(lambda gap: [None] * len(gap.ids), rows, lambda: None)

    @property
    def n_sequences(self) -> int:
        """1, or 2 for a pair."""
        return self._changed.n_sequences if self._changed else len(self._sources)

    @property
    def tokens(self) -> list[str]:
        """The token of each id."""
        if self._changed:
            return self._changed.tokens  # type: ignore[no-any-return]
        rows = self._parts(self._spelled)
        return self._laid(lambda gap: gap.tokens, rows, self._pad_token)

    def _pad_token(self) -> str:
        return "" if self._call.padding is None else self._call.padding.token

    def _spelled(self, source: Source) -> list[str]:
        ids = source.ids.tolist()
        if not self._call.odd.isdisjoint(ids):
            return source.theirs.tokens  # type: ignore[no-any-return]
        return [self._call.spell(id_) or "" for id_ in ids]

    # What was cut off

    @cached_property
    def _others(self) -> list[Encoding]:
        truncation = self._call.truncation
        if truncation is None or self._rooms is None:
            return []
        windows = [
            truncation.windows(len(source.ids), room)
            for source, room in zip(self._sources, self._rooms, strict=True)
        ]
        if len(windows) == 1:
            return [self._part(window) for window in windows[0][1:]]
        # As encodings are merged: what holds a first window overflows by itself.
        (one, *ones), (other, *others) = windows
        rest = {each: [self._part(each, more) for more in others] for each in ones}
        made = []
        for each in ones:
            made += [self._overflown(each, other, rest[each]), *rest[each]]
        for at, more in enumerate(others):
            made.append(self._overflown(one, more, [rest[each][at] for each in ones]))
        return made

    def _overflown(self, one: Window, other: Window, others: list[Encoding]) -> Encoding:
        made = self._part(one, other)
        made.__dict__["_others"] = others
        return made

    def _part(self, *windows: Window) -> Encoding:
        return Encoding(self._call, self._sources, windows, None, self._width)

    @property
    def overflowing(self) -> list[Any]:
        """What did not fit, as encodings of their own."""
        return self._changed.overflowing if self._changed else self._others

    # What is rarely asked goes to an object of tokenizers with the same content

    @cached_property
    def _same(self) -> Any:
        from tokenizers import Encoding as Theirs

        same = Theirs()
        same.__setstate__(json.dumps(self._state()).encode())
        return same

    def _state(self) -> dict[str, Any]:
        places = self.sequence_ids
        return {
            "ids": self.ids,
            "type_ids": self.type_ids,
            "tokens": self.tokens,
            "words": self.word_ids,
            "offsets": self.offsets,
            "special_tokens_mask": self.special_tokens_mask,
            "attention_mask": self.attention_mask,
            "overflowing": [each._state() for each in self._others],
            "sequence_ranges": {
                str(at): {"start": first, "end": first + end - begin}
                for at, (begin, end) in enumerate(self._windows)
                for first in (places.index(at) if at in places else 0,)
            },
        }

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._changed or self._same, name)

    def pad(self, *args: Any, **kwargs: Any) -> None:
        """Pad it in place; see tokenizers.Encoding.pad."""
        self._change().pad(*args, **kwargs)

    def truncate(self, *args: Any, **kwargs: Any) -> None:
        """Cut it in place; see tokenizers.Encoding.truncate."""
        self._change().truncate(*args, **kwargs)

    def set_sequence_id(self, sequence_id: int) -> None:
        """Say which sequence it is; see tokenizers.Encoding.set_sequence_id."""
        self._change().set_sequence_id(sequence_id)

    def _change(self) -> Any:
        self._changed = self._changed or self._same
        return self._changed

    @property
    def __class__(self) -> type:  # isinstance(encoding, tokenizers.Encoding) holds
        from tokenizers import Encoding as Theirs

        return Theirs

    @__class__.setter
    def __class__(self, value: type) -> None:
        raise TypeError("the class of an encoding cannot be set")

    def __reduce__(self) -> tuple[Any, ...]:
        return _itself, (self._changed or self._same,)

    def __repr__(self) -> str:
        return repr(self._changed or self._same)


def _itself(encoding: Any) -> Any:
    return encoding
