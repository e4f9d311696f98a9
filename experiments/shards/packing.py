"""Rows of training data: how full they are, and how many documents are cut, by packer.

Source: Ding et al. 2024, "Fewer Truncations Improve Language Modeling", arXiv:2404.10830.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

import tokenry
from experiments.harness import corpora
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of
from experiments.harness.verdicts import Check, Estimate, check, check_bounded, fact
from tokenry.shards.registry import PACKERS
from tokenry.shards.sequences import TokenSequences, documents_as_sequences, joined
from tokenry.tokenizer import Tokenizer

LENGTHS: Final = (512, 2048)
WASTED: Final = 1e-4  # the published difference of utilisation from concatenation: 0.01%
LOOSELY: Final = 1e-2
FEWER, MATTERS = 0.5, 0.05  # of the cuts of documents that a row would hold


@dataclass(frozen=True)
class Packed:
    """What a packer made of documents.

    Attributes:
        utilisation: ids that are no padding, of all ids in rows.
        kept: ids of documents that are in rows.
        cut: a bool a document: it stands in more than one row, or not to its end.
        needless: the same for documents that a row would hold.
    """

    utilisation: float
    kept: float
    cut: NDArray[np.bool_]
    needless: NDArray[np.bool_]


def run(setting: Setting) -> Findings:
    """Encode documents of all domains, and pack them in three ways to rows of two lengths."""
    tokenizer = tokenry.load(setting.data.file("tokenizers/gpt-2_tokenizer.json"))
    documents = _documents(setting, tokenizer)
    rows: list[tuple[Cell, ...]] = []
    results: dict[tuple[str, int], Packed] = {}
    for length in LENGTHS:
        for name in ("best-fit", "concat", "bos"):
            setting.tell(f"{name} at {length}")
            found = results[name, length] = pack(documents, name, length)
            shares = (found.utilisation, found.kept, found.cut.mean(), found.needless.mean())
            rows.append((length, name, *(round(100 * float(each), 2) for each in shares)))
    lengths = np.concatenate([np.diff(each.ends, prepend=0) for each in documents])
    columns = ("row", "packer", "filled (%)", "tokens kept (%)", "documents cut (%)",
               "cut though a row holds them (%)")  # fmt: skip
    median = int(np.median(lengths))
    note = f"{len(lengths):,} documents, median {median} tokens, {lengths.sum():,} in all"
    return Findings(
        (Table("Packers", columns, tuple(rows), note),),
        (*_full(results), _whole(results), *_fewer(results)),
        (
            "The paper trains models on both (+4.7% in reading comprehension); here only what "
            "packing does to documents is measured.",
            "Intervals are over documents; packing itself draws nothing.",
        ),
    )


def _documents(setting: Setting, tokenizer: Tokenizer) -> list[TokenSequences]:
    """Documents of every domain, mixed, a thousand a batch."""
    texts = [
        text
        for name in (
            "legal",
            "financial",
            "clinical",
            "biomedical",
            "maths",
            "multilingual",
            "english",
        )
        for text in corpora.DOMAINS[name](setting.data)[: setting.pick(4_000, 60)]
    ]
    order = np.random.default_rng(0).permutation(len(texts))
    batches = []
    for first in range(0, len(order), 1000):
        numbers = order[first : first + 1000]
        ids = tokenizer.encode_batch([texts[i] for i in numbers], threads=1)
        places = np.stack([np.zeros(len(numbers)), numbers], axis=1).astype(np.uint32)
        ends = ids.offsets[1:].astype(np.int64)
        batches.append(documents_as_sequences(ids.ids, ends, places, {}))
    return batches


def pack(documents: Sequence[TokenSequences], name: str, length: int) -> Packed:
    """Pack documents to rows, and look at what became of them."""
    packing = PACKERS.load(name)().pack(documents, length, 0)
    rows = joined(list(packing))
    whole = joined(list(documents))
    sizes = np.diff(whole.ends, prepend=0)
    pieces = np.diff(rows.segments, prepend=0)
    real = rows.origins[:, 0] == 0
    numbers = rows.origins[real, 1].astype(np.int64)
    stretches = np.bincount(numbers, minlength=len(sizes))[whole.origins[:, 1]]
    kept = np.bincount(numbers, weights=pieces[real], minlength=len(sizes))[whole.origins[:, 1]]
    cut = (stretches != 1) | (kept < sizes)
    total = len(rows.ids)
    return Packed(
        (total - rows.padding) / total,
        float(kept.sum() / sizes.sum()),
        cut,
        cut & (sizes <= length),
    )


def _full(results: Mapping[tuple[str, int], Packed]) -> list[Check]:
    lost = {
        f"{length} a row": results["concat", length].utilisation
        - results["best-fit", length].utilisation
        for length in LENGTHS
    }
    return [
        check_bounded(
            "rows are as full as with concatenation, within 0.01%",
            {name: Estimate(each, each, each) for name, each in lost.items()},
            WASTED,
            loose=LOOSELY,
        )
    ]


def _whole(results: Mapping[tuple[str, int], Packed]) -> Check:
    count = sum(int(results["best-fit", length].needless.sum()) for length in LENGTHS)
    return fact(
        "no document that a row holds is cut",
        f"{count} are, of {len(results['best-fit', LENGTHS[0]].cut):,} documents at two lengths",
        holds=count == 0,
    )


def _fewer(results: Mapping[tuple[str, int], Packed]) -> list[Check]:
    gains = {}
    for length in LENGTHS:
        ours, theirs = (results[name, length].cut for name in ("best-fit", "concat"))
        gains[f"{length} a row"] = mean_of(theirs.astype(float) - ours.astype(float))
    most = max(float(results["concat", length].cut.mean()) for length in LENGTHS)
    return [
        check(
            "fewer documents are cut than with concatenation",
            gains,
            claimed=max(
                MATTERS, FEWER * min(float(results["concat", n].cut.mean()) for n in LENGTHS)
            ),
            matters=MATTERS,
            found=", ".join(
                f"{name}: {each:.1%} of documents fewer" for name, each in gains.items()
            )
            + f"; concatenation cuts at most {most:.1%}",
        )
    ]


EXPERIMENT = Experiment(
    name="Best-fit packing",
    claim=(
        "Best-fit decreasing packs documents into rows without needless cuts, as full as "
        "concatenation does (0.01% more rows at 2,048), and with fewer cut documents."
    ),
    scale=(
        "Paper: RefinedWeb and the Stack, rows of 2,048 and 8,192, models of 7B and 13B. Here: "
        "documents of seven domains, rows of 512 and 2,048, GPT-2's tokenizer; no models."
    ),
    baseline="concatenation and cutting, and rows that begin with documents (bos)",
    needs=(*corpora.FOLDERS, "tokenizers"),
    run=run,
)
