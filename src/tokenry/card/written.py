"""Parallel text as one tokenizer writes it."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.corpus.parallel import ParallelText
from tokenry.text.ragged import Ragged
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Written:
    """Parallel text in the ids of a tokenizer, line by line."""

    parallel: ParallelText
    ids: dict[str, Ragged]

    @classmethod
    def by(cls, tokenizer: Tokenizer, parallel: ParallelText) -> Written:
        """Encode each line by itself."""
        rows = parallel.lines.items()
        return cls(parallel, {name: tokenizer.encode_batch(lines) for name, lines in rows})
