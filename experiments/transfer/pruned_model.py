"""S110: a vocabulary pruned by use, with the model's rows, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.harness.corpora import english, first_bytes, size_of, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import ratio
from experiments.harness.models import models_folder
from experiments.harness.verdicts import Check, Estimate, check, check_bounded
from experiments.transfer.real_model import Floats, Moved
from experiments.transfer.small_models import small_rows, with_rows
from tokenry.learning import Bpe
from tokenry.neural.recipes.language import LanguageModel, bits_per_byte, train_language_model
from tokenry.neural.recipes.sizes import Shape
from tokenry.surgery import Surgery, prune
from tokenry.tokenizer import Tokenizer

SHARES = (0.75, 0.5, 0.35, 0.25)  # of the ids that stay
KEPT = 0.97  # of the uses, as the paper finds at about half of its ids
MATTERS = 0.01
WORSE, MUCH_WORSE = 0.02, 0.05  # of the bits per byte
PASSAGE = 1000


@dataclass(frozen=True, eq=False)
class Cut:
    """A pruned vocabulary on held-out text.

    Attributes:
        surgery: what was pruned.
        kept: by document, tokens of the old vocabulary whose id stayed.
        tokens: by document, of the old vocabulary.
        bits: by document, before and after.
    """

    surgery: Surgery
    kept: Floats
    tokens: Floats
    bits: tuple[Floats, Floats]

    @property
    def coverage(self) -> Estimate:
        """Share of the uses that is kept."""
        return ratio(self.kept, self.tokens)

    @property
    def worse(self) -> Estimate:
        """Share of the bits that is added."""
        return ratio(self.bits[1], self.bits[0]) - 1.0


def run(setting: Setting) -> Findings:
    """SmolLM2 where it is at hand, and a small model that is trained here otherwise."""
    learnt, held = split(english(setting.data))
    folder = models_folder() if setting.size == "full" else None
    learnt = first_bytes(learnt, setting.pick(8_000_000, 20_000))
    if folder is None:
        cuts, parameters = _small(setting, learnt, first_bytes(held, setting.pick(60_000, 3_000)))
        name = "a model trained here"
    else:
        model = Moved.open(folder / "smollm2-135m")
        texts = [text[:PASSAGE] for text in held[:: max(1, len(held) // 60)][:60]]
        parameters, name = sum(p.numel() for p in model.network.parameters()), "SmolLM2-135M"
        cuts = _real(setting, model, learnt, texts)
    return Findings(
        (_table(name, cuts, parameters),),
        _checks(name, cuts),
        (
            f"Ids are counted on {size_of(learnt) / 1e6:.2f} MB of English novels and measured on "
            "others.",
        ),
    )


def _real(setting: Setting, model: Moved, learnt: Sequence[str], texts: Sequence[str]) -> list[Cut]:
    end = model.network.config.bos_token_id
    before, _ = model.bits(model.rows, model.tokenizer, texts, end)
    found = []
    for surgery in _cut(setting, model.tokenizer, learnt):
        rows = model.rows[surgery.ids.old_of_new]
        start = int(surgery.ids.new_of_old[end])
        bits, _ = model.bits(rows, surgery.tokenizer, texts, start)
        found.append(_measured(model.tokenizer, surgery, texts, (before, bits)))
    return found


def _small(setting: Setting, learnt: Sequence[str], held: Sequence[str]) -> tuple[list[Cut], int]:
    tokenizer = Bpe(vocab_size=setting.pick(8_000, 1_200)).learn(list(learnt))
    shape = setting.pick(Shape(width=128, layers=3), Shape(width=16, layers=1, heads=2, context=32))
    rows = list(tokenizer.encode_batch(learnt))
    model = train_language_model(rows, tokenizer.n_vocab, shape=shape)
    before = _bits(model, tokenizer, held)
    found = []
    for surgery in _cut(setting, tokenizer, learnt):
        old = small_rows(model)
        smaller = with_rows(model, np.concatenate([old[surgery.ids.old_of_new], old[-1:]]))
        after = _bits(smaller, surgery.tokenizer, held)
        found.append(_measured(tokenizer, surgery, held, (before, after)))
    return found, sum(p.numel() for p in model.model.parameters())


def _bits(model: LanguageModel, tokenizer: Tokenizer, held: Sequence[str]) -> Floats:
    rows = list(tokenizer.encode_batch(held))
    sizes = [len(text.encode()) for text in held]
    pairs = zip(rows, sizes, strict=True)
    return np.array([bits_per_byte(model, [row], size) * size for row, size in pairs])


def _cut(setting: Setting, tokenizer: Tokenizer, learnt: Sequence[str]) -> list[Surgery]:
    found = []
    for share in SHARES:
        size = round(share * len(tokenizer))
        setting.tell(f"pruning to {size:,} ids")
        found.append(prune(tokenizer, learnt, min_uses=0, size=size))
    return found


def _measured(
    tokenizer: Tokenizer, surgery: Surgery, texts: Sequence[str], bits: tuple[Floats, Floats]
) -> Cut:
    rows = list(tokenizer.encode_batch(texts))
    kept = [float((surgery.ids.new_of_old[row.astype(np.int64)] >= 0).sum()) for row in rows]
    return Cut(surgery, np.array(kept), np.array([len(row) for row in rows], np.float64), bits)


def _table(name: str, cuts: Sequence[Cut], parameters: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for cut in cuts:
        facts = cut.surgery.facts()
        gone = facts["dropped"]
        rows.append((
            facts["new_size"], round(facts["new_size"] / facts["old_size"], 2),
            round(100 * cut.coverage.value, 2), round(100 * cut.worse.value, 2), gone,
        ))  # fmt: skip
    return Table(
        f"{name} with a pruned vocabulary, on held-out text",
        ("ids", "share of ids", "uses kept %", "bits per byte added %", "rows saved"),
        tuple(rows),
        f"The model has {parameters:,} parameters.",
    )


def _checks(name: str, cuts: Sequence[Cut]) -> tuple[Check, ...]:
    half = cuts[SHARES.index(0.5)]
    return (
        check(
            "half of the ids keep 97% of the uses",
            half.coverage,
            claimed=KEPT,
            matters=KEPT - MATTERS,
            found=f"{half.coverage:.2%} with {name}",
        ),
        check_bounded(
            "half of the ids are as good on the text that they were chosen for (here: bits per "
            "byte at most 2% above; 5% for the direction)",
            half.worse,
            WORSE,
            loose=MUCH_WORSE,
            found=f"{half.worse:.2%} more bits per byte with {name}",
        ),
    )


EXPERIMENT = Experiment(
    name="PanGu-pi tokenizer compression",
    claim="Most ids of a vocabulary are hardly used: half of them keep 97% of the uses, and a "
    "model without the others is as good, with fewer parameters.",
    scale="paper: a vocabulary of 100k cut to 48k, models of 1 billion parameters trained anew; "
    "here: SmolLM2-135M's 49k cut to three quarters, a half and less by 7 MB of English novels, "
    "nothing trained; without it, a transformer of 1.6 million parameters",
    baseline="the same model with all of its ids, on the same held-out text",
    needs=("text",),
    run=run,
)
