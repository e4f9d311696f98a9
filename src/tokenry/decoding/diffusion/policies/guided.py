"""GuidedUnmasking diffusion: what a small causal model would have written, too, is unmasked.

Source: Hu et al. 2025, "FlashDLM: Accelerating Diffusion Language Model Inference via Efficient KV
Caching and Guided Diffusion", arXiv:2505.21467. The guide reads the text up to the block and all
ids that are proposed in it, in one call. From the left on, places are unmasked as long as the
likeliest id of the guide is the one that is proposed; settled places are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.decoding.diffusion.policy import BlockView, Chosen
from tokenry.errors import ModelError
from tokenry.models.causal import CausalModel


@dataclass(frozen=True, eq=False)
class GuidedUnmasking:
    """A causal model with the ids of the denoiser, the mask left out.

    Attributes:
        guide: the model.
        ranks: of the guide's likeliest ids any may be the proposed one.
    """

    guide: CausalModel
    ranks: int = 1

    def choose(self, view: BlockView) -> Chosen:
        """The places before the first at which both differ."""
        if not view.before.shape[1]:
            raise ModelError("a guide reads what comes before; begin texts with an id or more")
        text = np.concatenate([view.before, view.proposed], axis=1)
        rows = self.guide.start(text[:, :-1], logits="all").logits[:, view.before.shape[1] - 1 :]
        own = np.take_along_axis(rows, view.proposed[..., None], -1)
        agree = ((rows > own).sum(-1) < self.ranks) | ~view.masked
        found: Chosen = view.masked & np.logical_and.accumulate(agree, axis=1)
        return found
