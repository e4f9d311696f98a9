"""The probability of a row of ids, read in parts so that long texts need little memory."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from tokenry.decoding.bytewise.covers import Outlook
from tokenry.decoding.canonical.followers import Context, Following
from tokenry.decoding.spelling import Spelling
from tokenry.models.causal import CausalModel

PART: Final = 64
"""Ids that are read at once; their logits are 13 MB for 50,000 ids."""


def weight_of(
    model: CausalModel, spelling: Spelling, following: Following, ids: list[int]
) -> float:
    """The logarithm of the probability that a sequence begins with ``ids``; -inf for none."""
    place = np.zeros(len(spelling.pieces), np.int64)
    place[spelling.order.ids] = np.arange(len(spelling.order))
    context: Context = ()
    step, total = model.start([spelling.begin], logits="last"), 0.0
    for at in range(0, len(ids), PART):
        part = ids[at : at + PART]
        rows = [step.logits[0, -1]]
        step = model.extend(step.state, [part], logits="all")
        for id_, logits in zip(part, [*rows, *step.logits[0]], strict=False):
            outlook = Outlook(following.followers(context))
            outlook.fill(logits, spelling)
            assert outlook.ids is not None
            probability = float(outlook.ids[place[id_]])
            total += math.log(probability) if probability > 0 else -math.inf
            context = following.after(context, id_)
    return total
