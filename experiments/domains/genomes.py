"""DNABERT-2: BPE on bases beside k-mers: length, what overlapping gives away, and a masked model.

Source: Zhou, Ji, Li, Dutta, Davuluri, Liu 2024, "DNABERT-2: efficient foundation model and
benchmark for multi-species genome", arXiv:2306.15006.

Every arm trains the same small model with the same number of operations on the same genome. What is
compared is the loss on hidden tokens of held-out sequence, divided by the bases that were hidden. A
single overlapping k-mer is spelled by its neighbours, which is counted; so of them spans of k are
hidden, as DNABERT does, which leaves one base that nobody spells, and each of the k tells it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.domains.masked import MaskedIds, hidden_spans
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Check, check, fact
from tokenry.domains import learn
from tokenry.domains.sequences.dna import Dna
from tokenry.domains.sequences.kmers import KmerTokenizer
from tokenry.errors import SmallerVocabularyWarning

GENOME: Final = "dna/NC_002696_caulobacter.fna"
IDS: Final = 4096
K: Final = 6
CONTEXT: Final = 128
SHARE: Final = 0.15
FLOPS: Final = 6e10
MATTERS: Final = 0.01  # bits per base
SHORTER: Final = 4.0
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Arm:
    """A way to write a sequence in ids.

    Attributes:
        name: for tables.
        encode: bases to ids.
        ids: how many there are.
        bases: that the ids of a token stand for, by id; of overlapping k-mers one each.
        span: tokens in a row that are hidden together.
    """

    name: str
    encode: Callable[[bytes], NDArray[np.uint32]]
    ids: int
    bases: NDArray[np.int64]
    span: int = 1


def arms(learnt: bytes) -> list[Arm]:
    """BPE, plain k-mers, and overlapping ones hidden in spans."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        bpe = learn(Dna(), [b">x\n" + learnt], vocab_size=IDS).tokenizer
    plain, over = KmerTokenizer(k=K), KmerTokenizer(k=K, overlapping=True)
    widths = np.array([len(piece or b"") for piece in plain.vocabulary.pieces])
    one = np.ones(over.n_vocab, np.int64)
    return [
        Arm("BPE", lambda each: bpe.encode_pretokens([each]).ids, bpe.n_vocab,
            bpe.vocabulary.matchable_widths()),
        Arm(f"plain {K}-mers", plain.encode, plain.n_vocab, widths),
        Arm(f"overlapping {K}-mers", over.encode, over.n_vocab, one, span=K),
    ]  # fmt: skip


def run(setting: Setting) -> Findings:
    """Count tokens of held-out bases, train a masked model for each arm and seed, and ask it."""
    sequence = setting.data.file(GENOME).read_bytes().partition(b"\n")[2]
    sequence = sequence.replace(b"\n", b"").upper()[: setting.pick(None, 60_000)]
    border = len(sequence) * 9 // 10
    learnt, held = sequence[:border], sequence[border:]
    found = arms(learnt)
    lengths = {arm.name: len(held) / len(arm.encode(held)) for arm in found}
    bits = {arm.name: [losses(setting, arm, learnt, held, seed) for seed in setting.seeds]
            for arm in found}  # fmt: skip
    return Findings(
        tables=(_table(found, lengths, bits, len(held)),),
        checks=_checks(found, lengths, bits, spelled(held)),
        notes=(
            "A masked token of BPE tells its number of bases only to who knows the vocabulary; a "
            f"k-mer always stands for {K}. Both are divided by the bases that are hidden.",
            "One bacterial genome has little that a model of this size can learn: two bits a base "
            "is chance, and the best compressors of bacterial DNA reach about 1.9.",
        ),
    )


def losses(setting: Setting, arm: Arm, learnt: bytes, held: bytes, seed: int) -> float:
    """Bits per hidden base of held-out sequence, of a model trained for a number of operations."""
    from dataclasses import replace

    from tokenry.neural.recipes.sizes import Passes, Shape
    from tokenry.neural.topologies.bidirectional import Bidirectional
    from tokenry.neural.training.budgets.flops import Flops
    from tokenry.neural.training.data.batch import Batch
    from tokenry.neural.training.data.shuffled import Shuffled

    setting.tell(f"{arm.name}, seed {seed}")
    config = setting.pick(
        Shape(width=96, layers=2, heads=4, context=CONTEXT), Shape(width=16, layers=1, heads=2)
    ).causal(arm.ids + 1)
    config = replace(config, backbone=replace(config.backbone, topology=Bidirectional()))
    model = config.build(seed=seed)
    rows = _rows(arm.encode(learnt))

    def make(numbers: NDArray[np.int64]) -> Batch:
        hidden = hidden_spans((len(numbers), CONTEXT), arm.span, SHARE, int(numbers.sum()) + seed)
        return Batch({"ids": rows[numbers], "hidden": hidden})

    batches = Shuffled(len(rows), 16, make, seed=seed, passes=None, identity=arm.name)
    budget = setting.pick(FLOPS, 2e8)
    trainer = replace(Passes(rate=2e-3).trainer(1, seed), budget=Flops(budget))
    trainer.fit(model, MaskedIds(arm.ids), batches)
    return _bits(arm, model, _rows(arm.encode(held))[: setting.pick(250, 4)])


