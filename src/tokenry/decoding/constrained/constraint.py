"""A constraint: a predicate over the bytes of a text, and over the beginnings of such texts.

It knows nothing of tokenizers, so one serves all of them. A state stands for a beginning; where
states are hashable, what was found of one is found once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

from tokenry.errors import ConstraintError

State = Hashable


class Constraint(Protocol):
    """Which texts are wanted."""

    def start(self) -> State | None:
        """The state of the empty text; None where no text satisfies the constraint."""

    def advance(self, state: State, byte: int) -> State | None:
        """The state after one more byte; None where no text that satisfies it begins so."""

    def is_complete(self, state: State) -> bool:
        """Whether the text may end here."""


@dataclass(frozen=True)
class Predicate:
    """Any function of a text, or of its beginning, as a constraint; its states are the texts.

    Attributes:
        begins: whether a text that is wanted may begin so. It may say yes too often; then sampling
            can come to a dead end, and says so.
        complete: whether this text is wanted; None: where ``begins`` says yes.
    """

    begins: Callable[[bytes], bool]
    complete: Callable[[bytes], bool] | None = None

    def start(self) -> bytes | None:
        """See `Constraint`."""
        return b"" if self.begins(b"") else None

    def advance(self, state: State, byte: int) -> bytes | None:
        """See `Constraint`."""
        assert isinstance(state, bytes)
        longer = state + bytes([byte])
        return longer if self.begins(longer) else None

    def is_complete(self, state: State) -> bool:
        """See `Constraint`."""
        assert isinstance(state, bytes)
        return self.begins(state) if self.complete is None else self.complete(state)


def started(constraint: Constraint) -> State:
    """The state of the empty text.

    Raises:
        ConstraintError: nothing satisfies the constraint.
    """
    state = constraint.start()
    if state is None:
        raise ConstraintError(f"nothing satisfies {constraint!r}; no text can be drawn from it")
    return state


def advanced(constraint: Constraint, state: State | None, text: bytes) -> State | None:
    """The state after more bytes; None where no text that is wanted begins so."""
    for byte in text:
        if state is None:
            return None
        state = constraint.advance(state, byte)
    return state


def satisfies(constraint: Constraint, text: bytes) -> bool:
    """Whether a text is wanted."""
    state = advanced(constraint, constraint.start(), text)
    return state is not None and constraint.is_complete(state)
