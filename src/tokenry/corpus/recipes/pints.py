"""Expository text for a small model.

Source: Tan, Wang 2024, "1.5-Pints Technical Report: Pretraining in Days, Not Months -- Your
Language Model Thrives on Quality Data", arXiv:2408.03506, whose corpus is chosen for being
expository and like a textbook, by automated workflows and by hand.

1. Text that is no prose is left out by rules, then near copies.
2. Of the rest the most expository half is kept.
3. Where there are examples of what is wanted, a classifier keeps what is like them.

Their choice is made by sources and by hand; thresholds are ours.
"""

from __future__ import annotations

from tokenry.corpus.recipes.contract import RecipeStep
from tokenry.corpus.selection.distinct import DistinctScorer
from tokenry.corpus.selection.expository import ExpositoryScorer
from tokenry.corpus.selection.predictive import LinearScorer
from tokenry.corpus.selection.rules import RULES, RuleScorer


def recipe(*, examples: bool = False, keep: float = 0.5) -> list[RecipeStep]:
    """The steps.

    Args:
        examples: whether the task has a target to be like.
        keep: share that the expository step keeps, and the classifier of the rest.
    """
    steps = [
        RecipeStep("rules", RuleScorer(), (len(RULES) - 2) / len(RULES)),
        RecipeStep("copies", DistinctScorer, 0.2),
        RecipeStep("expository", ExpositoryScorer(), keep=keep),
    ]
    return [*steps, RecipeStep("like examples", LinearScorer, keep=keep)] if examples else steps
