"""The turns of a file as marks and bytes, whose they are, and which have a loss."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.chat.messages import Conversations
from tokenry.domains.chat.turns import TurnFrame, Turns

TURN, LOSS = "turn", "loss"
"""Channels: the number of the message that an id is of, from 1 on; 1 where there is a loss."""


@dataclass(frozen=True, eq=False)
class WrittenTurns:
    """All messages by a template.

    Attributes:
        run: the bytes behind marks.
        marks: shape (k,).
        places: of each mark in the run, shape (k,).
        of: the message that each mark is of, from 1 on; 0 before the first turn; shape (k,).
        closing: of each message the mark that ends its content, -1 where none does; shape (n,).
        turns: where each message begins in the run, shape (n,).
        contents: begin and end of each content in the run, shape (n, 2).
        loss: whether a message has a loss, shape (n,).
    """

    run: bytes
    marks: NDArray[np.uint16]
    places: NDArray[np.uint64]
    of: NDArray[np.int64]
    closing: NDArray[np.int64]
    turns: NDArray[np.int64]
    contents: NDArray[np.int64]
    loss: NDArray[np.bool_]

    def mark_channels(self) -> dict[str, NDArray[np.int64]]:
        """Turn and loss of each mark: those have one that end contents that do."""
        loss = np.zeros(len(self.marks), np.int64)
        loss[self.closing[self.loss & (self.closing >= 0)]] = 1
        return {TURN: self.of, LOSS: loss}

    def channels(self, begins: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        """Turn and loss of stretches of the run that begin here."""
        turn = _native.ranks_of(begins, self.turns, or_equal=True)
        of = np.maximum(turn - 1, 0)
        begin, end = self.contents[of].T
        within = (begins >= begin) & (begins < end) & (turn > 0)
        return {TURN: turn, LOSS: (within & self.loss[of]).astype(np.int64)}


def written_turns(found: Conversations, turns: Turns, loss: Collection[bytes]) -> WrittenTurns:
    """The messages of a file by a template; those of the roles ``loss`` have one.

    Raises:
        DomainError: the template does not know a role, which has a new line.
    """
    frames: dict[bytes, TurnFrame] = {}
    start, starts = turns.start(), frozenset(found.starts)
    parts: list[bytes] = []
    marks: list[int] = []
    sizes: list[int] = []
    first: list[int] = []
    contents: list[int] = []  # which part, and which mark, each content is and is behind
    behind: list[int] = []
    for at, (role, content) in enumerate(zip(found.roles, found.contents, strict=True)):
        if at in starts:
            marks += start.marks
            sizes += start.sizes
            parts.append(start.before + start.behind)
        frame = frames.get(role) or frames.setdefault(role, turns.frame(role))
        first.append(len(marks))
        behind.append(len(marks) + frame.content)
        contents.append(len(parts) + 1)
        marks += frame.marks
        sizes += frame.sizes
        sizes[behind[-1]] += len(content)
        parts += frame.before, content, frame.behind
    ends = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)))
    whole = np.array(contents, np.int64)
    places = np.cumsum(np.array(sizes, np.int64)) - sizes
    of = np.zeros(len(marks), np.int64)
    of[first] = 1
    closes = np.array([frames[role].closes for role in found.roles], bool)
    # A mark before the first turn of a conversation is of none.
    turn = np.cumsum(of)
    turn[_starts(found, first, len(start.marks))] = 0
    return WrittenTurns(
        run=b"".join(parts),
        marks=np.array(marks, np.uint16),
        places=places.astype(np.uint64),
        of=turn,
        closing=np.where(closes, np.array(behind, np.int64) + 1, -1),
        turns=places[first],
        contents=np.column_stack([ends[whole - 1], ends[whole]]),
        loss=np.array([role in loss for role in found.roles], bool),
    )


def _starts(found: Conversations, first: list[int], width: int) -> NDArray[np.int64]:
    """The marks that stand before the first turn of each conversation."""
    begins = np.array([first[at] for at in found.starts], np.int64)
    return (begins[:, None] - width + np.arange(width)).reshape(-1)
