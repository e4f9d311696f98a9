"""All places of which the model is sure enough.

Source: Wu et al. 2025, "Fast-dLLM", arXiv:2505.22618.
"""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.decoding.diffusion.policy import BlockView, Chosen


@dataclass(frozen=True)
class Threshold:
    """Places whose confidence is above ``least``."""

    least: float = 0.9

    def choose(self, view: BlockView) -> Chosen:
        """Those above."""
        found: Chosen = view.masked & (view.confidence > self.least)
        return found
