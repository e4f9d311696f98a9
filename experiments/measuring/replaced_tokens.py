"""S143: token importance by replacement on SmolLM2, held to random importance and to gradients."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import english, split
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of
from experiments.harness.models import model_folder
from experiments.harness.verdicts import Check, check
from tokenry.tokenizer import load

LENGTH: Final = 24
SURE: Final = 0.4  # probability of a prediction that has reasons
MATTERS, CLAIMED = 0.02, 0.05  # of the probability of the prediction
METHODS: Final = ("replacement (ReAGent)", "gradient times input", "random")


def run(setting: Setting) -> Findings:
    """Contexts of novels; what happens when the most important tokens go, and when they stay."""
    from transformers import AutoModelForCausalLM

    from tokenry.auditing.attribution import (
        faithfulness,
        gradient_importance,
        replacement_importance,
    )
    from tokenry.models import causal_model, log_softmax

    folder = model_folder("smollm2-135m")
    _, held = split(english(setting.data))
    network = AutoModelForCausalLM.from_pretrained(folder, dtype="float32").eval()
    model, tokenizer = causal_model(folder), load(folder)
    figures: list[list[tuple[float, float]]] = []
    for number, text in enumerate(held):
        if len(figures) == setting.pick(12, 1):
            break
        ids = tokenizer.encode(text)[:LENGTH]
        said = np.exp(log_softmax(model.start([ids]).last[0]))
        target = int(said.argmax())
        if len(ids) < LENGTH or said[target] < SURE:
            continue
        setting.tell(f"context {len(figures) + 1}")
        source = np.random.default_rng((143, number))
        importances = (
            replacement_importance(
                model, ids, target, rounds=setting.pick(12, 1), runs=setting.pick(4, 2), seed=number
            ),
            gradient_importance(network, ids, target),
            source.random(len(ids)),
        )
        draws = setting.pick(2, 1)
        figures.append(
            [
                faithfulness(model, ids, target, each, draws=draws, seed=number)
                for each in importances
            ]
        )
    found = np.array(figures)
    return Findings((_table(found),), _checks(found), NOTES)


def _checks(found: NDArray[np.float64]) -> tuple[Check, ...]:
    """``found``: contexts, methods, comprehensiveness and sufficiency."""
    checks = []
    for at, other in ((2, "random importance"), (1, "gradient times input")):
        effects = {
            name: mean_of(found[:, 0, kind] - found[:, at, kind])
            for kind, name in enumerate(("lost without them", "left with them alone"))
        }
        checks.append(
            check(
                f"tokens that replacement finds important are more faithful than those of {other}: "
                "more of the probability goes with them and more is left with them alone (here 5 "
                "points; 2 would matter)",
                effects,
                claimed=CLAIMED,
                matters=MATTERS,
                found="; ".join(f"{name}: {each:+.1%}" for name, each in effects.items()),
            )
        )
    return tuple(checks)


def _table(found: NDArray[np.float64]) -> Table:
    means = found.mean(axis=0)
    return Table(
        "Faithfulness: mean over a tenth, a fifth and half of the tokens, by share of probability",
        ("importance by", "contexts", "lost without them (%)", "left with them alone (%)"),
        tuple(
            (name, len(found), round(100 * float(lost), 1), round(100 * float(left), 1))
            for name, (lost, left) in zip(METHODS, means, strict=True)
        ),
    )


NOTES: Final = (
    "Places are filled anew by the model's own predictions from the left; the draws are the same "
    "for all three importances. Contexts are the first 24 tokens of passages, where the model "
    "gives its prediction 40% or more.",
)

EXPERIMENT = Experiment(
    name="ReAGent",
    claim="Importance by recursive replacement is more faithful to a generative model's "
    "predictions than gradients and than chance.",
    scale="paper: six models of up to 6.7B, three data sets, RoBERTa's proposals; here: "
    "SmolLM2-135M, 12 contexts of 24 tokens of novels a draw, 12 rounds of four runs",
    baseline="random importance; gradient times input",
    needs=("text",),
    models=("smollm2-135m",),
    run=run,
)
