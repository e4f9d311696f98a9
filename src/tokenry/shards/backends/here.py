"""One item after another in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tokenry.shards.backends.contract import Outcome, attempt


@dataclass(frozen=True)
class Here:
    """This process."""

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Outcome]:
        """One outcome an item, in order."""
        for index, item in enumerate(items):
            yield attempt(function, index, item)
