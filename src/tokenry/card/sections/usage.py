"""How often ids occur, and which never do in a text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.card.sections.examples import SHOWN, IdExample, id_examples
from tokenry.measuring.encoded import Encoded
from tokenry.measuring.rank_frequency import RankFrequency, rank_frequency
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Usage(Result):
    """Use of the ids.

    Attributes:
        rank_frequency: how often ids occur.
        bytes: of the text.
        dead: ids with bytes that never occur in it.
        dead_share: of all ids that stand for something.
        dead_examples: some of them, spread over the vocabulary.
    """

    rank_frequency: RankFrequency
    bytes: int
    dead: int
    dead_share: float
    dead_examples: tuple[IdExample, ...]


def measure_usage(tokenizer: Tokenizer, encoded: Encoded) -> Usage:
    """Use of one vocabulary."""
    never = np.flatnonzero((encoded.frequencies == 0) & (encoded.piece_sizes > 0)).tolist()
    return Usage(
        rank_frequency=rank_frequency(encoded),
        bytes=int(encoded.sample.sizes.sum()),
        dead=len(never),
        dead_share=len(never) / max(1, encoded.vocabulary_size),
        dead_examples=id_examples(tokenizer, never[:: max(1, len(never) // SHOWN)]),
    )
