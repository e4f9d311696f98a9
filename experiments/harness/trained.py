"""Small language models over the ids of a tokenizer, one a seed, in bits per byte."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import size_of
from experiments.harness.experiment import Setting
from experiments.harness.kept import Kept, source_of
from tokenry.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokenry.neural.recipes.sizes import Passes, Shape
    from tokenry.neural.training.step import TrainingStep

Rows = Sequence[NDArray[np.integer[Any]]]


def bits_of_ids(
    setting: Setting,
    name: str,
    rows: Rows,
    held: Rows,
    ids: int,
    size: int,
    shape: Shape,
    passes: Passes | None = None,
    step: TrainingStep | None = None,
) -> tuple[float, ...]:
    """Bits per byte of held-out text, one for each seed.

    Args:
        setting: seeds, and who is told.
        name: of what the model reads, for who is told.
        rows: ids of the documents to train on.
        held: ids of those held out.
        ids: how many there are.
        size: bytes of the documents held out.
        shape: of the model.
        passes: of its training; without it one pass at the usual rate.
        step: what a batch loses; the next token without it.
    """
    from tokenry.neural.recipes.language import bits_per_byte, train_language_model

    def trained(seed: int) -> float:
        setting.tell(f"{name}: model {seed}, {sum(map(len, rows)):,} tokens to read")
        model = train_language_model(rows, ids, shape=shape, passes=passes, step=step, seed=seed)
        return bits_per_byte(model, held, size)

    given = (name, ids, size, shape, passes, step, _digest(rows), _digest(held))
    return tuple(once(setting, "bits", given, seed, trained) for seed in setting.seeds)


def once(setting: Setting, name: str, given: object, seed: int, make: Callable[[int], Any]) -> Any:
    """What ``make(seed)`` gives as JSON; of a run that resumes, taken from where it was kept.

    Args:
        setting: of the run.
        name: of what is made.
        given: what it hangs on, beside the data and the text of the file that makes it.
        seed: of the model.
        make: trains and measures.
    """
    if not setting.resume:
        return make(seed)
    function = make.func if isinstance(make, partial) else make
    text = source_of(inspect.getfile(function))
    return Kept(setting, name, (given, text)).once(f"seed-{seed}", make, seed)


def _digest(rows: Rows) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(np.asarray(row, dtype=np.int64).tobytes() + b"|")
    return digest.hexdigest()


def bits_under(
    setting: Setting,
    name: str,
    tokenizer: Tokenizer,
    learnt: Sequence[str],
    held: Sequence[str],
    shape: Shape,
    passes: Passes | None = None,
) -> tuple[float, ...]:
    """The same for documents as a tokenizer writes them."""
    rows, others = (list(tokenizer.encode_batch(each)) for each in (learnt, held))
    size = size_of(held)
    return bits_of_ids(setting, name, rows, others, tokenizer.n_vocab, size, shape, passes)
