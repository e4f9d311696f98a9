"""Batches of texts as a student and its teachers write them, with the chunks that they share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD, padded
from tokenry.neural.training.data.shuffled import Shuffled
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.chunks import ChunkAlignment, align_spans

Row = NDArray[np.int64]


@dataclass(frozen=True)
class TextReader:
    """One who reads texts.

    Attributes:
        tokenizer: how.
        start: the id that stands before a text.
    """

    tokenizer: Tokenizer
    start: int


def paired_batches(
    texts: Sequence[str],
    student: TextReader,
    teachers: Sequence[TextReader],
    *,
    size: int,
    seed: int = 0,
    passes: int | None = 1,
) -> Shuffled:
    """Batches with ``ids`` of the student and, for the i-th teacher, three arrays.

    ``teacher{i}``: its ids, shape (rows, m + 1); ``chunks{i}``: for each predicted id of the
    student the number of its chunk in this row, negative for none, shape (rows, length);
    ``teacher_chunks{i}``: the same for the teacher's. Empty texts are left out.

    Args:
        texts: each short enough for all contexts.
        student, teachers: who reads them.
        size: texts of a batch.
        seed: of their order.
        passes: over them.

    Raises:
        ModelError: there is no text.
    """
    kept = [text for text in texts if text]
    if not kept or not teachers:
        raise ModelError(
            f"{len(kept)} texts and {len(teachers)} teachers; give one or more of each"
        )

    def make(numbers: NDArray[np.int64]) -> Batch:
        return _batch([kept[at] for at in numbers.tolist()], student, teachers)

    digest = hashlib.sha256("\0".join(kept).encode()).hexdigest()[:16]
    return Shuffled(len(kept), size, make, seed=seed, passes=passes, identity=digest)


def _batch(texts: Sequence[str], student: TextReader, teachers: Sequence[TextReader]) -> Batch:
    own = [student.tokenizer.encode_with_spans(text) for text in texts]
    arrays = {"ids": padded([_begun(student, ids) for ids, _ in own])}
    for at, teacher in enumerate(teachers):
        theirs = [teacher.tokenizer.encode_with_spans(text) for text in texts]
        joined = [align_spans(mine[1], other[1]) for mine, other in zip(own, theirs, strict=True)]
        arrays[f"teacher{at}"] = padded([_begun(teacher, ids) for ids, _ in theirs])
        both = [chunk_numbers(each) for each in joined]
        arrays[f"chunks{at}"] = padded([each[0] for each in both])
        arrays[f"teacher_chunks{at}"] = padded([each[1] for each in both])
    return Batch(arrays, sum(len(text.encode()) for text in texts))


def _begun(reader: TextReader, ids: NDArray[np.uint32]) -> Row:
    return np.concatenate([[reader.start], ids.astype(np.int64)])


def chunk_numbers(alignment: ChunkAlignment) -> tuple[Row, Row]:
    """The chunk of each token on both sides; -1 in chunks that one side has no token in."""
    counts = np.diff(alignment.first), np.diff(alignment.second)
    whole = (counts[0] > 0) & (counts[1] > 0)
    numbers = np.where(whole, np.cumsum(whole) - 1, PAD)
    return np.repeat(numbers, counts[0]), np.repeat(numbers, counts[1])
