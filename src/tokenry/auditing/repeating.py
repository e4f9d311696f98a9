"""Repeat after me: whether a model can say an id that it is shown.

The last step of Land, Bartolo 2024, Fishing for Magikarp, arXiv:2405.05417: an id that the model
gives less than 1% under every prompt, right after reading it, is under-trained. The prompts are
examples of repetition, read once; each id then costs a few positions a prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.models.causal import CausalModel, log_softmax
from tokenry.progress import Progress, silent
from tokenry.tokenizer import Tokenizer

PROMPTS: Final = (
    ('Repeat the string.\n"river" -> "river"\n"7Qx" -> "7Qx"\n" table" -> " table"\n"', '" -> "'),
    ("The word is river. Again: river\nThe word is Paris. Again: Paris\nThe word is", ". Again:"),
)
"""What stands before an id, and between it and its repetition."""
NOT_SAID: Final = 0.01
BATCH: Final = 32


def repetition(
    model: CausalModel,
    tokenizer: Tokenizer,
    ids: Sequence[int],
    *,
    prompts: Sequence[tuple[str, str]] = PROMPTS,
    batch: int = BATCH,
    progress: Progress = silent,
) -> NDArray[np.float64]:
    """The largest probability of each id after a prompt that has it, shape (len(ids),).

    Args:
        model: that reads the ids of the tokenizer.
        tokenizer: of the prompts.
        ids: to repeat.
        prompts: text before an id, and between it and its repetition.
        batch: how many are read together.
        progress: told how many are done.
    """
    best = np.zeros(len(ids))
    for number, (before, between) in enumerate(prompts):
        start = model.start([tokenizer.encode(before)], logits="none").state
        middle = tokenizer.encode(between)
        for at in range(0, len(ids), batch):
            progress(f"repeat, prompt {number + 1}", at, len(ids))
            some = list(ids[at : at + batch])
            state = model.fork(start, [0] * len(some))
            out = model.extend(state, [[id_, *middle] for id_ in some])
            said = np.exp(log_softmax(out.last))[np.arange(len(some)), some]
            best[at : at + len(some)] = np.maximum(best[at : at + len(some)], said)
    return best
