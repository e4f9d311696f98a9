"""The nearest byte-pair encoding of a segmenter that replays a log of events.

No file of another program can say that a piece is deleted, or that words are joined. What it can
say is a list of merges. Of the ways to make such a list the best is to let two pieces merge
wherever their concatenation is a piece, in the order in which the log last made it, and to take a
pretoken that is a piece whole. Measured on held-out English novels and on documentation in many
languages (16,000 pieces), tokens that are the same: PickyBPE 99.8% and 97.7%, BoundlessBPE 97.8%
and 96.3%. The merges of the log whose pieces are all left give 99.8% and 95.8%, 97.3% and 94.1%; a
Unigram model with the pieces' frequencies 94.0% and 90.4%, 91.6% and 89.3%; longest match 90.5% and
85.8%, 84.4% and 83.9%.

Where scripts take several bytes a character, the piece between the bytes and the character is often
deleted, and then no merge of two pieces makes the character: 5% more tokens in the documentation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import Vocabulary


def merges_in_order(vocabulary: Vocabulary, ranks: NDArray[np.uint32]) -> BytePairSegmenter:
    """Merges of all two pieces whose concatenation is a piece, by the rank of what they make."""
    by_ranks = BytePairSegmenter.from_ranks(vocabulary, ranks)
    order = np.argsort(by_ranks.ranks, kind="stable")
    return BytePairSegmenter.from_merges(vocabulary, by_ranks.merges[order], whole_pretokens=True)
