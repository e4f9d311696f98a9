"""How tokenizers cuts sequences to a length and pads them, on lengths alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Window = tuple[int, int]


class NotNativeError(Exception):
    """This case is left to tokenizers, which may raise for it."""


@dataclass(frozen=True, slots=True)
class Truncation:
    """The truncation of a tokenizers.Tokenizer.

    Attributes:
        max_length: most tokens of an encoding, specials included.
        stride: how many tokens two windows share.
        strategy: ``longest_first``, ``only_first`` or ``only_second``.
        left: cut from the left.
    """

    max_length: int
    stride: int
    strategy: str
    left: bool

    @classmethod
    def of(cls, settings: dict[str, Any] | None) -> Truncation | None:
        """That of ``Tokenizer.truncation``."""
        if settings is None:
            return None
        left = settings["direction"].lower() == "left"
        return cls(settings["max_length"], settings["stride"], settings["strategy"], left)

    def rooms(self, lengths: Sequence[int], added: int) -> list[int]:
        """How many tokens are left of each sequence.

        Raises:
            NotNativeError: tokenizers refuses it, or nothing would be left.
        """
        room = self.max_length - added
        over = sum(lengths) - room
        if over <= 0:
            return list(lengths)
        if room <= 0:
            raise NotNativeError
        rooms = self._rooms(lengths, room, over)
        cut = (rest for rest, length in zip(rooms, lengths, strict=True) if rest < length)
        if any(rest <= self.stride for rest in cut):
            raise NotNativeError
        return rooms

    def _rooms(self, lengths: Sequence[int], room: int, over: int) -> list[int]:
        if self.strategy == "longest_first":
            return [room] if len(lengths) == 1 else _shared(lengths, room)
        target = 0 if self.strategy == "only_first" else 1
        if target >= len(lengths) or lengths[target] <= over:
            raise NotNativeError
        rooms = list(lengths)
        rooms[target] -= over
        return rooms

    def windows(self, length: int, room: int) -> list[Window]:
        """The parts of a sequence; the first is what is kept, the others overflow."""
        if room >= length:
            return [(0, length)]
        step = room - self.stride
        windows = []
        if self.left:
            for end in range(length, 0, -step):
                windows.append((max(0, end - room), end))
                if windows[-1][0] == 0:
                    break
        else:
            for begin in range(0, length, step):
                windows.append((begin, min(begin + room, length)))
                if windows[-1][1] == length:
                    break
        return windows

    def kept(self, length: int, room: int) -> Window:
        """The first of `windows`."""
        if room >= length:
            return (0, length)
        return (length - room, length) if self.left else (0, room)


def _shared(lengths: Sequence[int], room: int) -> list[int]:
    """What the longer of two sequences gives first, and both where that is not enough."""
    short, long = sorted(lengths)
    long = short if short > room else max(short, room - short)
    if short + long > room:
        short, long = room // 2, room // 2 + room % 2
    # Of two of one length the second counts as the longer one.
    return [long, short] if lengths[0] > lengths[1] else [short, long]


@dataclass(frozen=True, slots=True)
class Padding:
    """The padding of a tokenizers.Tokenizer; ``length`` None pads to the longest of a batch."""

    id: int
    type_id: int
    token: str
    left: bool
    length: int | None
    multiple: int

    @classmethod
    def of(cls, settings: dict[str, Any] | None) -> Padding | None:
        """That of ``Tokenizer.padding``."""
        if settings is None:
            return None
        return cls(
            settings["pad_id"],
            settings["pad_type_id"],
            settings["pad_token"],
            settings["direction"].lower() == "left",
            settings["length"],
            settings["pad_to_multiple_of"] or 0,
        )

    def width(self, lengths: Sequence[int]) -> int:
        """The length that encodings of these lengths are padded to."""
        width = max(lengths, default=0) if self.length is None else self.length
        return -(-width // self.multiple) * self.multiple if self.multiple else width
