"""What a tokenizer costs, whom it hurts and how it spends its vocabulary. No torch; numpy only.

Each metric family is one file. Every figure is a `Measurement`: value, unit, estimator,
denominator, interval and the fingerprints of the tokenizer and of the data it was measured on.
"""

from typing import TYPE_CHECKING

from tokenry.lazy import lazily

if TYPE_CHECKING:
    from tokenry.measuring.by_domain import (
        DomainSample,
    )
    from tokenry.measuring.compression import (
        bytes_per_token,
        characters_per_token,
        continued_words,
        single_byte_share,
        tokens_per_1000_words,
        unknown_share,
    )
    from tokenry.measuring.encoded import (
        Encoded,
        Measurable,
        Sample,
        encode_sample,
    )
    from tokenry.measuring.fairness import (
        Premium,
        Premiums,
        gini,
        premiums,
    )
    from tokenry.measuring.gold_morphs import (
        GoldWord,
    )
    from tokenry.measuring.information import (
        renyi_efficiency,
        renyi_entropy,
        shannon_efficiency,
        vocabulary_use,
    )
    from tokenry.measuring.interval import (
        ratio_interval,
    )
    from tokenry.measuring.lossless import (
        lossless_share,
        with_restored,
    )
    from tokenry.measuring.measurement import (
        Interval,
        Measurement,
    )
    from tokenry.measuring.metric import (
        Metric,
    )
    from tokenry.measuring.morphology import (
        align_all,
        boundary_scores,
        lexicon_shares,
    )
    from tokenry.measuring.registry import (
        METRICS,
        metrics_of,
    )
    from tokenry.measuring.scorecard import (
        Figures,
        encode_for,
        measure_figures,
    )
    from tokenry.measuring.size import (
        ModelShape,
        SizePoint,
        SizeSweep,
        sweep_sizes,
    )
    from tokenry.measuring.size_curve import (
        LanguageSize,
        SizeCurve,
        fit_curve,
        language_sizes,
    )
    from tokenry.measuring.speed import (
        encode_speeds,
    )
    from tokenry.measuring.words import (
        WORD_RULE,
        count_words,
        word_spans,
    )

__all__ = [
    "METRICS",
    "WORD_RULE",
    "DomainSample",
    "Encoded",
    "Figures",
    "GoldWord",
    "Interval",
    "LanguageSize",
    "Measurable",
    "Measurement",
    "Metric",
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
    "encode_for",
    "encode_sample",
    "encode_speeds",
    "fit_curve",
    "gini",
    "language_sizes",
    "lexicon_shares",
    "lossless_share",
    "measure_figures",
    "metrics_of",
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
    "with_restored",
    "word_spans",
]

# Imported when first used: the registry of metrics must cost nothing.
__getattr__ = lazily(
    __name__,
    {
        ".by_domain": "DomainSample",
        ".compression": "bytes_per_token characters_per_token continued_words single_byte_share "
        "tokens_per_1000_words unknown_share",
        ".encoded": "Encoded Measurable Sample encode_sample",
        ".fairness": "Premium Premiums gini premiums",
        ".gold_morphs": "GoldWord",
        ".information": "renyi_efficiency renyi_entropy shannon_efficiency vocabulary_use",
        ".interval": "ratio_interval",
        ".lossless": "lossless_share with_restored",
        ".measurement": "Interval Measurement",
        ".metric": "Metric",
        ".morphology": "align_all boundary_scores lexicon_shares",
        ".registry": "METRICS metrics_of",
        ".scorecard": "Figures encode_for measure_figures",
        ".size": "ModelShape SizePoint SizeSweep sweep_sizes",
        ".size_curve": "LanguageSize SizeCurve fit_curve language_sizes",
        ".speed": "encode_speeds",
        ".words": "WORD_RULE count_words word_spans",
    },
)
