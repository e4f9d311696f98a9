"""What a small model learns of coded text: windows of equal information, and a stream without them.

Ways to write the same bytes: single bytes; BPE; windows with as many ids as BPE; windows of 16
bits as two tokens of 8, and as one of 65,536; and the arithmetic code of the whole text, in tokens
of 8 bits. One model of one width reads as many tokens of each, as in the paper, so of dense ways it
reads more text. Whether it learns anything is its loss beside that of the frequencies of tokens
alone, which a stream that looks like chance cannot beat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from experiments.harness import corpora
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.trained import bits_of_ids
from experiments.harness.verdicts import Baseline, Check, check, check_bounded
from experiments.learning.sampled_step import SampledNextToken
from experiments.learning.stream_coder import encode_stream
from tokenry.learning.bpe import Bpe
from tokenry.learning.equalinfo import WINDOWS, EqualInfo
from tokenry.tokenizer import Tokenizer

IDS = 4_096
TOKENS = 100_000  # that each model reads
BATCH = 4  # sequences a step, so that there are enough steps
DRAWN = 2_048  # ids that a model of more ids learns beside the right one, in a batch
LEARNS = 0.05  # below the loss of frequencies alone: something is learnt
NOTHING = 0.01  # nothing is
MATTERS = 0.01  # of the bits per byte
MANY, MANY_BPE = "windows of 16 bits, one token", "BPE of as many"

Rows = list[NDArray[np.int64]]
Writer = Callable[[Sequence[str]], Rows]


@dataclass(frozen=True)
class Way:
    """One way to write text, and how many ids it has."""

    name: str
    ids: int
    write: Writer


@dataclass(frozen=True)
class Learnt:
    """What models made of one way; one entry a seed."""

    way: Way
    tokens: int  # of held-out text
    size: int  # its bytes
    frequencies: float  # bits a token that the frequencies of training tokens need
    bits: tuple[float, ...]  # per byte

    @property
    def gains(self) -> tuple[float, ...]:
        """How much of that loss a model saves."""
        return tuple(1 - each * self.size / self.tokens / self.frequencies for each in self.bits)


def run(setting: Setting) -> Findings:
    """Learn tokenizers and model, write, train; see the module."""
    learn, held = corpora.split(corpora.english(setting.data))
    learn = corpora.first_bytes(learn, setting.pick(10**9, 200_000))
    held = corpora.first_bytes(held, setting.pick(60_000, 4_000))
    found = {way.name: _learnt(setting, way, learn, held) for way in _ways(setting, learn)}
    return Findings(
        (_table(list(found.values())),),
        (_learnable(found), _many(found), _unlearnable(found), *_beside(found)),
        (
            "The stream is one document; its model and coder never start anew.",
            "All models have one width and as many layers; those of 8-bit tokens have fewer rows. "
            f"Those of more than {IDS:,} ids are trained with {DRAWN:,} drawn ids a batch beside "
            "the right ones, and measured with all.",
            "BPE of 65,536 ids is there to see whether so many ids can be learnt here; one seed. "
            "Where it saves nothing, nothing is said of so many windows either: an id of 4,096 is "
            "read 24 times, one of 65,536 1.5 times. As often would be 1.6 million tokens, 16 "
            "times this run.",
            "An earlier run read equal text, 400 kB of each way, in larger batches: windows of 16 "
            "bits as two tokens saved 1.1% of the loss of frequencies, bytes needed 3.45 bits per "
            "byte and windows 3.75.",
        ),
    )


def _ways(setting: Setting, learn: Sequence[str]) -> list[Way]:
    size, many = setting.pick((IDS, WINDOWS), (400, 5_000))
    setting.tell("tokenizers and the model of bytes")
    windows, wide = EqualInfo(vocab_size=size), EqualInfo()
    model, wide_learnt = wide.learn_model(learn), wide.learn(learn)
    bpe = Bpe(vocab_size=many, threads=1).learn(learn)
    return [
        Way("bytes", 256, lambda texts: [_as_ids(text.encode()) for text in texts]),
        Way("BPE", size, _ids_of(bpe.truncate(size))),
        Way("windows, one token", size, _ids_of(windows.learn(learn))),
        Way("windows of 16 bits, two tokens", 256, _halves_of(wide_learnt)),
        Way(MANY, WINDOWS, _ids_of(wide_learnt)),
        Way(MANY_BPE, bpe.n_vocab, _ids_of(bpe)),
        Way(
            "coded stream, 8 bits a token",
            256,
            lambda texts: [_as_ids(encode_stream(model, "".join(texts).encode()))],
        ),
    ]


def _as_ids(data: bytes) -> NDArray[np.int64]:
    return np.frombuffer(data, np.uint8).astype(np.int64)


def _ids_of(tokenizer: Tokenizer) -> Writer:
    return lambda texts: [tokenizer.encode_to_numpy(text).astype(np.int64) for text in texts]


def _halves_of(tokenizer: Tokenizer) -> Writer:
    ids = _ids_of(tokenizer)
    return lambda texts: [np.stack([row >> 8, row & 255], axis=1).ravel() for row in ids(texts)]


def _read(way: Way, texts: Sequence[str], tokens: int) -> Rows:
    """The first so many tokens, as documents."""
    found: Rows = []
    for row in way.write(corpora.first_bytes(texts, 6 * tokens)):
        found.append(row[:tokens])
        tokens -= len(found[-1])
        if not tokens:
            break
    return found


def _learnt(setting: Setting, way: Way, learn: Sequence[str], held: Sequence[str]) -> Learnt:
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = setting.pick(Shape(width=96, layers=2), Shape(width=16, layers=1, heads=2))
    read, unread = _read(way, learn, setting.pick(TOKENS, 3_000)), way.write(held)
    size, step = corpora.size_of(held), SampledNextToken(DRAWN) if way.ids > IDS else None
    alone = replace(setting, seeds=setting.seeds[:1]) if way.name == MANY_BPE else setting
    bits = bits_of_ids(
        alone, way.name, read, unread, way.ids, size, shape, Passes(batch=BATCH), step
    )
    # The end of each document is a token that models predict, too.
    ended = [np.append(row, way.ids) for row in unread]
    counts = np.bincount(np.concatenate(read), minlength=way.ids + 1) + 1.0
    counts[way.ids] += len(read)
    needed = np.log2(counts.sum() / counts)[np.concatenate(ended)]
    return Learnt(way, len(needed), size, float(needed.mean()), bits)


def _table(found: Sequence[Learnt]) -> Table:
    return Table(
        "Held-out novels",
        ("written as", "ids", "bytes per token", "bits per token by frequencies alone",
         "share of that saved by a model, mean", "bits per byte, mean", "bits per byte, by seed"),
        tuple(
            (each.way.name, each.way.ids, round(each.size / each.tokens, 3),
             round(each.frequencies, 3), round(mean(each.gains), 4), round(mean(each.bits), 4),
             ", ".join(f"{bits:.4f}" for bits in each.bits))
            for each in found
        ),
    )  # fmt: skip


def _learnable(found: Mapping[str, Learnt]) -> Check:
    names = ("windows, one token", "windows of 16 bits, two tokens")
    return check(
        f"windows are learnable: a model saves at least {LEARNS:.0%} of the loss of frequencies "
        "alone",
        {name: over_seeds(found[name].gains) for name in names},
        claimed=LEARNS,
        matters=NOTHING,
        found=f"at least {min(min(found[name].gains) for name in names):.1%}",
    )


def _many(found: Mapping[str, Learnt]) -> Check:
    """Where even BPE of as many ids saves nothing, so many ids are not learnt here at all."""
    gains, bpe = found[MANY].gains, mean(found[MANY_BPE].gains)
    return check(
        "so they are with windows of 16 bits as single tokens",
        over_seeds(gains),
        claimed=LEARNS,
        matters=NOTHING,
        baseline=Baseline(bpe, floor=0.0),
        found=f"{min(gains):.1%} to {max(gains):.1%}; BPE of as many ids {bpe:.1%}",
    )


def _unlearnable(found: Mapping[str, Learnt]) -> Check:
    gains = found["coded stream, 8 bits a token"].gains
    return check_bounded(
        f"the plain coded stream is not: a model saves at most {NOTHING:.0%}",
        over_seeds(gains),
        NOTHING,
        found=f"{min(gains):.1%} to {max(gains):.1%}",
    )


def _beside(found: Mapping[str, Learnt]) -> tuple[Check, Check]:
    windows, bpe, single = (
        np.array(found[name].bits) for name in ("windows, one token", "BPE", "bytes")
    )
    return (
        check(
            "windows need more bits per byte than subwords at equal size of model and vocabulary",
            over_seeds(windows / bpe - 1),
            matters=MATTERS,
            found=f"{windows.mean():.3f} against {bpe.mean():.3f}",
        ),
        check(
            "and fewer than single bytes for as many tokens read",
            over_seeds(1 - windows / single),
            matters=MATTERS,
            found=f"{windows.mean():.3f} against {single.mean():.3f}",
        ),
    )


EXPERIMENT = Experiment(
    name="Equal-Info Windows",
    claim=(
        "Text that is arithmetically coded in windows of equal information is learnable, while "
        "the plain coded stream is not; it is worse than subwords in bits per byte at equal "
        "parameters and better than bytes."
    ),
    scale=(
        "Paper: a transformer of 3 million parameters codes, models of 25 million to 2 billion "
        "read, each as many tokens (recalled). Here: counts of order 3 over 3.6 MB of novels code, "
        "a transformer of 2 layers and width 96 reads 100,000 tokens of each way, 60 kB held out; "
        "4,096 and 65,536 ids; three seeds."
    ),
    baseline="bytes, BPE of as many ids and the plain coded stream, same model, as many tokens",
    needs=("text",),
    run=run,
)
