"""Documents chosen by a graph of skills.

Source: Li et al. 2025, "MASS: Mathematical Data Selection via Skill Graphs for Pretraining Large
Language Models", arXiv:2503.14917.
"""

from __future__ import annotations

from functools import partial

from experiments.corpus.fewer_tokens import run_against_more
from experiments.corpus.selecting import NEEDS, SCALE
from experiments.harness.experiment import Experiment

EXPERIMENT = Experiment(
    name="MASS",
    claim=(
        "Documents ranked by a graph of the skills of a reference set teach what it is about with "
        "50% to 70% fewer tokens, and better at equal tokens (3.3% to 5.9% in tasks)."
    ),
    scale=(
        "Paper: skills read by a large model, mathematics of the web, models of 1B and 7B. Here: "
        f"skills are phrases of the examples; {SCALE}; 30,000 tokens, and 60,000 at random; five "
        "seeds."
    ),
    baseline="random documents of as many tokens, and of twice as many",
    needs=NEEDS,
    run=partial(run_against_more, method="skills", more=2.0),
    seeds=5,
)
