"""What generates: the contract of a method, what it is asked for, and what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from tokenry.decoding.drawing import Drawing
from tokenry.errors import ModelError
from tokenry.models.causal import CausalModel
from tokenry.seeds import generator

Reason = Literal["end", "length", "context"]
"""Why a text is over: its end was drawn, it has as many ids as were asked for, or the model reads
no more."""


@dataclass(frozen=True)
class Request:
    """How a text is gone on with.

    Attributes:
        max_new_ids: at most.
        ends: ids of which each ends a text; it is not part of the text.
        drawing: how an id is drawn; the default takes the likeliest.
        seed: of all chance.
    """

    max_new_ids: int = 64
    ends: tuple[int, ...] = ()
    drawing: Drawing = field(default_factory=lambda: Drawing(0))
    seed: int = 0

    def __post_init__(self) -> None:
        if self.max_new_ids < 1:
            raise ModelError(f"max_new_ids={self.max_new_ids}, expected 1 or more")


@dataclass(eq=False)
class Continuation:
    """A text that is being written.

    Attributes:
        number: of the prompt.
        ids: the prompt's, and those that were settled.
        prompt: ids of the prompt.
        source: of the chance by which the target draws.
        over: why it is done; None while it is not.
    """

    number: int
    ids: list[int]
    prompt: int
    source: np.random.Generator
    over: Reason | None = None

    @property
    def new(self) -> list[int]:
        """Ids behind the prompt."""
        return self.ids[self.prompt :]

    def settle(self, ids: Sequence[int], request: Request, room: int | None) -> None:
        """Take ids up, until the text is over.

        Args:
            ids: drawn by the target.
            request: which ids end a text, and how many may come.
            room: ids that the model reads; None: any number.
        """
        for id_ in ids:
            if id_ in request.ends:
                self.over = "end"
                return
            self.ids.append(id_)
            if len(self.ids) - self.prompt >= request.max_new_ids:
                self.over = "length"
                return
            if room is not None and len(self.ids) >= room:
                self.over = "context"
                return

    def levels(self, request: Request, room: int | None) -> int:
        """Levels of a tree of which all could be settled, besides the id behind them."""
        left = request.max_new_ids - (len(self.ids) - self.prompt) - 1
        return left if room is None else min(left, room - len(self.ids))


@dataclass(frozen=True)
class Generated:
    """What came of one prompt.

    Attributes:
        ids: behind the prompt, the id that ends a text left out.
        over: why there are no more.
        calls: of the target in which the text had a part.
        positions: of the text that the target computed, those of rejected drafts included.
    """

    ids: tuple[int, ...]
    over: Reason
    calls: int
    positions: int


class Method(Protocol):
    """A way to generate; a frozen dataclass of its parameters."""

    @property
    def lossless(self) -> bool:
        """Whether ids are distributed as by plain decoding, and the same where the likeliest is
        taken."""

    def generate(
        self,
        target: CausalModel,
        prompts: Sequence[Sequence[int]],
        request: Request,
        draft: CausalModel | None = None,
    ) -> list[Generated]:
        """Go on with a batch of prompts, which share calls.

        Args:
            target: whose text is wanted.
            prompts: ids, one or more each.
            request: how.
            draft: a smaller model with the target's ids, for methods that use one.

        Raises:
            ModelError: a prompt is empty or longer than the target reads; a draft is missing, or
                has other ids.
        """


def continuations_of(prompts: Sequence[Sequence[int]], request: Request) -> list[Continuation]:
    """A text for each prompt, with chance of its own."""
    return [
        Continuation(number, list(prompt), len(prompt), generator(request.seed, "target", number))
        for number, prompt in enumerate(prompts)
    ]


def check_draft(target: CausalModel, draft: CausalModel | None) -> None:
    """Refuse a draft with other ids than the target's.

    Raises:
        ModelError: saying what to do.
    """
    if draft is not None and draft.vocab_size != target.vocab_size:
        raise ModelError(
            f"the draft has logits for {draft.vocab_size} ids and the target for "
            f"{target.vocab_size}; move the draft to the target's vocabulary first "
            "(`tokenry transplant`)"
        )
