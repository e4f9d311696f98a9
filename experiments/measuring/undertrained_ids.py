"""Under-trained ids of SmolLM2-135M: suspects by their rows, verified by asking for repetition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import resampled
from experiments.harness.models import model_folder
from experiments.harness.verdicts import Check, Estimate, check, fact
from tokenry.measuring.glitches import scan_glitches
from tokenry.measuring.undertrained import alike, distance_to_unused, lengths, suspects
from tokenry.tokenizer import Tokenizer, load

NOT_SAID: Final = 0.01
MATTERS: Final = 0.02  # of the ids that cannot be repeated
CLAIMED: Final = 0.1
PUBLISHED: Final = ("unused byte", "part of a word", "name in code or markup")
KINDS: Final = (*PUBLISHED, "other")


@dataclass(frozen=True, eq=False)
class Asked:
    """Ids of one choice, and the probability that each is repeated with."""

    ids: list[int]
    said: NDArray[np.float64]

    @property
    def unsaid(self) -> NDArray[np.float64]:
        """1 for ids that the model cannot repeat."""
        return (self.said < NOT_SAID).astype(np.float64)


def run(setting: Setting) -> Findings:
    """Suspects by two indicators and random ids, each asked to be repeated."""
    from tokenry.auditing.embeddings import read_embeddings
    from tokenry.auditing.repeating import repetition
    from tokenry.models import causal_model

    folder = model_folder("smollm2-135m")
    tokenizer = load(folder)
    scan = scan_glitches(tokenizer)
    rows = read_embeddings(folder).input
    unused = alike(rows, (*scan.never, *scan.specials))
    half, rest = unused[setting.draw :: 2], unused[1 - setting.draw :: 2]
    distance = distance_to_unused(rows, half)
    aside = (*scan.specials, *scan.partial_utf8)
    ordinary = [id_ for id_ in range(scan.ids) if id_ not in set(aside)]
    count = setting.pick(300, 6) / scan.ids
    source = np.random.default_rng(setting.draw)
    chosen = {
        "distance to unused rows": suspects(distance, count, leave_out=aside),
        "length of rows": suspects(lengths(rows), count, leave_out=aside),
        "at random": source.choice(ordinary, round(count * scan.ids)).tolist(),
    }
    model = causal_model(folder)
    asked = {}
    for name, ids in chosen.items():
        setting.tell(f"repetition of ids by {name}")
        asked[name] = Asked(ids, repetition(model, tokenizer, ids))
    first = asked["distance to unused rows"]
    kinds = _kinds(tokenizer, first)
    tables = (_table(asked), _kinds_table(kinds), _found_table(tokenizer, first, distance))
    checks = (
        _more_check("random ids", first, asked["at random"]),
        _more_check("the shortest rows (baseline)", first, asked["length of rows"]),
        _held_check(distance, rest, scan.ids),
        _kinds_check(kinds),
    )
    return Findings(tables, checks, NOTES)


def _more_check(than: str, first: Asked, other: Asked) -> Check:
    effect = _difference(first, other)
    return check(
        f"more of the suspects cannot be repeated (below 1%) than of {than}; here a tenth more",
        effect,
        claimed=CLAIMED,
        matters=MATTERS,
        found=f"{first.unsaid.mean():.1%} of {len(first.ids)} against {other.unsaid.mean():.1%}",
    )


def _difference(first: Asked, other: Asked) -> Estimate:
    one, two = first.unsaid, other.unsaid

    def drawn(source: np.random.Generator) -> float:
        some = (each[source.integers(0, len(each), len(each))].mean() for each in (one, two))
        return float(next(some) - next(some))

    return resampled(float(one.mean() - two.mean()), drawn)


def _held_check(distance: NDArray[np.float64], rest: Sequence[int], ids: int) -> Check:
    places = np.argsort(np.argsort(distance, kind="stable"))[list(rest)]
    return fact(
        "unused specials that were not used as reference are among the lowest 2% of the indicator",
        f"{int((places < 0.02 * ids).sum())} of {len(rest)}, the last at place "
        f"{places.max() + 1:,} of {ids:,}",
        holds=bool((places < 0.02 * ids).all()),
        in_direction=bool((places < 0.1 * ids).all()),
    )


def _kinds(tokenizer: Tokenizer, first: Asked) -> dict[str, list[str]]:
    """Pieces that cannot be repeated, by the kinds of the paper."""
    pieces = tokenizer.vocabulary.pieces
    texts = {each.decode("utf-8", "replace") for each in pieces if each}
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for id_, said in zip(first.ids, first.said.tolist(), strict=True):
        if said < NOT_SAID:
            piece = pieces[id_] or b""
            found[kind_of(piece, texts)].append(piece.decode("utf-8", "replace"))
    return found


def kind_of(piece: bytes, texts: set[str]) -> str:
    """The kind of an under-trained piece.

    A part of a word is one that longer pieces of the vocabulary begin with, so that its own text is
    nearly always merged further.

    >>> kind_of(b" questionna", {" questionna", " questionnaire"})
    'part of a word'
    """
    text = piece.decode("utf-8", "replace")
    if len(piece) == 1:
        return "unused byte"
    if not text.strip().isalpha() or any(map(str.isupper, text.strip()[1:])):
        return "name in code or markup"
    longer = any(other.startswith(text) for other in texts if len(other) > len(text))
    return "part of a word" if longer else "other"


def _kinds_check(kinds: dict[str, list[str]]) -> Check:
    there = [kind for kind in PUBLISHED if kinds[kind]]
    return fact(
        "the published kinds are among them: unused bytes, parts of words that are always merged "
        "further, names of code and markup",
        "; ".join(f"{kind}: {len(kinds[kind])}" for kind in KINDS),
        holds=len(there) == len(PUBLISHED),
        in_direction=len(there) > 1,
    )


def _table(asked: dict[str, Asked]) -> Table:
    rows = tuple(
        (name, len(each.ids), int(each.unsaid.sum()), round(100 * float(each.unsaid.mean()), 1),
         round(float(np.median(each.said)), 3))
        for name, each in asked.items()
    )  # fmt: skip
    return Table(
        "Ids asked to be repeated",
        ("chosen by", "ids", "not repeated (below 1%)", "share (%)", "median probability"),
        rows,
    )


def _kinds_table(kinds: dict[str, list[str]]) -> Table:
    rows = tuple((kind, len(some), " ".join(map(repr, some[:6]))) for kind, some in kinds.items())
    return Table("Suspects that cannot be repeated, by kind", ("kind", "ids", "such as"), rows)


def _found_table(tokenizer: Tokenizer, first: Asked, distance: NDArray[np.float64]) -> Table:
    pieces = tokenizer.vocabulary.pieces
    rows = tuple(
        (repr((pieces[id_] or b"").decode("utf-8", "replace")), id_,
         round(float(distance[id_]), 3), float(f"{said:.2g}"))
        for id_, said in list(zip(first.ids, first.said.tolist(), strict=True))[:20]
    )  # fmt: skip
    return Table("The first suspects", ("piece", "id", "indicator", "repeated with"), rows)


NOTES: Final = (
    "Reference rows: every second of the specials whose rows point the same way (cosine 0.99), the "
    "others in the second draw, which draws other ids at random too; the model is the same. "
    "Specials and parts of characters are not asked for.",
    "Kinds are told by the piece alone: one byte; capitals inside, or no letters; the beginning of "
    "a longer piece.",
)

EXPERIMENT = Experiment(
    name="Fishing for Magikarp",
    claim="Rows of under-trained ids lie near those of unused ones; most models have them, of "
    "known kinds: unused bytes, parts of words that are merged further, code and markup.",
    scale="paper: 40 models of up to 70B, the lowest 2% of the ids; here: SmolLM2-135M, the lowest "
    "300 ids of 49,152",
    baseline="as many ids at random, and those with the shortest rows",
    needs=(),
    models=("smollm2-135m",),
    run=run,
)
