"""An id a step: the loop of methods that change what is computed for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.method import Continuation, Generated, Request, continuations_of
from tokenry.decoding.generation.verification import drawn
from tokenry.models.causal import CausalModel, CausalOutput, Mixtures, log_softmax
from tokenry.models.state import State


class Stepping(Protocol):
    """A run of a method: what it says of each step."""

    @property
    def room(self) -> int | None:
        """Ids that a text may have; None: any number."""

    def logits(self, texts: Sequence[Continuation], step: int) -> NDArray[np.float32]:
        """After each text, shape (texts, vocab).

        Args:
            texts: texts that go on. Those of a later step are among those of an earlier one, in
                their order, and each has one id more.
            step: ids that were drawn for each.
        """

    def cost(self, text: Continuation) -> tuple[int, int]:
        """Calls of the target for a text, and positions in them, so far."""


class Stepwise(ABC):
    """A method that draws an id for each text that is not over, until all are."""

    lossless = False

    @abstractmethod
    def run(self, target: CausalModel, request: Request, draft: CausalModel | None) -> Stepping:
        """Begin a run; errors as of `generate`."""

    def generate(
        self,
        target: CausalModel,
        prompts: Sequence[Sequence[int]],
        request: Request,
        draft: CausalModel | None = None,
    ) -> list[Generated]:
        """Go on with prompts, as `tokenry.decoding.generation.method.Method.generate`.

        Raises:
            UnsupportedError: the model does not allow the method.
        """
        run = self.run(target, request, draft)
        texts = continuations_of(prompts, request)
        going, step = texts, 0
        while going:
            rows = run.logits(going, step)
            for text, row in zip(going, rows, strict=True):
                chances = request.drawing.probabilities(log_softmax(row))
                text.settle([drawn(chances, text.source)], request, run.room)
            going, step = [text for text in going if text.over is None], step + 1
        return [Generated(tuple(x.new), x.over or "length", *run.cost(x)) for x in texts]


class StepReader:
    """A model behind texts of which each has one id more at every step.

    Args:
        model: what reads them.
    """

    def __init__(self, model: CausalModel) -> None:
        self.model = model
        self._state: State | None = None
        self._numbers: list[int] = []
        self._calls: dict[int, int] = {}

    @property
    def room(self) -> int | None:
        """Ids that a text may have."""
        return self.model.max_length

    def read(
        self,
        texts: Sequence[Continuation],
        *,
        hidden: Sequence[int] = (),
        layers: Sequence[int] | None = None,
        mixtures: Mixtures | None = None,
    ) -> CausalOutput:
        """Read what is new of the texts that go on.

        Args:
            texts: all at the first step; then some of those of the step before.
            hidden, layers: as for `CausalModel.start`.
            mixtures: as for `CausalModel.extend`, after the first step.
        """
        numbers = [text.number for text in texts]
        if self._state is None:
            found = self.model.start([text.ids for text in texts], hidden=hidden, layers=layers)
        else:
            state = self._state
            if numbers != self._numbers:
                state = self.model.fork(state, [self._numbers.index(each) for each in numbers])
            last = [text.ids[-1] for text in texts]
            found = self.model.extend(state, last, hidden=hidden, layers=layers, mixtures=mixtures)
        self._state, self._numbers = found.state, numbers
        for number in numbers:
            self._calls[number] = self._calls.get(number, 0) + 1
        return found

    def begin(self, texts: Sequence[Continuation], state: State) -> None:
        """Take up texts of which each was read but for the id that comes next."""
        self._state, self._numbers = state, [text.number for text in texts]

    def calls(self, text: Continuation) -> int:
        """Reads that a text had a part in."""
        return self._calls.get(text.number, 0)

    def cost(self, text: Continuation) -> tuple[int, int]:
        """Calls for a text, and positions: the first read the prompt, each other an id."""
        calls = self.calls(text)
        return calls, text.prompt + calls - 1
