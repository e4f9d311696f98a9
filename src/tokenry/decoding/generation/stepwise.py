"""An id a step: the loop of methods that change what is computed for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.method import Continuation, Generated, Request, continuations_of
from tokenry.decoding.generation.verification import drawn
from tokenry.models.causal import log_softmax


class Stepping(Protocol):
    """What a method says of each step."""

    def logits(self, texts: Sequence[Continuation], step: int) -> NDArray[np.float32]:
        """After each text, shape (texts, vocab).

        Args:
            texts: texts that go on. Those of a later step are among those of an earlier one, in
                their order, and each has one id more.
            step: ids that were drawn for each.
        """

    def cost(self, text: Continuation) -> tuple[int, int]:
        """Calls of the target for a text, and positions in them, so far."""


def stepwise(
    stepping: Stepping, prompts: Sequence[Sequence[int]], request: Request, room: int | None
) -> list[Generated]:
    """Draw an id for each text that is not over, until all are.

    Args:
        stepping: gives logits.
        prompts: ids, one or more each.
        request: how.
        room: ids that a text may have; None: any number.
    """
    texts = continuations_of(prompts, request)
    going, step = texts, 0
    while going:
        rows = stepping.logits(going, step)
        for text, row in zip(going, rows, strict=True):
            chances = request.drawing.probabilities(log_softmax(row))
            text.settle([drawn(chances, text.source)], request, room)
        going, step = [text for text in going if text.over is None], step + 1
    return [Generated(tuple(x.new), x.over or "length", *stepping.cost(x)) for x in texts]
