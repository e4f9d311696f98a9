"""What smaller vocabularies of a tokenizer would cost."""

from __future__ import annotations

from tokenry.card.options import CardOptions
from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.measuring.encoded import Sample
from tokenry.measuring.size import ModelShape, SizeSweep, halved_sizes, sweep_sizes
from tokenry.tokenizer import Tokenizer

SMALLEST = 1_000


def sweep(tokenizer: Tokenizer, sample: Sample, options: CardOptions) -> SizeSweep | None:
    """The sizes by halves; None where vocabularies of its kind do not nest."""
    shape = ModelShape(width=options.width, layers=options.layers)
    sizes = halved_sizes(tokenizer.n_vocab, SMALLEST)
    try:
        return sweep_sizes(tokenizer, sizes, sample, shape=shape, seed=options.seed)
    except (UnsupportedError, VocabularyError):
        return None
