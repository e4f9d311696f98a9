"""S083: Cabrita, an English vocabulary extended with Portuguese pieces."""

from __future__ import annotations

from experiments.harness.corpora import blocks, declarations, flores
from experiments.harness.experiment import Experiment, Findings, Setting
from experiments.harness.verdicts import check, check_bounded
from experiments.surgery.extension import (
    quality_table,
    run_extension,
    size_note,
    texts_of,
    token_table,
)

SAVED, MATTERS = 0.2, 0.01  # of the tokens: what is "significantly", and what would matter
WORSE, MUCH_WORSE = 0.02, 0.05  # bits per byte above those with the old vocabulary


def run(setting: Setting) -> Findings:
    """Extend, train on, and compare at equal bytes."""
    documents = blocks(flores(setting.data)["por_Latn"])
    documents += declarations(setting.data)["por_Latn"].split("\n\n")
    texts = texts_of(setting, documents)
    found = run_extension(
        setting, texts, ids=setting.pick(4_000, 400), new_ids=setting.pick(2_500, 500)
    )
    saved = found.saved("new language")
    worse = found.over("extended", "old")
    return Findings(
        (token_table(found), quality_table(found)),
        (
            check(
                "the extended vocabulary writes Portuguese in significantly fewer tokens (here: at "
                "least 20%)",
                saved,
                claimed=SAVED,
                matters=MATTERS,
                found=f"{saved:.1%} fewer",
            ),
            check_bounded(
                "at equal text read, the model is as good as with the old vocabulary (here: bits "
                "per byte at most 2% above; 5% for the direction)",
                worse,
                WORSE,
                loose=MUCH_WORSE,
                found=f"{found.mean('extended'):.3f} bits per byte against {found.mean('old'):.3f} "
                f"({worse:+.1%}), mean of {len(found.outcomes)} seeds",
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
