"""Documents whose losses order models as their abilities do.

Source: Shum et al. 2025, "Predictive Data Selection: The Data That Predicts Is the Data That
Teaches", arXiv:2503.00808.
"""

from __future__ import annotations

from functools import partial

from experiments.corpus.fewer_tokens import run_against_more
from experiments.corpus.selecting import NEEDS, SCALE
from experiments.harness.experiment import Experiment

EXPERIMENT = Experiment(
    name="PreSelect",
    claim=(
        "Documents whose losses predict the abilities of models teach as much as ten times as many "
        "random tokens (30B against 300B at 1B parameters)."
    ),
    scale=(
        "Paper: losses of six Llama models, abilities on benchmarks, models of 1B and 3B. Here: "
        "losses of five models of pairs of tokens that read more and more of the examples, ability "
        f"on other examples; {SCALE}; 20,000 tokens, and three times as many at random; "
        "six seeds."
    ),
    baseline="random documents of as many tokens, and of three times as many",
    needs=NEEDS,
    run=partial(run_against_more, method="predictive", more=3.0, budget=20_000),
    seeds=6,
)
