"""All figures of one study, as JSON: by tokenizer, by domain, by vocabulary size, by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import tokenry
from tokenry.corpus.parallel import ParallelText
from tokenry.errors import UnsupportedError
from tokenry.measuring import (
    Encoded,
    Figures,
    Sample,
    bytes_per_token,
    encode_sample,
    measure_figures,
    premiums,
    ratio_interval,
)
from tokenry.measuring.registry import metrics_by_domain
from tokenry.results import Json


def measure_domains(
    encoded: Encoded, domains: Mapping[str, list[int]], seed: int
) -> dict[str, Figures]:
    """The figures that mean something on a part: by domain."""
    shown = metrics_by_domain("study")
    return {
        name: measure_figures(shown, encoded.part(chosen), seed=seed)
        for name, chosen in domains.items()
    }


def saving(encoded: Encoded, other: Encoded, seed: int) -> Json:
    """Share of tokens that ``encoded`` saves against ``other``; documents are drawn in pairs."""
    ratio = float(encoded.tokens.sum() / max(1, other.tokens.sum()))
    interval = ratio_interval(encoded.tokens, other.tokens, seed=seed)
    return {
        "value": 1 - ratio,
        "low": None if interval is None else 1 - interval.high,
        "high": None if interval is None else 1 - interval.low,
        "estimator": "1 - sum of tokens over the other's sum of tokens, paired by document",
    }


def curve(
    tokenizer: tokenry.Tokenizer, sample: Sample, sizes: Sequence[int], seed: int
) -> list[Json]:
    """Bytes per token of the nested vocabularies: the first n ids of one tokenizer.

    Where vocabularies of its kind do not nest, only the full one is measured.
    """
    points: list[Json] = []
    for size in sizes:
        try:
            smaller = tokenizer if size >= tokenizer.n_vocab else tokenizer.truncate(size)
        except UnsupportedError:
            continue
        figure = bytes_per_token(encode_sample(smaller, sample), seed=seed)
        points.append({"vocabulary_size": size, "bytes_per_token": figure.to_json()})
    return points


def measure_premiums(
    tokenizers: Mapping[str, tokenry.Tokenizer], parallel: ParallelText, seed: int
) -> Json:
    """Premiums of all languages under all tokenizers."""
    return {
        "reference": parallel.reference,
        "source": parallel.source,
        "labels": parallel.labels,
        "by_tokenizer": {
            name: premiums(tokenizer, parallel.lines, parallel.reference, seed=seed).to_json()
            for name, tokenizer in tokenizers.items()
        },
    }
