"""S057: RedWhale, an English vocabulary extended with Korean pieces, and training in stages."""

from __future__ import annotations

from experiments.harness.corpora import flores, multilingual
from experiments.harness.data import Data
from experiments.harness.experiment import Experiment, Findings, Setting, check
from experiments.surgery.extension import (
    quality_table,
    run_extension,
    size_note,
    texts_of,
    token_table,
)

BLOCK = 10
MOST = 110_000  # bytes; the old vocabulary makes more than a token of each
TOKEN_RATIO = 0.57  # as summaries of the paper report it
HANGUL = ("가", "힣")


def korean(data: Data) -> list[str]:
    """Sentences of FLORES in blocks, and passages of documentation that are mostly Hangul."""
    lines = flores(data)["kor_Hang"]
    blocks = ["\n".join(lines[at : at + BLOCK]) for at in range(0, len(lines), BLOCK)]
    return blocks + [text for text in multilingual(data) if hangul_share(text) > 0.3]


def hangul_share(text: str) -> float:
    """Share of the characters, without white space, that are Hangul syllables."""
    characters = [character for character in text if not character.isspace()]
    hangul = sum(HANGUL[0] <= character <= HANGUL[1] for character in characters)
    return hangul / max(1, len(characters))


def run(setting: Setting) -> Findings:
    """Extend, train on in one and in two stages, and compare at equal bytes."""
    texts = texts_of(setting, korean(setting.data), MOST)
    found = run_extension(
        setting, texts, ids=setting.pick(4_000, 400), new_ids=setting.pick(3_000, 500)
    )
    tokens = 1 - found.saved("new language")
    ratio = found.mean("staged") / found.mean("old")
    stages = found.mean("staged") / found.mean("extended")
    return Findings(
        (token_table(found), quality_table(found)),
        (
            check(
                "the specialised tokenizer writes Korean in 0.57 of the tokens",
                f"{tokens:.2f} of the tokens",
                holds=tokens <= TOKEN_RATIO,
                in_direction=tokens < 1,
            ),
            check(
                "at equal text read, accuracy is kept (here: bits per byte at most 2% above those "
                "with the old vocabulary; 5% for the direction)",
                f"{found.mean('staged'):.3f} bits per byte in stages against "
                f"{found.mean('old'):.3f} ({ratio - 1:+.1%}), mean of {len(found.outcomes)} seeds",
                holds=ratio <= 1.02,
                in_direction=ratio <= 1.05,
            ),
            check(
                "training the rows first and then everything costs no quality (here: bits per byte "
                "at most 1% above those of one stage; 3% for the direction)",
                f"{stages - 1:+.1%}",
                holds=stages <= 1.01,
                in_direction=stages <= 1.03,
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
