"""Bytes of data that are read: the same text for tokenizers of different lengths."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.errors import PartError
from tokenry.neural.parts import above
from tokenry.neural.training.spent import Spent


@dataclass(frozen=True)
class Bytes:
    """A number of bytes.

    Attributes:
        count: bytes of the data before it was encoded.
    """

    count: int

    def __post_init__(self) -> None:
        above(self, 0, "count")

    def share(self, spent: Spent) -> float:
        """Of the bytes.

        Raises:
            PartError: the batches do not say how many bytes they stand for.
        """
        if spent.bytes is None:
            raise PartError(
                "a budget in bytes needs batches that say how many they stand for; give their "
                "stream the bytes of each id or row"
            )
        return spent.bytes / self.count
