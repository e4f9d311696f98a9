"""S047: aligned static vectors make the rows of a tokenizer of another language."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.harness.experiment import Experiment, Findings, Setting
from experiments.harness.intervals import needed, over_seeds
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import check
from experiments.transfer.new_language import (
    PASSES,
    Portuguese,
    before_and_after,
    before_and_after_table,
    moved,
)
from experiments.transfer.small_models import family, small_rows
from tokenry.learning import Bpe
from tokenry.transfer import FirstOf, RowInitialiser, TransferContext, initialiser
from tokenry.transfer.initialisers.copied import CopiedRows
from tokenry.transfer.initialisers.gaussian import GaussianRows

TITLE = "An English model under a Portuguese tokenizer: bits per byte of held-out Portuguese"
MATTERS = 0.01  # bits per byte
OTHERS = ("mean", "subpieces", "trans-tokenizer")
RANDOM = "random"
ORDERS = {"wechsel": 3, "mean": 3}  # of the text, for the difference that is least


def run(setting: Setting) -> Findings:
    """Eight seeds of an English model, all with the same Portuguese tokenizer."""
    texts, kept = Portuguese.of(setting), Kept(setting, "S047", source_of(__file__))
    new = Bpe(vocab_size=setting.pick(3_000, 400)).learn(texts.learnt)
    shared: list[TransferContext] = []  # vectors do not depend on the seed

    def bits(seed: int, name: str) -> tuple[float, float]:
        pair = family(setting, seed)
        rows = small_rows(pair.base)[:-1]
        context = (
            shared[-1].on_rows(lambda role: rows)
            if shared
            else TransferContext(
                old=pair.old, new=new, old_rows=lambda role: rows, corpus=texts.corpus,
                dictionary=texts.dictionary, parallel=texts.parallel,
            )
        )  # fmt: skip
        shared.append(context)
        model, orders = moved(pair, new, _inits()[name], context), ORDERS.get(name, 1)
        return before_and_after(model, new, texts, seed, orders)

    found = [
        {name: kept.once(f"{name}, seed {seed}", bits, seed, name) for name in _inits()}
        for seed in setting.seeds
    ]
    less = {
        (arm, at): over_seeds([each[arm][at] - each["wechsel"][at] for each in found])
        for arm in (RANDOM, "mean")
        for at in (0, 1)
    }
    return Findings(
        (before_and_after_table(TITLE, "initialiser", found),),
        tuple(
            check(
                f"WECHSEL below {what} in bits per byte of Portuguese, {when}",
                less[arm, at],
                matters=MATTERS,
            )
            for arm, what in ((RANDOM, "drawn rows"), ("mean", "the mean of all rows"))
            for at, when in enumerate(("zero-shot", f"after {PASSES} passes over the same text"))
        ),
        (
            f"Vectors are trained on {sum(map(len, texts.corpus)) / 1e6:.1f} MB of both languages, "
            f"and a dictionary of {len(texts.dictionary):,} pairs comes from aligned sentences; "
            "nothing was downloaded.",
            f"Trained figures of {' and '.join(ORDERS)} are means over {ORDERS['mean']} orders of "
            "the text. Their difference is about as large as what matters, so that to be sure of "
            f"its side takes about {needed(less['mean', 1], len(found), MATTERS):,.0f} seeds of a "
            "minute and a half each; the verdict does not hang on it.",
            kept.note(),
        ),
    )


def _inits() -> Mapping[str, RowInitialiser]:
    drawn = FirstOf((CopiedRows(), GaussianRows(scale=1.0)))
    return {RANDOM: drawn, "wechsel": initialiser("wechsel")} | {
        name: initialiser(name) for name in OTHERS
    }


EXPERIMENT = Experiment(
    name="WECHSEL",
    claim="Rows of a new language's tokenizer that come from static vectors, aligned with those of "
    "the old one, are a better start than random rows, and the same training gets further; no "
    "vectors have to be downloaded.",
    scale="paper: RoBERTa and GPT-2 to eight languages, vectors of fastText; here: transformers of "
    "1 million parameters trained on 1.5 MB of English novels, continued on 0.1 MB of Portuguese, "
    "eight seeds",
    baseline="drawn rows, the mean, sub-pieces and Trans-Tokenizer in the same run",
    needs=("text", "flores_dev", "udhr"),
    run=run,
    seeds=8,
)
