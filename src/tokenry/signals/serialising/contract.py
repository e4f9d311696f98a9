"""What orders and patterns are, and how both are undone."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError

Places: TypeAlias = NDArray[np.int64]


class Order(Protocol):
    """A frozen dataclass: in which sequence the places of an item are read."""

    def places(self, shape: tuple[int, ...]) -> Places:
        """Places of a layout, numbered row by row, in the order in which they are read.

        Args:
            shape: of the layout: (height, width), or (tokens,).

        Raises:
            SignalError: it has no order for such a shape.
        """


class Pattern(Protocol):
    """A frozen dataclass: at which step each slot of each token stands.

    Every slot of every token stands at one step; a step has at most one token for each slot.
    """

    def steps(self, tokens: int, slots: int) -> Places:
        """The token whose code stands at each step and slot, -1 for none; shape (steps, slots)."""

    def tokens(self, steps: int, slots: int) -> int:
        """How many tokens so many steps are of.

        Raises:
            SignalError: none have so many steps.
        """

    def __hash__(self) -> int: ...


def inverse(places: Places) -> Places:
    """Where each place stands in an order.

    Raises:
        SignalError: a place is missing or there twice.
    """
    found = np.full(len(places), -1, np.int64)
    inside = places[(places >= 0) & (places < len(places))]
    found[inside] = np.arange(len(places))[(places >= 0) & (places < len(places))]
    if (found < 0).any():
        raise SignalError(f"an order of {len(places)} places leaves some out or has them twice")
    return found


def grid_of(shape: tuple[int, ...], order: object) -> tuple[int, int]:
    """Height and width.

    Raises:
        SignalError: the layout is no grid.
    """
    if len(shape) != 2 or min(shape) < 1:
        raise SignalError(f"{order} reads grids of (height, width); this layout is {shape}")
    return shape[0], shape[1]


def spread(codes: NDArray[Any], pattern: Pattern, empty: int = -1) -> Places:
    """Codes at the steps of a pattern.

    Args:
        codes: shape (tokens, slots).
        pattern: says where they stand.
        empty: what stands where no code does.

    Returns:
        Shape (steps, slots).
    """
    codes = np.asarray(codes, np.int64)
    table = pattern.steps(*codes.shape)
    rows = np.concatenate([codes, np.full((1, codes.shape[1]), empty, np.int64)])
    return rows[table, np.arange(codes.shape[1])]


def gathered(steps: NDArray[Any], pattern: Pattern) -> Places:
    """What `spread` was given, of what it gave: shape (tokens, slots).

    Raises:
        SignalError: there are no so many tokens.
    """
    steps = np.asarray(steps, np.int64)
    count, slots = steps.shape
    tokens = pattern.tokens(count, slots)
    table = pattern.steps(tokens, slots)
    codes = np.empty((tokens, slots), np.int64)
    at, slot = np.nonzero(table >= 0)
    codes[table[at, slot], slot] = steps[at, slot]
    return codes
