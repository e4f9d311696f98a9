"""All figures of one study, as JSON: by tokenizer, by domain, by vocabulary size, by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import tokenry
from tokenry.corpus.parallel import ParallelText
from tokenry.errors import UnsupportedError
from tokenry.measuring import (
    Encoded,
    Measurement,
    Sample,
    bytes_per_token,
    encode_sample,
    lossless_share,
    premiums,
    ratio_interval,
    renyi_efficiency,
    shannon_efficiency,
    single_byte_share,
    tokens_per_1000_words,
    unknown_share,
    vocabulary_use,
)
from tokenry.results import Json


def measure_tokenizer(tokenizer: tokenry.Tokenizer, encoded: Encoded, seed: int) -> Json:
    """Figures over the whole held-out part."""
    figures: list[Measurement] = [
        bytes_per_token(encoded, seed=seed),
        tokens_per_1000_words(encoded, seed=seed),
        lossless_share(tokenizer, encoded, seed=seed),
        vocabulary_use(encoded, seed=seed),
        renyi_efficiency(encoded, seed=seed),
        shannon_efficiency(encoded, seed=seed),
        single_byte_share(encoded, seed=seed),
        unknown_share(encoded, seed=seed),
    ]
    keys = ("bytes_per_token", "tokens_per_1000_words", "lossless", "vocabulary_use")
    more = ("renyi_efficiency", "shannon_efficiency", "single_byte_share", "unknown_share")
    return {key: figure.to_json() for key, figure in zip(keys + more, figures, strict=True)}


def measure_domains(
    tokenizer: tokenry.Tokenizer, encoded: Encoded, domains: Mapping[str, list[int]], seed: int
) -> Json:
    """The figures that mean something on a part: by domain."""
    found: Json = {}
    for name, chosen in domains.items():
        part = encoded.part(chosen)
        found[name] = {
            "bytes_per_token": bytes_per_token(part, seed=seed).to_json(),
            "tokens_per_1000_words": tokens_per_1000_words(part, seed=seed).to_json(),
            "lossless": lossless_share(tokenizer, part, seed=seed).to_json(),
            "single_byte_share": single_byte_share(part, seed=seed).to_json(),
        }
    return found


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
