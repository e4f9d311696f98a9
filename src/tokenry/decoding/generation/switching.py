"""SwiReasoning: steps in mixtures of ids while the model grows surer, in ids when it does not.

Source: Shi et al. 2025, "SwiReasoning: Switch-Thinking in Latent and Explicit for Pareto-Superior
Reasoning LLMs", arXiv:2510.05069. An explicit step reads the id that was drawn. A latent step reads
the mean of all ids' vectors, weighted by their probabilities. Each block of steps begins with a
reference entropy. A latent block ends as soon as the entropy is below its reference; an explicit
one when it is above and the block is ``dwell`` steps long. The first mixture of a block is drawn
towards the row of the mark that begins thinking, the first id behind it to that which ends it.
After ``most`` switches thinking is ended by its mark; after twice as many the answer is begun, and
may have ``answer`` ids.

Latent steps give out the likeliest id, so that there is a text; what was read is the mixture. Ids
that must be exact (digits and signs of a formula) always make a step explicit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.method import Continuation, Request
from tokenry.decoding.generation.routing.router import entropy
from tokenry.decoding.generation.stepwise import StepReader, Stepwise
from tokenry.errors import ModelError
from tokenry.models.causal import CausalModel, log_softmax


@dataclass(frozen=True)
class SwiReasoning(Stepwise):
    """When to switch, and what marks thinking.

    Attributes:
        begin: the id that begins thinking; None: there is none, and mixtures are left as they are.
        end: the id that ends it.
        exact: ids that always make a step explicit.
        answer_prompt: ids that begin the answer when there were too many switches.
        dwell: steps that an explicit block has at least.
        most: switches to latent steps before thinking is ended; None: any number.
        answer: ids of an answer that was forced.
        blend: how much of a block's first mixture is the model's own, at the first step that may
            be written; it rises to all of it at the last.
        blend_end: the same for the first id behind a latent block.
    """

    begin: int | None = None
    end: int | None = None
    exact: tuple[int, ...] = ()
    answer_prompt: tuple[int, ...] = ()
    dwell: int = 512
    most: int | None = None
    answer: int = 32
    blend: float = 0.6
    blend_end: float = 0.7

    def __post_init__(self) -> None:
        if self.dwell < 1 or not 0 <= self.blend <= 1 or not 0 <= self.blend_end <= 1:
            raise ModelError(
                f"dwell={self.dwell}, blend={self.blend}, blend_end={self.blend_end}; expected 1 "
                "or more, and two shares"
            )

    def run(self, target: CausalModel, request: Request, draft: CausalModel | None) -> _Switching:
        """Begin a run."""
        return _Switching(self, target, request)


@dataclass
class Mood:
    """How one text is being written.

    Attributes:
        latent: whether mixtures are read.
        reference: entropy at which the block began; None before the first step.
        since: steps of the block.
        switches: to latent steps so far.
        forced: ids that are written next, whatever the model says.
        left: ids that a forced answer may still have.
    """

    latent: bool = True
    reference: float | None = None
    since: int = 0
    switches: int = 0
    forced: list[int] = field(default_factory=list)
    left: int | None = None


class _Switching(StepReader):
    """A run of `SwiReasoning`."""

    def __init__(self, how: SwiReasoning, target: CausalModel, request: Request) -> None:
        super().__init__(target)
        self.how, self.request = how, request
        self._rows: dict[int, NDArray[np.float32]] = {}
        self._moods: dict[int, Mood] = {}

    def logits(self, texts: Sequence[Continuation], step: int) -> NDArray[np.float32]:
        """After the id or the mixture of the last step."""
        if not self._moods:
            self._moods = {text.number: Mood() for text in texts}
        mixtures = self._mixtures(texts, step) if self._rows else None
        found = self.read(texts, mixtures=mixtures)
        self._rows = {text.number: row for text, row in zip(texts, found.last, strict=True)}
        rows = found.last.copy()
        for at, text in enumerate(texts):
            self._force(self._moods[text.number], rows[at])
        return rows

    def _mixtures(self, texts: Sequence[Continuation], step: int) -> NDArray[np.float64]:
        """What each text reads: the id that was drawn, or all ids by their probabilities."""
        found = np.zeros((len(texts), self.model.input_rows))
        for at, text in enumerate(texts):
            row = self._rows[text.number]
            latent, first = self._step(self._moods[text.number], float(entropy(row)), text.ids[-1])
            found[at] = self._read(row, text.ids[-1], latent, first, step)
        return found

    def _step(self, mood: Mood, now: float, id_: int) -> tuple[bool, bool]:
        """Whether the step is latent, and whether it is the first of its block."""
        switched = False
        if mood.reference is None:
            mood.reference, switched = now, True
        elif mood.latent and now < mood.reference:
            mood.latent, mood.reference, mood.since, switched = False, now, 0, True
        elif not mood.latent and now > mood.reference and self._may_think(mood):
            mood.latent, mood.reference, mood.since, switched = True, now, 0, True
            mood.switches += 1
            self._stop(mood)
        mood.since += 1
        return mood.latent and id_ not in self.how.exact and id_ not in self.request.ends, switched

    def _may_think(self, mood: Mood) -> bool:
        """Whether an explicit block is long enough, and thinking has not been ended."""
        few = self.how.most is None or mood.switches < 2 * self.how.most
        return mood.since >= self.how.dwell and mood.left is None and few

    def _stop(self, mood: Mood) -> None:
        """End thinking after so many switches, and begin the answer after twice as many."""
        if self.how.most is None:
            return
        if mood.switches == self.how.most and self.how.end is not None:
            mood.forced = [self.how.end]
        if mood.switches >= 2 * self.how.most:
            mood.forced, mood.left = [*self.how.answer_prompt], self.how.answer
            mood.latent = False

    def _read(
        self, row: NDArray[np.float32], id_: int, latent: bool, first: bool, step: int
    ) -> NDArray[np.float64]:
        """Weights of ids for one step."""
        weights = np.zeros(self.model.input_rows)
        if not latent:
            weights[id_] = 1.0
            if first and self.how.end is not None and step > 1:
                weights *= self.how.blend_end
                weights[self.how.end] += 1 - self.how.blend_end
            return weights
        weights[: len(row)] = np.exp(log_softmax(row))
        if first and self.how.begin is not None:
            own = self.how.blend + (1 - self.how.blend) * step / self.request.max_new_ids
            weights *= own
            weights[self.how.begin] += 1 - own
        return weights

    def _force(self, mood: Mood, row: NDArray[np.float32]) -> None:
        """Make what is forced certain; end a forced answer when its ids are used up."""
        if mood.forced:
            _only(row, mood.forced.pop(0))
        elif mood.left is not None:
            mood.left -= 1
            if mood.left < 0 and self.request.ends:
                _only(row, self.request.ends[0])


def _only(row: NDArray[np.float32], id_: int) -> None:
    row[:] = -np.inf
    row[id_] = 0.0
