"""Which ids of a file of conversations are whose, and which have a loss, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.chat.messages import conversations
from tokenry.domains.chat.written import LOSS, TURN
from tokenry.errors import DomainError

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TurnSpan:
    """A message of a file.

    Attributes:
        role: who says it, as the file has it.
        conversation: its number in the file, from 0 on.
        ids: half-open span of its ids, marks included.
        loss: half-open span of the ids that a model shall learn to write, the content and the mark
            that ends it; None where there is none.
        bytes: half-open span in the file of the content as JSON has it, between quotation marks.
    """

    role: str
    conversation: int
    ids: Span
    loss: Span | None
    bytes: Span


def turns_of(data: bytes, channels: Mapping[str, NDArray[np.int64]]) -> list[TurnSpan]:
    """The messages of a file that was encoded, in order.

    >>> from tokenry.domains import domain_named, learn
    >>> data = b'[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]'
    >>> tokenizer = learn(domain_named("chat"), [data], vocab_size=263)
    >>> encoded = tokenizer.encode_file(data)
    >>> turn = turns_of(data, encoded.channels)[1]
    >>> data[slice(*turn.bytes)]
    b'Ho'
    >>> turn.loss[1] - turn.loss[0]  # H, o and the mark im_end
    3

    Args:
        data: the file.
        channels: that `DomainTokenizer.encode_file` gave of it.

    Raises:
        DomainError: there are none, since it was taken as bare bytes, or it is another file.
    """
    if TURN not in channels:
        raise DomainError("there is no channel of turns: the file was taken as bare bytes")
    found = conversations(data)
    numbers = np.arange(1, len(found.roles) + 1)
    spans = _runs(channels[TURN], numbers)
    lost = _runs(channels[TURN] * channels[LOSS], numbers)
    if int(channels[TURN].max(initial=0)) != len(numbers):
        raise DomainError("these ids are not of this file: it has another number of messages")
    starts = np.zeros(len(numbers), np.int64)
    starts[[*found.starts]] = 1
    return [
        TurnSpan(
            role.decode("utf-8", "replace"), number, ids, loss if loss[0] < loss[1] else None, at
        )
        for role, number, ids, loss, at in zip(
            found.roles,
            (np.cumsum(starts) - 1).tolist(),
            spans,
            lost,
            found.content_spans(),
            strict=True,
        )
    ]


def _runs(values: NDArray[np.int64], wanted: NDArray[np.int64]) -> list[Span]:
    """The first and the last place of each number, as half-open spans; (0, 0) where it is not."""
    at = np.flatnonzero(values)
    ascending = values[at]
    begins = np.searchsorted(ascending, wanted, "left")
    ends = np.searchsorted(ascending, wanted, "right")
    places = np.append(at, 0)
    return [
        (int(places[begin]), int(places[end - 1]) + 1) if begin < end else (0, 0)
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
    ]
