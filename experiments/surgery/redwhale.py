"""S057: RedWhale, an English vocabulary extended with Korean pieces, and training in stages."""

from __future__ import annotations

import re

from experiments.harness.corpora import blocks, flores, multilingual
from experiments.harness.data import Data
from experiments.harness.experiment import Experiment, Findings, Setting
from experiments.harness.verdicts import check, check_bounded
from experiments.surgery.extension import (
    quality_table,
    run_extension,
    size_note,
    texts_of,
    token_table,
)

MOST = 110_000  # bytes; the old vocabulary makes more than a token of each
TOKEN_RATIO = 0.57  # as summaries of the paper report it
MATTERS = 0.01  # of the tokens
# Bits per byte above those of the other arm, and how many for the direction.
WORSE, MUCH_WORSE = 0.02, 0.05
WORSE_IN_STAGES, MUCH_WORSE_IN_STAGES = 0.01, 0.03
HANGUL = re.compile("[가-힣]")


def korean(data: Data) -> list[str]:
    """Sentences of FLORES in blocks, and passages of documentation that are mostly Hangul."""
    sentences = blocks(flores(data)["kor_Hang"])
    return sentences + [text for text in multilingual(data) if hangul_share(text) > 0.3]


def hangul_share(text: str) -> float:
    """Share of the characters, without white space, that are Hangul syllables."""
    characters = "".join(text.split())
    return len(HANGUL.findall(characters)) / max(1, len(characters))


def run(setting: Setting) -> Findings:
    """Extend, train on in one and in two stages, and compare at equal bytes."""
    texts = texts_of(setting, korean(setting.data), MOST)
    found = run_extension(
        setting, texts, ids=setting.pick(4_000, 400), new_ids=setting.pick(3_000, 500)
    )
    saved = found.saved("new language")
    worse, stages = found.over("staged", "old"), found.over("staged", "extended")
    return Findings(
        (token_table(found), quality_table(found)),
        (
            check(
                "the specialised tokenizer writes Korean in 0.57 of the tokens",
                saved,
                claimed=1 - TOKEN_RATIO,
                matters=MATTERS,
                found=f"{1 - saved:.2f} of the tokens",
            ),
            check_bounded(
                "at equal text read, accuracy is kept (here: bits per byte at most 2% above those "
                "with the old vocabulary; 5% for the direction)",
                worse,
                WORSE,
                loose=MUCH_WORSE,
                found=f"{found.mean('staged'):.3f} bits per byte in stages against "
                f"{found.mean('old'):.3f} ({worse:+.1%}), mean of {len(found.outcomes)} seeds",
            ),
            check_bounded(
                "training the rows first and then everything costs no quality (here: bits per byte "
                "at most 1% above those of one stage; 3% for the direction)",
                stages,
                WORSE_IN_STAGES,
                loose=MUCH_WORSE_IN_STAGES,
                found=f"{stages:+.1%}",
            ),
        ),
        (
            size_note(texts),
            "Of the recipe this runs the tokenizer, the start of new rows from old ones (the mean; "
            "the paper compares five ways) and two stages. Its clean-up of a Korean corpus and its "
            "stages of odd and even layers with LoRA are not run: there is no web text here to "
            "clean, and no model that would not fit.",
        ),
    )


EXPERIMENT = Experiment(
    name="RedWhale",
    claim="A specialised tokenizer (0.57 of the tokens, as summaries of the paper report), new "
    "rows started from old ones and training in stages adapt an English model to Korean at less "
    "cost and without loss of accuracy.",
    scale="paper: 9.7 billion tokens of continual pretraining; here: a transformer of 1.1 million "
    "parameters trained on 0.7 MB of English and continued on 0.11 MB of Korean (FLORES-200 dev "
    "and documentation), three seeds",
    baseline="the same English model continued on the same text with its old vocabulary",
    needs=("text", "flores_dev"),
    run=run,
)
