"""What a tokenizer costs, whom it hurts and how it spends its vocabulary. No torch; numpy only.

Each metric family is one file. Every figure is a `Measurement`: value, unit, estimator,
denominator, interval and the fingerprints of the tokenizer and of the data it was measured on.
"""

from tokenry.measuring.compression import (
    bytes_per_token,
    characters_per_token,
    continued_words,
    single_byte_share,
    tokens_per_1000_words,
    unknown_share,
)
from tokenry.measuring.encoded import Encoded, Measurable, Sample, encode_sample
from tokenry.measuring.fairness import Premium, Premiums, gini, premiums
from tokenry.measuring.gold_morphs import GoldWord
from tokenry.measuring.information import (
    renyi_efficiency,
    renyi_entropy,
    shannon_efficiency,
    vocabulary_use,
)
from tokenry.measuring.interval import ratio_interval
from tokenry.measuring.lossless import lossless_share
from tokenry.measuring.measurement import Interval, Measurement
from tokenry.measuring.morphology import align_all, boundary_scores, lexicon_shares
from tokenry.measuring.size import ModelShape, SizePoint, SizeSweep, sweep_sizes
from tokenry.measuring.size_curve import LanguageSize, SizeCurve, fit_curve, language_sizes
from tokenry.measuring.speed import encode_speeds
from tokenry.measuring.words import WORD_RULE, count_words, word_spans

__all__ = [
    "WORD_RULE",
    "Encoded",
    "GoldWord",
    "Interval",
    "LanguageSize",
    "Measurable",
    "Measurement",
    "ModelShape",
    "Premium",
    "Premiums",
    "Sample",
    "SizeCurve",
    "SizePoint",
    "SizeSweep",
    "align_all",
    "boundary_scores",
    "bytes_per_token",
    "characters_per_token",
    "continued_words",
    "count_words",
    "encode_sample",
    "encode_speeds",
    "fit_curve",
    "gini",
    "language_sizes",
    "lexicon_shares",
    "lossless_share",
    "premiums",
    "ratio_interval",
    "renyi_efficiency",
    "renyi_entropy",
    "shannon_efficiency",
    "single_byte_share",
    "sweep_sizes",
    "tokens_per_1000_words",
    "unknown_share",
    "vocabulary_use",
    "word_spans",
]
