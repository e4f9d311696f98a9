"""Small students that learn from small teachers with other tokenizers."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from experiments.transfer.small_models import small_rows
from tokenry.neural.recipes.language import LanguageModel
from tokenry.neural.recipes.sizes import Passes
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.distil.pairs import TextReader, paired_batches
from tokenry.transfer.distil.registry import objective
from tokenry.transfer.distil.step import Distil

Arm = tuple[str, dict[str, Any], float]
"""An objective, its options, and what the loss on the text is multiplied by."""


def cut(model: LanguageModel) -> Any:
    """A module from ids to logits of ids alone, without the mark between documents."""
    from torch import nn

    class Cut(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = model.model

        def forward(self, ids: Any) -> Any:
            return self.inner(ids)[..., : model.end]

    return Cut()


def on_text(model: Any, batch: Batch) -> Losses:
    """The loss on the text alone, of the same batches."""
    return NextToken()(model, batch)


def taught(
    student: LanguageModel,
    tokenizer: Tokenizer,
    teacher: LanguageModel,
    theirs: Tokenizer,
    texts: Sequence[str],
    arm: Arm | None,
    *,
    steps: int,
    seed: int,
    size: int = 12,
) -> LanguageModel:
    """A copy of a student after some steps; with no arm it learns from the text alone."""
    student = copy.deepcopy(student)
    batches = paired_batches(
        texts, TextReader(tokenizer, student.end), [TextReader(theirs, teacher.end)],
        size=size, seed=seed, passes=None,
    )  # fmt: skip
    step: Any = on_text
    if arm is not None:
        name, options, weight = arm
        made = objective(name, tokenizer, theirs, **options)
        said = cut(teacher).eval().requires_grad_(False)
        step = Distil([said], [made], cross_entropy=weight)
    module = cut(student).requires_grad_(True)
    Passes(rate=1e-3).trainer(steps, seed).fit(module, step, batches)
    assert len(small_rows(student)) == student.end + 1
    return student


def pieces_of(texts: Sequence[str], length: int) -> list[str]:
    """Texts cut into stretches of one length."""
    return [
        text[at : at + length] for text in texts for at in range(0, len(text) - length + 1, length)
    ]
