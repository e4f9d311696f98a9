"""Every metric, one entry each: tables, pages, plots and docs take their columns from here.

To add one, write its function in a file of this room and an entry below; nothing else names it.
The order here is that of columns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.measuring.metric import LEVELS, Level, Metric, Report
from tokenry.registry import Registry

_SAMPLE = (
    Metric(
        "bytes_per_token",
        "tokenry.measuring.compression:bytes_per_token",
        label="bytes per token",
        short="bytes/token",
        form=",.3f",
        unit="bytes/token",
        better="higher",
        needs="ids",
        doc="sum of bytes over sum of tokens. Within one language only: UTF-8 spends one to four "
        "bytes on a letter.",
        study="table",
        card="table",
        by_domain=("study", "card"),
    ),
    Metric(
        "characters_per_token",
        "tokenry.measuring.compression:characters_per_token",
        label="characters per token",
        form=",.3f",
        unit="characters/token",
        better="higher",
        needs="ids",
        doc="sum of code points over sum of tokens.",
        card="file",
    ),
    Metric(
        "tokens_per_1000_words",
        "tokenry.measuring.compression:tokens_per_1000_words",
        label="tokens per 1,000 words",
        short="tokens/1,000 words",
        form=",.0f",
        unit="tokens/1,000 words",
        better="lower",
        needs="ids",
        doc="fertility. A word is a segment between default word boundaries of Unicode (UAX 29) "
        "that holds a letter or a number; scripts written without spaces count letter by letter.",
        study="table",
        card="table",
        by_domain=("study", "card"),
    ),
    Metric(
        "continued_words",
        "tokenry.measuring.compression:continued_words",
        label="continued words",
        form=",.1%",
        unit="share of words",
        better="lower",
        needs="spans",
        doc="share of words that a token ends within, in their context.",
        card="table",
        by_domain=("card",),
    ),
    Metric(
        "lossless",
        "tokenry.measuring.lossless:lossless_share",
        label="lossless",
        form=",.1%",
        unit="share of documents",
        better="higher",
        needs="decoded text",
        doc="share of documents with `decode_bytes(encode(x)) == x`.",
        study="table",
        card="table",
        by_domain=("study", "card"),
    ),
    Metric(
        "unknown_share",
        "tokenry.measuring.compression:unknown_share",
        label="unknown",
        form=",.2%",
        unit="share of tokens",
        better="lower",
        needs="ids",
        doc="share of tokens that stand for text the tokenizer does not know, and so loses.",
        study="file",
        card="table",
        by_domain=("card",),
    ),
    Metric(
        "single_byte_share",
        "tokenry.measuring.compression:single_byte_share",
        label="single-byte tokens",
        short="single-byte",
        form=",.1%",
        unit="share of tokens",
        better="lower",
        needs="ids",
        doc="share of tokens whose piece is one byte.",
        study="table",
        card="page",
        by_domain=("study",),
    ),
    Metric(
        "vocabulary_use",
        "tokenry.measuring.information:vocabulary_use",
        label="vocabulary used",
        form=",.1%",
        unit="share of vocabulary",
        better="higher",
        needs="ids",
        doc="ids that occur over all ids that stand for something; grows with the text.",
        study="table",
        card="page",
    ),
    Metric(
        "renyi_efficiency",
        "tokenry.measuring.information:renyi_efficiency",
        source="Zouhar et al. 2023, arXiv:2306.16842",
        label="Rényi efficiency",
        short="Rényi",
        form=",.3f",
        unit="share of log2 |V|",
        better="higher",
        needs="ids",
        doc="entropy of order 2.5 of the ids over log₂ of the *full* vocabulary size, used or not; "
        "dividing by the observed ids would flatter large vocabularies.",
        study="table",
        card="table",
    ),
    Metric(
        "shannon_efficiency",
        "tokenry.measuring.information:shannon_efficiency",
        label="Shannon efficiency",
        form=",.3f",
        unit="share of log2 |V|",
        better="higher",
        needs="ids",
        doc="the same of Shannon's entropy.",
        study="page",
        card="file",
    ),
)

_METRICS = (*_SAMPLE,)
METRICS: Final[Registry[Callable[..., Any]]] = Registry("metric", _METRICS, UnsupportedError)


def metrics_of(
    report: Report, *, section: str = "scorecard", level: Level = "file"
) -> tuple[Metric, ...]:
    """The metrics of a section of a report that are at least so prominent."""
    least = LEVELS.index(level)
    return tuple(
        metric
        for metric in _METRICS
        if metric.section == section
        and (found := getattr(metric, report)) is not None
        and LEVELS.index(found) >= least
    )


def metrics_by_domain(report: Report) -> tuple[Metric, ...]:
    """The metrics that a report measures by domain."""
    return tuple(metric for metric in _METRICS if report in metric.by_domain)
