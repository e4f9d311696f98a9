"""Metrics that need more than text: parallel lines, gold words, lists of words, changed lines.

A function measures several figures at once; an entry says where in its result one of them is.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from tokenry.measuring.metric import Metric

_premium = partial(
    Metric,
    target="tokenry.measuring.fairness:premiums",
    source="Petrov et al. 2023, arXiv:2305.15425",
    form=",.2f",
    unit="tokens for one token of the reference language",
    better="lower",
    needs="parallel text",
    section="premiums",
    card="page",
)
_gini = partial(_premium, form=",.3f", unit="Gini coefficient")
PARALLEL: Final = (
    _gini(
        "gini",
        label="Gini",
        figure="found.gini",
        card="table",
        doc="inequality of the tokens that languages need for the same lines, each line encoded "
        "by itself; 0 where all pay the same.",
    ),
    _premium(
        "median_premium",
        label="median premium",
        figure="median",
        doc="premium: tokens of a language over tokens of the reference language for the same "
        "lines; this one is the median of the languages.",
    ),
    _premium(
        "p90_premium",
        label="90% of languages below",
        figure="p90",
        doc="the premium that nine of ten languages stay below.",
    ),
    _premium(
        "dearest_premium",
        label="dearest",
        figure="dearest",
        form=",.1f",
        doc="the highest premium.",
    ),
    _gini(
        "gini_made_for",
        label="Gini, made for",
        figure="sets.gini_in",
        doc="Gini among the languages that the tokenizer was made for.",
    ),
    _gini(
        "gini_others",
        label="Gini, others",
        figure="sets.gini_out",
        doc="Gini among all other languages.",
    ),
    _premium(
        "median_made_for",
        label="median, made for",
        figure="sets.premium_in",
        form=",.3f",
        doc="median premium of the languages that the tokenizer was made for.",
    ),
    _premium(
        "median_others",
        label="median, others",
        figure="sets.premium_out",
        form=",.3f",
        doc="median premium of all other languages.",
    ),
)

_entropy = partial(
    Metric,
    target="tokenry.measuring.entropy:stream_entropy",
    source="Erdogan et al. 2026, arXiv:2601.09039",
    systems=("S063",),
    form=",.3f",
    unit="bits/byte",
    better="lower",
    needs="ids",
    section="information",
    card="page",
)
ENTROPY: Final = (
    _entropy(
        "unigram_entropy",
        label="unigram entropy, bits",
        figure="unigram",
        unit="bits/token",
        better="",
        doc="entropy of the ids, corrected as Miller and Madow do.",
    ),
    _entropy(
        "capacity",
        label="of log₂ of all ids",
        figure="capacity",
        form=",.1%",
        unit="share of log2 |V|",
        better="higher",
        doc="unigram entropy over log₂ of all ids.",
    ),
    _entropy(
        "bits_per_byte_0",
        label="bits a byte, no context",
        figure="held_out.0.bits_a_byte",
        doc="bits for a byte of every second document under counts of the others.",
    ),
    _entropy(
        "bits_per_byte_1",
        label="one id before",
        figure="held_out.1.bits_a_byte",
        doc="the same with one id of context, smoothed as Witten and Bell do.",
    ),
    _entropy(
        "bits_per_byte_2",
        label="two ids before",
        figure="held_out.2.bits_a_byte",
        doc="the same with two ids of context.",
    ),
)

_boundary = partial(
    Metric,
    target="tokenry.measuring.morphology:boundary_scores",
    form=",.3f",
    unit="share",
    better="higher",
    needs="gold words",
    section="morphology",
    card="page",
)
GOLD: Final = (
    _boundary(
        "boundary_precision",
        label="precision",
        figure="precision",
        doc="boundaries of tokens that are gold boundaries of morphemes, over all words together.",
    ),
    _boundary(
        "boundary_recall",
        label="recall",
        figure="recall",
        doc="gold boundaries that are boundaries of tokens.",
    ),
    _boundary("boundary_f1", label="F1", figure="f1", doc="of precision and recall."),
    _boundary(
        "tokens_per_gold_word",
        label="tokens a word",
        figure="tokens_per_word",
        form=",.2f",
        unit="tokens/word",
        better="lower",
        doc="mean tokens of a gold word, which stands after a space.",
    ),
    _boundary(
        "perfect_words",
        label="wholly right",
        figure="perfect_share",
        form=",.1%",
        unit="share of words",
        doc="words of which every boundary is right.",
    ),
    _boundary(
        "morphscore",
        source="Arnett & Bergen 2025, arXiv:2411.14198",
        label="MorphScore",
        figure="morphscore",
        unit="share of words",
        doc="recall over the words with one gold boundary and several tokens; it rewards cutting "
        "everywhere.",
    ),
)

_lookup = partial(
    Metric,
    target="tokenry.measuring.morphology:lexicon_shares",
    source="Bayram et al. 2025, arXiv:2502.07057",
    systems=("S012",),
    form=",.1%",
    unit="share of tokens",
    better="higher",
    needs="word lists",
    section="lexicon",
    card="page",
)
LISTS: Final = (
    _lookup(
        "words_by_type",
        label="words, by type",
        figure="words_by_type",
        unit="share of pieces",
        doc="%TR: pieces that are words of a list, each counted once.",
    ),
    _lookup(
        "words_by_token",
        label="words, by occurrence",
        figure="words_by_token",
        doc="%TR over all tokens.",
    ),
    _lookup(
        "pure_by_type",
        label="pure, by type",
        figure="pure_by_type",
        unit="share of pieces",
        doc="%Pure: pieces that are exactly a root or an affix, each counted once.",
    ),
    _lookup(
        "pure_by_token",
        label="pure, by occurrence",
        figure="pure_by_token",
        doc="%Pure over all tokens.",
    ),
    _lookup(
        "single_letters",
        label="single letters",
        figure="letter_share",
        better="",
        doc="tokens of one letter, which are easily roots.",
    ),
)

_digits = partial(
    Metric,
    target="tokenry.measuring.numbers:measure_numbers",
    source="Singh & Strouse 2024, arXiv:2402.14903",
    form=",.0%",
    better="higher",
    needs="drawn numbers",
    section="numbers",
    card="page",
)
NUMBERS: Final = (
    _digits(
        "consistent_numbers",
        label="one number, one cut",
        figure="consistent",
        unit="share of numbers",
        doc="numbers that are cut in the same way in five contexts.",
    ),
    _digits(
        "aligned_additions",
        label="places line up",
        figure="aligned",
        unit="share of additions",
        doc="additions whose addends and sum are cut at the same places counted from the right.",
    ),
)

_cost = partial(
    Metric,
    target="tokenry.measuring.size:vocabulary_cost",
    source="Kaplan et al. 2020, arXiv:2001.08361",
    better="lower",
    needs="a model's shape",
    section="cost",
    study="table",
)
COST: Final = (
    _cost(
        "row_parameters",
        label="parameters of its rows",
        short="row parameters",
        figure="row_parameters",
        form=",.0f",
        unit="parameters",
        doc="ids times the width of the model (`--params`), input and output shared.",
    ),
    _cost(
        "row_share",
        label="rows, of the model",
        short="of model",
        figure="row_share",
        form=",.0%",
        unit="share of parameters",
        study="page",
        doc="those over all parameters of the model.",
    ),
    _cost(
        "megaflops_per_byte",
        label="Mflop for a byte",
        short="Mflop/byte",
        figure="megaflops_per_byte",
        form=",.4g",
        unit="million operations/byte",
        doc="floating-point operations of a forward pass of the model, output layer included, over "
        "bytes per token.",
    ),
)

_change = partial(
    Metric,
    target="tokenry.measuring.sensitivity:measure_prefixes",
    needs="changed lines",
    section="sensitivity",
    card="page",
)
CHANGES: Final = (
    _change(
        "stable_beginnings",
        label="stable beginnings",
        figure="prefixes.stable",
        form=",.0%",
        unit="share of beginnings",
        better="higher",
        doc="parts of lines that have the ids that the whole line begins with.",
    ),
    _change(
        "unsettled_ids",
        label="unsettled ids",
        figure="prefixes.unsettled",
        form=",.2f",
        unit="ids",
        better="lower",
        doc="mean ids at the end of a part that the whole line has not.",
    ),
    _change(
        "kept_boundaries",
        target="tokenry.measuring.robustness:robustness",
        label="boundaries kept, OCR",
        figure="ocr.kept",
        form=",.1%",
        unit="share of boundaries",
        better="higher",
        doc="boundaries that stay where two characters in a hundred are misread.",
    ),
)
