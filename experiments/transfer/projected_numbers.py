"""S081: what becomes of numbers when the teacher writes them digit by digit.

Under GOLD that hangs on how many of the student's ids the teacher knows: to first order the unknown
lose below 74% and gain above, unless the teacher is sure (`tokenry.transfer.distil.gold`). A first
design, both tokenizers learnt on the same text, had 94%: there eight seeds could not tell, one lost
five sixths of its numbers and the mean gained. The paper's pair, Llama 3 taught by Qwen, has 85%
and a teacher that is sure of its digits, which a small one is not. So the teacher's tokenizer is
learnt half on other text, which makes it 68%: there numbers lose by the formula.
"""

from __future__ import annotations

import math

import numpy as np

from experiments.harness.corpora import english, first_bytes, maths, size_of, split
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.kept import Kept, source_of
from experiments.harness.verdicts import check, check_bounded
from experiments.transfer.small_models import trained
from experiments.transfer.teaching import Arm, pieces_of, taught
from tokenry.learning import Bpe
from tokenry.neural.recipes.language import LanguageModel, bits_per_byte
from tokenry.neural.training.data.padded import padded
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.matching import match

MATTERS = 0.1  # bits of a token
LOST, MUCH_LOST = 0.1, 0.25  # of the probability of numbers
# Objectives alone. With a tenth of the loss on the text beside them, a first run could not tell:
# that loss is larger than GOLD's, and numbers gained in all arms but H-KL.
ARMS: dict[str, Arm] = {name: (name, {}, 0.0) for name in ("gold", "p-kl", "h-kl")}
FEW = 3  # seeds of H-KL, which no check asks for
WORDS = r"| ?\p{L}+|[^\p{N}\p{L}]+"

Figures = dict[str, dict[str, float]]


def run(setting: Setting) -> Findings:
    """Eight seeds of a teacher with single digits and a student with numbers."""
    kept = Kept(setting, "S081", source_of(__file__))
    found = [kept.once(f"seed {seed}", _arms, setting, seed) for seed in setting.seeds]

    def less(one: str, other: str) -> list[float]:
        return [each[one]["bits"] - each[other]["bits"] for each in found]

    def lost(arm: str) -> list[float]:
        return [1 - each[arm]["share"] / each["before"]["share"] for each in found]

    return Findings(
        (_table(found),),
        (
            check(
                "GOLD suppresses tokens of several digits: where the text has one, they lose at "
                "least 10% of their probability",
                over_seeds(lost("gold")),
                matters=LOST,
            ),
            check_bounded(
                "P-KL keeps them alive: they lose at most 10% (25% for the direction)",
                over_seeds(lost("p-kl")),
                LOST,
                loose=MUCH_LOST,
            ),
            check(
                "after P-KL a token of several digits costs fewer bits than after GOLD",
                over_seeds(less("gold", "p-kl")),
                matters=MATTERS,
            ),
        ),
        (
            "Teacher and student are trained on the same school problems; the student knows "
            "numbers of two and three digits before it is taught.",
            "Two earlier designs were undecided: with a tenth of the loss on the text beside each, "
            "which is more than GOLD's loss, and with a teacher that knows 94% of the student's "
            "ids, where GOLD's two parts pull apart.",
            kept.note(),
        ),
    )


def _arms(setting: Setting, seed: int) -> Figures:
    learnt, held = split(maths(setting.data))
    learnt = first_bytes(learnt, setting.pick(400_000, 6_000))
    held = first_bytes(held, setting.pick(40_000, 1_500))
    ids = setting.pick(2_000, 420)
    half = setting.pick(200_000, 3_000)
    mixed = [*first_bytes(learnt, half), *first_bytes(split(english(setting.data))[0], half)]
    single = Bpe(vocab_size=ids, pretokenizer=r"\p{N}" + WORDS).learn(mixed)
    several = Bpe(vocab_size=ids, pretokenizer=r"\p{N}{1,3}" + WORDS).learn(learnt)
    teacher = trained(setting, f"single-digits-{seed}", single, learnt, seed)
    student = trained(setting, f"several-digits-{seed}", several, learnt, seed)
    texts = pieces_of(learnt, 200)
    found = {"before": _figures(student, several, held)}
    found["before"]["known"] = len(match(single, several).matched) / len(several)
    for name, arm in [*ARMS.items()][: None if seed in setting.seeds[:FEW] else 2]:
        setting.tell(f"seed {seed}: {name}")
        model = taught(
            student, several, teacher, single, texts, arm, steps=setting.pick(80, 3), seed=seed
        )
        found[name] = _figures(model, several, held)
    return found


def numbers_of(tokenizer: Tokenizer) -> list[int]:
    """Ids of two digits and more."""
    return [
        id_
        for id_, piece in enumerate(tokenizer.vocabulary.pieces)
        if piece is not None and len(piece) > 1 and piece.isdigit()
    ]


def _figures(model: LanguageModel, tokenizer: Tokenizer, held: list[str]) -> dict[str, float]:
    """Where the text has a number of several digits: its bits, and what all such numbers get."""
    import torch

    rows = list(tokenizer.encode_batch(pieces_of(held, 200)))
    ids = torch.from_numpy(padded([np.append(model.end, row.astype(np.int64)) for row in rows]))
    numbers = torch.tensor(numbers_of(tokenizer))
    with torch.no_grad():
        scores = torch.cat(
            [
                model.model(part[:, :-1].clamp(min=0)).log_softmax(-1)
                for part in torch.split(ids, 16)
            ]
        )
    places = torch.isin(ids[:, 1:], numbers)
    own = scores.gather(2, ids[:, 1:].clamp(min=0)[..., None])[..., 0][places]
    share = scores[places][:, numbers].exp().sum(1)
    whole = bits_per_byte(model, list(tokenizer.encode_batch(held)), size_of(held))
    return {
        "bits": float(-own.mean() / math.log(2)), "share": float(share.mean()),
        "bits per byte": whole, "places": float(places.sum()),
    }  # fmt: skip


def _table(found: list[Figures]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for arm in found[0]:
        each = [one[arm] for one in found if arm in one]
        mean = {name: float(np.mean([one[name] for one in each])) for name in each[0]}
        lowest, highest = min(one["share"] for one in each), max(one["share"] for one in each)
        rows.append((arm, *(round(x, 4) for x in (mean["share"], lowest, highest, mean["bits"],
                                                  mean["bits per byte"]))))  # fmt: skip
    return Table(
        "A student taught by a teacher of single digits, on held-out school problems",
        ("arm", "probability of numbers", "lowest seed", "highest seed", "bits of a number",
         "bits per byte"),
        tuple(rows),
        f"At {found[0]['before']['places']:,.0f} places where the text has a token of several "
        f"digits. The teacher knows {found[0]['before']['known']:.0%} of the student's ids. H-KL: "
        f"{FEW} seeds.",
    )  # fmt: skip


EXPERIMENT = Experiment(
    name="X-Token",
    claim="Objectives that match equal tokens (GOLD) suppress a student's tokens of several digits "
    "beside a teacher that writes single ones; a divergence of projected probabilities (P-KL) "
    "keeps them alive.",
    scale="paper: Llama-3.2-1B taught by Qwen3-4B, GSM8K 2.56 with GOLD; here: transformers of 0.9 "
    "million parameters trained on 0.4 MB of GSM8K's texts, 80 steps of 12 texts, a teacher that "
    "knows two thirds of the student's ids, eight seeds",
    baseline="GOLD and H-KL in the same run",
    needs=("gsm8k", "text"),
    run=run,
    seeds=8,
)
