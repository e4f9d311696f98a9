"""S024: small models of three Indic languages, by tokenizers of the region and of the world.

Parallel text in Hindi, Marathi and Bengali, so that every model reads the same. A tokenizer of the
language's own text and one of all three stand for those made for the region, GPT-2's and o200k for
general ones. Bits per byte of sentences held out compare them, and the words of texts that the
models make up: how many of them the language's text has.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import Languages, blocks, flores, size_of, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.trained import once
from experiments.harness.verdicts import Check, Estimate, check
from experiments.measuring.sampling import sampled
from tokenry import load
from tokenry.learning import Bpe
from tokenry.tokenizer import Tokenizer

LANGUAGES: Final = {"hin_Deva": "Hindi", "mar_Deva": "Marathi", "ben_Beng": "Bengali"}
GENERAL: Final = {"GPT-2": "gpt-2_tokenizer.json", "o200k": "o200k_base.tiktoken"}
OWN, REGION = "own language", "region"
IDS: Final = 2_000
CONTEXT: Final = 400  # bytes that a model reads at a time
Floats = NDArray[np.float64]


def figures(
    setting: Setting, tokenizer: Tokenizer, learnt: list[str], held: list[str], seed: int
) -> list[float]:
    """Bits per byte of what is held out, and the percent of made-up words that are words."""
    from tokenry.neural.recipes.language import bits_per_byte, train_language_model
    from tokenry.neural.recipes.shared_rows import SharedRows
    from tokenry.neural.recipes.sizes import Passes, Shape

    setting.tell(f"{tokenizer.n_vocab:,} ids, seed {seed}")
    ids = list(tokenizer.encode_batch(learnt))
    rows = SharedRows.of(ids, tokenizer.n_vocab)
    context = max(8, round(CONTEXT * sum(map(len, ids)) / size_of(learnt)))
    model = train_language_model(
        [rows.of_ids(each) for each in ids],
        rows.rows,
        shape=Shape(width=setting.pick(64, 16), layers=2, context=context),
        passes=Passes(rate=4e-3, batch=8, passes=setting.pick(2, 1)),
        seed=seed,
    )
    others = [rows.of_ids(each) for each in tokenizer.encode_batch(held)]
    size = size_of(held)
    beside = sum(map(rows.bits_beside, others)) / size
    # Rows are named by the ids that have them; the shared row says nothing.
    names = np.zeros(rows.rows, dtype=np.int64)
    names[rows.row_of_id[::-1]] = np.arange(tokenizer.n_vocab)[::-1]
    said = sampled(model, _Renamed(tokenizer, names), setting.pick(60, 4), context, seed)
    return [bits_per_byte(model, others, size) + beside, _words(said, [*learnt, *held])]


class _Renamed:
    """Decodes rows of a model as the ids that they stand for."""

    def __init__(self, tokenizer: Tokenizer, names: NDArray[np.int64]) -> None:
        self._tokenizer, self._names = tokenizer, names

    def decode(self, rows: Sequence[int]) -> str:
        """Text of the ids; that of the shared row is left out."""
        shared = len(self._names) - 1
        ids = [int(self._names[row]) for row in rows if row != shared]
        return self._tokenizer.decode(ids)


def _words(made: Sequence[str], known: Sequence[str]) -> float:
    """Percent of made-up words, those cut at an end left out, that stand in known text."""
    words = set(" ".join(known).split())
    said = [word for text in made for word in text.split()[1:-1]]
    return 100 * float(np.mean([word in words for word in said])) if said else 0.0


def run(setting: Setting) -> Findings:
    """Train every arm in every language with every seed."""
    lines: Languages[list[str]] = flores(setting.data)
    languages = setting.pick(list(LANGUAGES), list(LANGUAGES)[:1])
    texts = {each: split(blocks(lines[each])[: setting.pick(None, 40)], 0.2) for each in languages}
    region = [text for learnt, _ in texts.values() for text in learnt]
    found: dict[tuple[str, str], Floats] = {}
    for language, (learnt, held) in texts.items():
        arms = {OWN: Bpe(vocab_size=setting.pick(IDS, 400)).learn(learnt)}
        arms[REGION] = Bpe(vocab_size=setting.pick(IDS, 400)).learn(region)
        for name in setting.pick(list(GENERAL), list(GENERAL)[:1]):
            arms[name] = load(setting.data.file(f"tokenizers/{GENERAL[name]}"))
        for name, tokenizer in arms.items():
            one = partial(figures, setting, tokenizer, learnt, held)
            given = (language, name, tokenizer.fingerprint())
            rows = [once(setting, "stories", given, seed, one) for seed in setting.seeds]
            found[language, name] = np.array(rows)
    return Findings((_table(found),), _checks(found), NOTES)


def _checks(found: dict[tuple[str, str], Floats]) -> tuple[Check, ...]:
    def against(at: int) -> dict[str, Estimate]:
        """What the tokenizer of the region gains over general ones, by language."""
        gains = {}
        for (language, name), values in found.items():
            if name in GENERAL:
                own = found[language, REGION][:, at]
                gain = values[:, at] / own - 1 if at == 0 else own - values[:, at]
                gains[f"{LANGUAGES[language]}, {name}"] = over_seeds(gain)
        return gains

    own = {
        LANGUAGES[language]: over_seeds(values[:, 0] / found[language, OWN][:, 0] - 1)
        for (language, name), values in found.items()
        if name == REGION
    }
    return (
        check(
            "models under a tokenizer of the region need fewer bits a byte than under general ones",
            against(0), matters=0.01, claimed=0.03,
        ),
        check(
            "and make up more words that are words of the language (points)",
            against(1), matters=1.0, claimed=5.0,
        ),
        check(
            "one of the language alone is better than one of the region",
            own, matters=0.005, claimed=0.01,
        ),
    )  # fmt: skip


def _table(found: dict[tuple[str, str], Floats]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for (language, name), values in found.items():
        bits, words = (over_seeds(values[:, at]) for at in (0, 1))
        rows.append(
            (LANGUAGES[language], name,
             *(round(each, 4) for each in (bits.value, bits.low, bits.high)),
             *(round(each, 1) for each in (words.value, words.low, words.high)))
        )  # fmt: skip
    return Table(
        "Small models by language and tokenizer",
        ("language", "tokenizer", "bits a byte", "low", "high", "words that are words %", "low ",
         "high "),
        tuple(rows),
        "Ids that the text has less than twice share a row. Made up: 60 texts of 400 bytes.",
    )  # fmt: skip


NOTES: Final = (
    "The paper's stories are made by a large model and judged by one; here the text is parallel "
    "sentences, and what is made up is judged by its words alone.",
    "All models have the same width and layers; general tokenizers cut these scripts into more "
    "tokens, so their models make more steps over the same text.",
)

EXPERIMENT = Experiment(
    name="Regional Tiny Stories",
    claim="Small models of Indic languages are better under tokenizers made for the region than "
    "under general ones, and languages differ.",
    scale="Paper: two million stories each in Hindi, Marathi and Bengali, models of 5 to 150 "
    "million parameters. Here: half of FLORES-200 dev a draw (about 130 kB each), transformers of "
    "two layers of width 64, two passes, eight seeds.",
    baseline="The same model and text under GPT-2's and o200k's tokenizers.",
    needs=("flores_dev", "tokenizers"),
    run=run,
    seeds=8,
)
