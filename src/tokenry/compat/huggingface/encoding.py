"""What an accelerated tokenizer returns: a tokenizers.Encoding in all that it answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from tokenry.compat.huggingface.layout import Window
from tokenry.compat.huggingface.sheet import Sheet


class Encoding:
    """Tokens of a sequence or a pair with what stands around them; see tokenizers.Encoding.

    Args:
        sheet: the encodings that it is one of.
        at: which.
        rooms: how many tokens each sequence may have; None where nothing overflows.
    """

    def __init__(self, sheet: Sheet, at: int, rooms: Sequence[int] | None = None) -> None:
        self._sheet, self._at, self._rooms = sheet, at, rooms
        self._changed: Any = None  # a tokenizers.Encoding, once somebody changed this one

    def __len__(self) -> int:
        if self._changed:
            return len(self._changed)
        return max(self._sheet.sizes[self._at], self._sheet.width)

    @property
    def ids(self) -> list[int]:
        """Ids, shape (k,)."""
        return self._changed.ids if self._changed else self._sheet.row("ids", self._at)

    @property
    def attention_mask(self) -> list[int]:
        """1 for all but padding."""
        if self._changed:
            return self._changed.attention_mask  # type: ignore[no-any-return]
        return self._sheet.row("attention_mask", self._at)

    @property
    def type_ids(self) -> list[int]:
        """Which segment each token is of, as the template says."""
        if self._changed:
            return self._changed.type_ids  # type: ignore[no-any-return]
        return self._sheet.row("type_ids", self._at)

    @property
    def special_tokens_mask(self) -> list[int]:
        """1 for what the template and padding put there."""
        if self._changed:
            return self._changed.special_tokens_mask  # type: ignore[no-any-return]
        return self._sheet.row("special_tokens_mask", self._at)

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """The characters that each token stands for."""
        if self._changed:
            return self._changed.offsets  # type: ignore[no-any-return]
        return self._sheet.row("offsets", self._at)

    @property
    def word_ids(self) -> list[int | None]:
        """The word of each token; None for specials."""
        if self._changed:
            return self._changed.word_ids  # type: ignore[no-any-return]
        return self._sheet.row("word_ids", self._at)

    @property
    def words(self) -> list[int | None]:
        """The older name of `word_ids`."""
        return self.word_ids

    @property
    def sequence_ids(self) -> list[int | None]:
        """The sequence of each token; None for specials."""
        if self._changed:
            return self._changed.sequence_ids  # type: ignore[no-any-return]
        return self._sheet.row("sequence_ids", self._at)

    @property
    def n_sequences(self) -> int:
        """1, or 2 for a pair."""
        return self._changed.n_sequences if self._changed else self._sheet.sequences

    @property
    def tokens(self) -> list[str]:
        """The token of each id."""
        if self._changed:
            return self._changed.tokens  # type: ignore[no-any-return]
        return self._sheet.row("tokens", self._at)

    # What was cut off

    @cached_property
    def _others(self) -> list[Encoding]:
        truncation = self._sheet.call.truncation
        if truncation is None or self._rooms is None:
            return []
        bounds, first = self._sheet.batch.bounds, self._sheet.sequence(self._at, 0)
        windows = [
            truncation.windows(int(bounds[first + k + 1] - bounds[first + k]), room)
            for k, room in enumerate(self._rooms)
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
        return Encoding(self._sheet.part(self._at, windows), 0)

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
        return {
            "ids": self.ids,
            "type_ids": self.type_ids,
            "tokens": self.tokens,
            "words": self.word_ids,
            "offsets": self.offsets,
            "special_tokens_mask": self.special_tokens_mask,
            "attention_mask": self.attention_mask,
            "overflowing": [each._state() for each in self._others],
            "sequence_ranges": self._ranges(),
        }

    def _ranges(self) -> dict[str, dict[str, int]]:
        """Where the tokens of each sequence are."""
        sheet, places = self._sheet, self.sequence_ids
        if not sheet.call.frame.ranged and sheet.sequences == 1:
            return {}
        return {
            str(at): {"start": first, "end": first + end - begin}
            for at in range(sheet.sequences)
            for begin, end in (sheet.window(self._at, at),)
            for first in (places.index(at) if at in places else 0,)
        }

    # Ways between characters and tokens are asked for one by one, and often

    @cached_property
    def _tokens_of_characters(self) -> list[dict[int, int]]:
        """The first token of each character, for each sequence."""
        offsets, places = self.offsets, self.sequence_ids
        found: list[dict[int, int]] = [{} for _ in range(self._sheet.sequences)]
        for at in reversed(range(len(offsets))):
            if (sequence := places[at]) is not None:
                found[sequence].update(dict.fromkeys(range(*offsets[at]), at))
        return found

    def char_to_token(self, char_pos: int, sequence_index: int = 0) -> int | None:
        """The token of a character; see tokenizers.Encoding.char_to_token."""
        known = type(char_pos) is int and char_pos >= 0 and sequence_index in (0, 1)
        if self._changed or not known or sequence_index >= self._sheet.sequences:
            own = (self._changed or self._same).char_to_token
            return own(char_pos, sequence_index)  # type: ignore[no-any-return]
        return self._tokens_of_characters[sequence_index].get(char_pos)

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
