"""The text of a comparison, and how a tokenizer writes it for a model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.holdout import held_out
from tokenry.corpus.passages import reader
from tokenry.errors import CorpusError
from tokenry.neural.recipes.shared_rows import SharedRows
from tokenry.study.model_comparison.options import ComparisonOptions
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import NamedTokenizer

_MEASURED = 8  # bytes to learn from for a byte that is measured on


@dataclass(frozen=True)
class ComparisonText:
    """Documents to learn from, and those held out, in an order by their hashes."""

    learnt: tuple[bytes, ...]
    held: tuple[bytes, ...]

    @classmethod
    def read(cls, options: ComparisonOptions) -> ComparisonText:
        """Read as much as the options ask for.

        Raises:
            CorpusError: there is no text, or none on one of the two sides.
        """
        documents = {each.data for each in reader(options.data, options.field)() if each.data}
        sides: tuple[list[bytes], list[bytes]] = ([], [])
        for document in sorted(documents, key=lambda data: hashlib.sha256(data).digest()):
            sides[held_out(document, fraction=options.holdout, seed=options.seed)].append(document)
        learnt = _first(sides[0], options.budget)
        held = _first(sides[1], max(1, sum(map(len, learnt)) // _MEASURED))
        if not learnt or not held:
            raise CorpusError(
                f"{len(documents)} documents, {len(learnt)} to learn from and {len(held)} held "
                "out; give more text, or hold out another share"
            )
        return cls(learnt, held)

    @property
    def fingerprint(self) -> str:
        """Of all documents."""
        digest = hashlib.sha256()
        for document in (*self.learnt, b"", *self.held):
            digest.update(hashlib.sha256(document).digest())
        return digest.hexdigest()


def _first(documents: Iterable[bytes], budget: int) -> tuple[bytes, ...]:
    """The first documents, until they have so many bytes."""
    found: list[bytes] = []
    left = budget
    for document in documents:
        if left <= 0:
            break
        found.append(document)
        left -= len(document)
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Arm:
    """A tokenizer, and the text as the rows of its models.

    Attributes:
        named: the tokenizer.
        rows: which row each id has.
        learnt: rows of the documents to learn from.
        held: rows of those held out.
        lossless: whether every document held out comes back.
        context: tokens that a model sees at a time.
        bytes_per_token: of the text to learn from.
    """

    named: NamedTokenizer
    rows: SharedRows
    learnt: Sequence[NDArray[np.int64]]
    held: Sequence[NDArray[np.int64]]
    lossless: bool
    context: int
    bytes_per_token: float

    @classmethod
    def of(cls, named: NamedTokenizer, text: ComparisonText, context: int) -> Arm:
        """The text as one tokenizer writes it."""
        tokenizer = named.tokenizer
        learnt, held = (list(tokenizer.encode_batch(side)) for side in (text.learnt, text.held))
        rows = SharedRows.of(learnt, tokenizer.n_vocab)
        packed = sum(map(len, text.learnt)) / max(1, sum(map(len, learnt)))
        return cls(
            named=named,
            rows=rows,
            learnt=[rows.of_ids(each) for each in learnt],
            held=[rows.of_ids(each) for each in held],
            lossless=_restores(tokenizer, text.held, held),
            context=max(1, round(context / packed)),
            bytes_per_token=packed,
        )


def _restores(
    tokenizer: Tokenizer, documents: Sequence[bytes], ids: Sequence[NDArray[np.uint32]]
) -> bool:
    return all(
        tokenizer.decode_bytes(row) == document
        for row, document in zip(ids, documents, strict=True)
    )
