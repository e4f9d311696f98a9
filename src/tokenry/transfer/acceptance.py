"""Acceptance: how often a target takes what a draft with its vocabulary proposes.

Leviathan, Kalman, Matias 2023, "Fast Inference from Transformers via Speculative Decoding",
arXiv:2211.17192. A proposed id is accepted with the probability that both distributions share, so
the rate over a text is the mean of the sum of the smaller of both probabilities. A small model of
another family is moved to the target's vocabulary first (`transplant`), since ids that are encoded
again at every step cost more than they save.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tokenry.errors import ModelError
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True)
class DraftAcceptance:
    """What a draft is worth on texts.

    Attributes:
        sampled: the share of sampled proposals that are accepted.
        greedy: the share of places at which both find the same id likeliest.
        places: that were looked at.
    """

    sampled: float
    greedy: float
    places: int

    def tokens_per_call(self, proposals: int) -> float:
        """Ids that a call of the target gives, on average, if each has the same chance.

        >>> DraftAcceptance(0.5, 0.5, 1).tokens_per_call(2)
        1.75
        """
        if self.sampled >= 1:
            return proposals + 1.0
        return (1 - self.sampled ** (proposals + 1)) / (1 - self.sampled)


def acceptance(
    target: Any, draft: Any, tokenizer: Tokenizer, texts: Sequence[str], start: int
) -> DraftAcceptance:
    """Compare both after each beginning of each text.

    Args:
        target, draft: from ids, a tensor of shape (1, length), to logits, (1, length, rows); rows
            behind the tokenizer's ids are left out.
        tokenizer: of the target, and of the draft after its transplant.
        texts: each short enough for both contexts.
        start: the id that stands before a text.

    Raises:
        ModelError: there is no text, or a model has fewer rows than there are ids.
    """
    import torch

    shared, same = [], []
    for text in texts:
        ids = torch.tensor([[start, *tokenizer.encode(text)]])
        with torch.no_grad():
            both = [model(ids)[0].double() for model in (target, draft)]
        for logits in both:
            if logits.shape[1] < len(tokenizer):
                raise ModelError(
                    f"a model has {logits.shape[1]} rows for {len(tokenizer)} ids; transplant it "
                    "to the target's tokenizer first"
                )
        one, two = (logits[:, : len(tokenizer)].softmax(1) for logits in both)
        shared.append(torch.minimum(one, two).sum(1).numpy())
        same.append((one.argmax(1) == two.argmax(1)).numpy())
    if not shared:
        raise ModelError("there is no text to compare a draft and its target on")
    rates, equal = np.concatenate(shared), np.concatenate(same)
    return DraftAcceptance(float(rates.mean()), float(equal.mean()), len(rates))
