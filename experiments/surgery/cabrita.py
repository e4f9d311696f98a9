"""S083: Cabrita, an English vocabulary extended with Portuguese pieces."""

from __future__ import annotations

from experiments.harness.corpora import flores
from experiments.harness.experiment import Experiment, Findings, Setting, check
from experiments.measuring.inequities import declarations
from experiments.surgery.extension import (
    quality_table,
    run_extension,
    size_note,
    texts_of,
    token_table,
)

BLOCK = 10  # neighbouring sentences of FLORES come from one article and stay together


def run(setting: Setting) -> Findings:
    """Extend, train on, and compare at equal bytes."""
    lines = flores(setting.data)["por_Latn"]
    documents = ["\n".join(lines[at : at + BLOCK]) for at in range(0, len(lines), BLOCK)]
    documents += declarations(setting.data)["por_Latn"].split("\n\n")
    texts = texts_of(setting, documents)
    found = run_extension(
        setting, texts, ids=setting.pick(4_000, 400), new_ids=setting.pick(2_500, 500)
    )
    saved = found.saved("new language")
    ratio = found.mean("extended") / found.mean("old")
    return Findings(
        (token_table(found), quality_table(found)),
        (
            check(
                "the extended vocabulary writes Portuguese in significantly fewer tokens (here: at "
                "least 20%)",
                f"{saved:.1%} fewer",
                holds=saved >= 0.2,
                in_direction=saved > 0,
            ),
            check(
                "at equal text read, the model is as good as with the old vocabulary (here: bits "
                "per byte at most 2% above; 5% for the direction)",
                f"{found.mean('extended'):.3f} bits per byte against {found.mean('old'):.3f} "
                f"({ratio - 1:+.1%}), mean of {len(found.outcomes)} seeds",
                holds=ratio <= 1.02,
                in_direction=ratio <= 1.05,
            ),
        ),
        (
            size_note(texts),
            "New rows begin as the mean of the rows of the old ids that they stand for. Few-shot "
            "tasks, which the paper measures, are beyond a model of this size; bits per byte of "
            "held-out text stand in for them.",
        ),
    )


EXPERIMENT = Experiment(
    name="Cabrita",
    claim="An English model continued on Portuguese with an adapted tokenizer needs significantly "
    "fewer tokens for Portuguese, at a quality similar to continuing with the old one.",
    scale="paper: OpenLLaMA 3B, continued on Portuguese web text; here: a transformer of 1.1 "
    "million parameters trained on 0.7 MB of English and continued on 0.1 MB of Portuguese "
    "(FLORES-200 dev and the Declaration of Human Rights), three seeds",
    baseline="the same English model continued on the same text with its old vocabulary",
    needs=("text", "flores_dev", "udhr"),
    run=run,
)