def _bits(arm: Arm, model: object, rows: Ids) -> float:
    """Bits per hidden base, the same places hidden for every seed."""
    import torch

    from tokenry.neural.training.data.batch import Batch

    nats, bases = 0.0, 0
    step = MaskedIds(arm.ids)
    with torch.no_grad():
        for start in range(0, len(rows), 32):
            part = rows[start : start + 32]
            hidden = hidden_spans(part.shape, arm.span, SHARE, 10_000 + start)
            batch = Batch({"ids": torch.from_numpy(part), "hidden": torch.from_numpy(hidden)})
            nats += float(step(model, batch).total)
            bases += int(arm.bases[part[hidden]].sum())
    return nats / math.log(2) / bases


def _rows(ids: NDArray[np.uint32]) -> Ids:
    whole = len(ids) // CONTEXT
    return ids[: whole * CONTEXT].astype(np.int64).reshape(whole, CONTEXT)


def spelled(sequence: bytes) -> float:
    """Share of the inner overlapping k-mers that the tokens beside them spell."""
    ids = KmerTokenizer(k=K, overlapping=True).encode(sequence).astype(np.int64) - 256
    digits = 4 ** (K - 1)
    before, after = ids[:-2] % digits, ids[2:] // 4
    return float((before * 4 + after % digits % 4 == ids[1:-1]).mean()) if len(ids) > 2 else 1.0


def _checks(
    found: list[Arm], lengths: dict[str, float], bits: dict[str, list[float]], told: float
) -> tuple[Check, ...]:
    bpe, plain, over = (arm.name for arm in found)
    gain = over_seeds(np.array(bits[plain]) - np.array(bits[bpe]))
    above = over_seeds(np.array(bits[over]) - np.array(bits[bpe]))
    shorter = lengths[bpe] / lengths[over]
    return (
        fact(
            "BPE is about 5 times shorter than overlapping k-mers",
            f"{shorter:.2f} times shorter than overlapping, {lengths[plain] / lengths[bpe]:.2f} "
            f"times longer than plain {K}-mers",
            holds=shorter >= 5,
            in_direction=shorter >= SHORTER,
        ),
        fact(
            "overlapping k-mers give away a masked token",
            f"the tokens beside it spell {told:.1%} of them",
            holds=told > 0.99,
        ),
        check(
            "with the same operations BPE has a lower loss per base than plain and than "
            "overlapping k-mers",
            {"than plain": gain, "than overlapping": above},
            matters=MATTERS,
            found=f"{gain:.4f} bits per base less than plain, {above:.4f} less than overlapping",
        ),
    )


def _table(
    found: list[Arm], lengths: dict[str, float], bits: dict[str, list[float]], size: int
) -> Table:
    rows = tuple(
        (
            arm.name,
            arm.ids,
            round(lengths[arm.name], 3),
            f"{over_seeds(bits[arm.name]):.4f}",
        )
        for arm in found
    )
    columns = ("ids of", "vocabulary", "bases a token", "bits per hidden base")
    return Table(
        "Held-out sequence",
        columns,
        rows,
        f"{size:,} bases held out; intervals over seeds. Tokens a context: {CONTEXT}.",
    )


EXPERIMENT: Final = Experiment(
    name="DNABERT-2",
    claim="BPE makes genomes about 5 times shorter than overlapping k-mers, which give away what "
    "is masked, and a masked model learns more of it with the same compute than of k-mers.",
    scale="Paper: 135 species, 32.5 billion bases, 117M parameters. Here: one bacterial genome of "
    "4 million bases, a tenth held out, 2 layers of width 96, 6e10 operations, 3 seeds.",
    baseline=f"Plain and overlapping {K}-mers, the same model, sequence and operations.",
    needs=("dna",),
    run=run,
)
