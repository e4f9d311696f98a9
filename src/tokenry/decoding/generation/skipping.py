"""SkipDecode: fewer blocks for later ids.

Source: Del Corro et al. 2023, "SkipDecode: Autoregressive Skip Decoding with Batching and Caching
for Efficient LLM Inference", arXiv:2307.02628. How many blocks run is decided by the number of the
id alone: it falls linearly from ``most``, for the prompt and the first id, to ``least`` for the
last that may come, so that a batch shares it. A few blocks at the bottom always run, and the others
are taken from the top. Blocks of a later id ran for all earlier ones, so their keys and values are
there.

Text changes; the paper trains models for the schedule first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.method import Continuation, Request
from tokenry.decoding.generation.stepwise import StepReader, Stepwise
from tokenry.errors import ModelError, UnsupportedError
from tokenry.models.causal import CausalModel


@dataclass(frozen=True)
class SkipDecode(Stepwise):
    """A schedule of blocks.

    Attributes:
        least: blocks for the last id that may come; a number, or a share of all.
        most: blocks for the prompt and the first id; a share where it is a float.
        warm: blocks at the bottom that always run.
    """

    least: int | float = 0.5
    most: int | float = 1.0
    warm: int = 1

    def run(self, target: CausalModel, request: Request, draft: CausalModel | None) -> _Falling:
        """Begin a run.

        Raises:
            UnsupportedError: the model keeps no cache.
        """
        self.blocks(target.layers, 0, 1)  # an error comes before any work
        if not target.cached:
            raise UnsupportedError(
                "a model without a cache reads earlier ids again at each step, through the fewer "
                "blocks of the last; method skip needs one that keeps keys and values"
            )
        return _Falling(self, target, request)

    def blocks(self, layers: int, step: int, steps: int) -> list[int]:
        """Numbers of the blocks that run for an id, in order.

        Args:
            layers: blocks that there are.
            step: number of the new id.
            steps: new ids that may come.

        >>> SkipDecode(least=2, warm=1).blocks(6, 0, 5), SkipDecode(least=2).blocks(6, 4, 5)
        ([0, 1, 2, 3, 4, 5], [0, 5])
        """
        least, most = _count(self.least, layers), _count(self.most, layers)
        if not 1 <= self.warm < least <= most <= layers:
            raise ModelError(
                f"warm={self.warm}, least={self.least}, most={self.most} for {layers} blocks; "
                "expected warm below least, and least up to most"
            )
        run = round(most + (least - most) * step / max(steps - 1, 1))
        return [*range(self.warm), *range(layers - run + self.warm, layers)]


def _count(share: int | float, layers: int) -> int:
    return share if isinstance(share, int) else round(share * layers)


class _Falling(StepReader):
    """A run of `SkipDecode`."""

    def __init__(self, how: SkipDecode, target: CausalModel, request: Request) -> None:
        super().__init__(target)
        self.how, self.steps = how, request.max_new_ids

    def logits(self, texts: Sequence[Continuation], step: int) -> NDArray[np.float32]:
        """Of a pass through the blocks of the step."""
        run = self.how.blocks(self.model.layers, step, self.steps)
        return self.read(texts, layers=run).last
