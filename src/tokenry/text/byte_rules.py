"""Bytes rewritten by rules, the longest that fits first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from tokenry.text.saved_parts import saved_as

Unit = tuple[int, int]
"""A byte, or a larger number that no rule knows; and how many bytes of a text it stands for."""
_BECOMES: Final = -1


@saved_as("byte_rules.ByteRules")
@dataclass(frozen=True)
class ByteRules:
    """What some bytes become; of several rules for them the last counts.

    Attributes:
        pairs: the bytes, and what they become.
    """

    pairs: tuple[tuple[bytes, bytes], ...]

    def rewritten(self, units: Sequence[Unit]) -> list[Unit]:
        """Each longest stretch that has a rule as that says; all of it is of the first unit."""
        found: list[Unit] = []
        at = 0
        while at < len(units):
            end, new = self._longest(units, at)
            size = sum(each for _, each in units[at:end])
            found += [(unit, size if place == 0 else 0) for place, unit in enumerate(new)]
            at = end
        return found

    def reversed(self) -> ByteRules:
        """The way back."""
        return ByteRules(tuple((new, old) for old, new in self.pairs))

    @property
    def growth(self) -> int:
        """At most so many bytes come of one."""
        return max((-(-len(new) // len(old)) for old, new in self.pairs), default=1)

    def _longest(self, units: Sequence[Unit], at: int) -> tuple[int, Iterable[int]]:
        """Where it ends, and what it becomes."""
        node, end = self._tree, at
        found: tuple[int, Iterable[int]] = at + 1, (units[at][0],)
        while end < len(units) and units[end][0] in node:
            node, end = node[units[end][0]], end + 1
            if _BECOMES in node:
                found = end, node[_BECOMES]
        return found

    @cached_property
    def _tree(self) -> dict[int, Any]:
        root: dict[int, Any] = {}
        for old, new in self.pairs:
            node = root
            for byte in old:
                node = node.setdefault(byte, {})
            node[_BECOMES] = new
        return root
