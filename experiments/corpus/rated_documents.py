"""Documents chosen by ratings that a model learnt.

Source: Peng et al. 2025, "DataMan: Data Manager for Pre-training Large Language Models",
arXiv:2502.19363.
"""

from __future__ import annotations

from functools import partial

from experiments.corpus.fewer_tokens import run_against_more
from experiments.corpus.selecting import NEEDS, SCALE, rated
from experiments.harness.experiment import Experiment

EXPERIMENT = Experiment(
    name="DataMan",
    claim=(
        "Documents of the highest ratings, rated by a model that learnt from a few rated ones, are "
        "worth half as many random tokens again (a 1.3B model on 30B tokens beats uniform sampling "
        "of 45B)."
    ),
    scale=(
        "Paper: fourteen criteria rated by GPT-4, a rater of 1.5B, budgets of tokens by domain. "
        "Here: a tenth of the documents is rated 5 or 1 by whether it is of the target's domain, a "
        f"ridge over hashed n-grams rates all; {SCALE}; 30,000 tokens, and 45,000 at random; "
        "five seeds."
    ),
    baseline="random documents of as many tokens, and of one and a half times as many",
    needs=NEEDS,
    run=partial(run_against_more, method="ratings", more=1.5, prepared=rated),
    seeds=5,
)
