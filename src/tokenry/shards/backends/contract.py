"""What a backend is: it maps a function over items and gives outcomes as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tokenry.errors import TokenryError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item.

    Attributes:
        index: which item.
        result: what the function gave; None where it failed.
        error: the message of what it raised; None where it did not.
    """

    index: int
    result: Any = None
    error: str | None = None


class Backend(Protocol):
    """Calls a function, which must be picklable, for each item, in any order."""

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Outcome]:
        """One outcome an item. What the function raises is an outcome; the other items go on."""


def attempt(function: Callable[[Any], Any], index: int, item: Any) -> Outcome:
    """Call it; what it raises is told in words, because not every exception can be pickled."""
    try:
        return Outcome(index, function(item))
    except Exception as error:
        kind = "" if isinstance(error, TokenryError) else f"{type(error).__name__}: "
        return Outcome(index, error=f"{kind}{error}")
