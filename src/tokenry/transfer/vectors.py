"""Static vectors of ids, trained on the user's own text: skip-grams with negative samples.

Mikolov et al. 2013, "Distributed representations of words and phrases and their compositionality",
arXiv:1310.4546. Nothing is downloaded, and one thread is enough: the negatives of a step are drawn
once for all its pairs, so that the work is products of matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.extras import require
from tokenry.progress import Progress, silent
from tokenry.seeds import generator
from tokenry.text.id_changes import IdTable
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.row_plan import Floats

Sequences = Sequence[NDArray[np.int64]]
READ = 2**21  # bytes of a corpus that vectors are trained on
NEGATIVES = 5  # that a pair is weighed against


@dataclass(frozen=True, eq=False)
class Space:
    """Vectors of ids in another space than the old rows: a donor's, or of a corpus.

    Attributes:
        vectors: shape (ids, d).
        known: which ids have one, shape (ids,).
    """

    vectors: Floats
    known: NDArray[np.bool_]


@dataclass(frozen=True)
class SkipGrams:
    """How vectors are trained.

    Attributes:
        width: of a vector.
        window: ids to each side, at most; each place draws how many.
        negatives: of a step, drawn by frequency to the power of three quarters.
        pairs: of a step.
        passes: over the text.
        rate: of Adagrad, by row.
        least: uses of an id that gets a vector.
    """

    width: int = 100
    window: int = 5
    negatives: int = 512
    pairs: int = 4096
    passes: int = 3
    rate: float = 0.2
    least: int = 3


def train_vectors(
    sequences: Sequences,
    size: int,
    options: SkipGrams | None = None,
    *,
    seed: int = 0,
    progress: Progress = silent,
) -> Space:
    """Vectors of ids below ``size``, of those that occur often enough.

    Raises:
        ModelError: no id does.
        MissingExtraError: torch is not installed.
    """
    options = options or SkipGrams()
    counts = np.bincount(np.concatenate([*sequences, np.zeros(0, np.int64)]), minlength=size)
    known = counts >= options.least
    if not known.any():
        raise ModelError(
            f"no id occurs {options.least} times in the corpus; give more text to train vectors on"
        )
    kept = [row[known[row]] for row in sequences]
    trained = _trained(kept, np.where(known, counts, 0), options, seed, progress)
    return Space(trained * known[:, None], known)


def _trained(
    sequences: Sequences, counts: NDArray[np.int64], options: SkipGrams, seed: int, tell: Progress
) -> Floats:
    torch = require("torch", "neural", "training vectors")
    draw = generator(seed, "vectors")
    size = len(counts)
    inner = torch.from_numpy((draw.random((size, options.width), np.float32) - 0.5) / options.width)
    outer = torch.zeros(size, options.width)
    squares = [torch.full((size, 1), 1e-3) for _ in range(2)]
    ends = np.cumsum(counts**0.75)
    for number in range(options.passes):
        centers, contexts = pairs_of(sequences, options.window, draw)
        order = draw.permutation(len(centers))
        for begin in range(0, len(order), options.pairs):
            chosen = order[begin : begin + options.pairs]
            drawn = torch.from_numpy(
                np.searchsorted(ends, draw.random(options.negatives) * ends[-1])
            )
            center, other = (torch.from_numpy(each[chosen]) for each in (centers, contexts))
            words, good, bad = inner[center], outer[other], outer[drawn]
            right = torch.sigmoid(-(words * good).sum(1, keepdim=True))
            wrong = torch.sigmoid(words @ bad.T) * (NEGATIVES / options.negatives)
            _ascend(inner, squares[0], center, right * good - wrong @ bad, options.rate)
            _ascend(outer, squares[1], other, right * words, options.rate)
            _ascend(outer, squares[1], drawn, -wrong.T @ words, options.rate)
        tell("training vectors", number + 1, options.passes)
    found: Floats = inner.numpy()
    return found


def _ascend(rows: Any, squares: Any, ids: Any, step: Any, rate: float) -> None:
    """Add gradients to rows, each at a rate by what the row has got so far (Adagrad)."""
    squares.index_add_(0, ids, step.square().mean(1, keepdim=True))
    rows.index_add_(0, ids, rate * step / squares[ids].sqrt())


def pairs_of(
    sequences: Sequences, window: int, draw: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Centres and contexts: each place reaches as far as it draws, up to ``window``."""
    run = np.concatenate([*sequences, np.zeros(0, np.int64)])
    of = np.repeat(np.arange(len(sequences)), [len(row) for row in sequences])
    reach = draw.integers(1, window + 1, len(run))
    centers, contexts = [], []
    for step in range(1, window + 1):
        near = of[step:] == of[:-step]
        ahead = np.flatnonzero(near & (reach[:-step] >= step))
        behind = np.flatnonzero(near & (reach[step:] >= step)) + step
        centers += [run[ahead], run[behind]]
        contexts += [run[ahead + step], run[behind - step]]
    return np.concatenate(centers), np.concatenate(contexts)


def sequences_of(tokenizer: Tokenizer, texts: Sequence[str], most: int = READ) -> Sequences:
    """Ids of the first texts, about ``most`` bytes of them."""
    chosen = []
    for text in texts:
        chosen.append(text)
        most -= len(text)
        if most <= 0:
            break
    return [row.astype(np.int64) for row in tokenizer.encode_batch(chosen)]


def one_space(
    tokenizer: Tokenizer, corpus: Sequence[str], *, seed: int = 0, progress: Progress = silent
) -> Space:
    """Vectors of the ids of one tokenizer."""
    sequences = sequences_of(tokenizer, corpus)
    return train_vectors(sequences, len(tokenizer.vocabulary), seed=seed, progress=progress)


def pooled_spaces(
    old: Tokenizer,
    new: Tokenizer,
    old_of_new: IdTable,
    corpus: Sequence[str],
    *,
    seed: int = 0,
    progress: Progress = silent,
) -> dict[str, Space]:
    """Vectors of old and new ids in one space: the text is read twice, matched ids are one word."""
    first = len(old.vocabulary)
    word = np.where(old_of_new >= 0, old_of_new, first + np.arange(len(old_of_new)))
    read = [
        *sequences_of(old, corpus, READ // 2),
        *(word[row] for row in sequences_of(new, corpus, READ // 2)),
    ]
    found = train_vectors(read, first + len(word), seed=seed, progress=progress)
    return {
        "old": Space(found.vectors[:first], found.known[:first]),
        "new": Space(found.vectors[word], found.known[word]),
    }
