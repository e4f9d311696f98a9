"""Constraints of `tokenry.decoding.constrained` in ``generate`` of transformers.

    length, end = prompt.input_ids.shape[1], tokenizer.eos_token_id
    processor = ConstraintProcessor(Regex("[0-9]+"), tokenizer, length, end)
    model.generate(**prompt, logits_processor=[processor])

It masks, so that what is written satisfies the constraint; the distribution is that of masking, not
the model's under the condition (`tokenry.decoding.completing.complete` draws that).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers import LogitsProcessor

from tokenry.decoding.constrained.constraint import Constraint, State, started
from tokenry.decoding.constrained.engines import masks_of
from tokenry.decoding.spelling import writing
from tokenry.errors import ConstraintError
from tokenry.tokenizer import load


class ConstraintProcessor(LogitsProcessor):  # type: ignore[misc]
    """Lets those ids come that a constraint allows.

    Args:
        constraint: on what follows the prompt.
        tokenizer: of transformers, or a `tokenry.Tokenizer`.
        prompt_length: ids of the prompt, padding included.
        ends: the id, or ids, that may come where the text is complete.
    """

    def __init__(
        self, constraint: Constraint, tokenizer: Any, prompt_length: int, ends: int | list[int]
    ) -> None:
        self._constraint, self._prompt = constraint, prompt_length
        self._ends = [ends] if isinstance(ends, int) else list(ends)
        pieces = writing(load(tokenizer), {*self._ends})
        self._masks = masks_of(constraint, pieces)
        self._start = started(constraint)
        self._states: dict[tuple[int, ...], State | None] = {(): self._start}

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Scores with -inf where an id is not allowed."""
        found = torch.full_like(scores, -torch.inf)
        for row, ids in enumerate(input_ids[:, self._prompt :].tolist()):
            allowed = self._allowed(tuple(ids), scores.shape[1])
            found[row, allowed] = scores[row, allowed]
        return found

    def _allowed(self, ids: tuple[int, ...], rows: int) -> Tensor:
        if ids and ids[-1] in self._ends:
            return torch.tensor(self._ends)  # rows that have ended wait for the others
        state = self._state(ids)
        allowed = self._masks.mask(state).nonzero()[0].tolist()
        if self._constraint.is_complete(state):
            allowed += self._ends
        if not allowed:
            raise ConstraintError(
                "no id goes on with a text that the constraint allows, and it is not complete; "
                "the vocabulary cannot write it"
            )
        return torch.tensor([id_ for id_ in allowed if id_ < rows])

    def _state(self, ids: tuple[int, ...]) -> State:
        if ids not in self._states:
            before = self._state(ids[:-1])
            self._states[ids] = self._masks.consume(before, ids[-1])
        state = self._states[ids]
        if state is None:
            raise ConstraintError(f"id {ids[-1]} was drawn, which the constraint does not allow")
        return state
