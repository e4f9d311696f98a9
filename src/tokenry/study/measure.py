"""All figures of one study, as JSON: by tokenizer, by domain, by vocabulary size, by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import tokenry
from tokenry.corpus.documents import Document
from tokenry.errors import UnsupportedError
from tokenry.measuring import (
    Encoded,
    Measurement,
    Sample,
    bytes_per_token,
    encode_sample,
    encode_speeds,
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
from tokenry.measuring.measurement import Json
from tokenry.study.parallel import Parallel

# More than this many domains are a crowd: the smaller ones are measured together.
MAX_DOMAINS = 12
_RANKS_DRAWN = 160
_SPEED_BYTES = 2_000_000


@dataclass(frozen=True)
class HeldOut:
    """What is measured on."""

    sample: Sample
    domains: dict[str, list[int]]  # documents of each domain, largest domain first

    @classmethod
    def of(cls, documents: Sequence[Document]) -> HeldOut:
        """Group documents by domain; small domains beyond `MAX_DOMAINS` are one."""
        sample = Sample.of(document.data for document in documents)
        groups: dict[str, list[int]] = {}
        for i, document in enumerate(documents):
            groups.setdefault(document.domain, []).append(i)
        ordered = sorted(groups, key=lambda name: (-sample.sizes[groups[name]].sum(), name))
        if len(ordered) <= MAX_DOMAINS:
            return cls(sample, {name: groups[name] for name in ordered})
        kept, rest = ordered[: MAX_DOMAINS - 1], ordered[MAX_DOMAINS - 1 :]
        domains = {name: groups[name] for name in kept}
        others = sorted(i for name in rest for i in groups[name])
        return cls(sample, {**domains, f"{len(rest)} other domains": others})

    def for_speed(self) -> Sample:
        """The first documents, up to 2 MB: speed needs no more."""
        ends = np.cumsum(self.sample.sizes)
        count = max(1, int(np.searchsorted(ends, _SPEED_BYTES, side="right")))
        return Sample(self.sample.documents[:count])


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


def measure_speeds(tokenizers: Mapping[str, tokenry.Tokenizer], held_out: HeldOut) -> Json:
    """Encoding speed of all, interleaved."""
    speeds = encode_speeds(tokenizers, held_out.for_speed())
    return {name: speed.to_json() for name, speed in speeds.items()}


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


def rank_frequency(encoded: Encoded) -> Json:
    """Frequencies by rank, at ranks that lie evenly on a logarithmic axis."""
    ordered = np.sort(encoded.frequencies[encoded.frequencies > 0])[::-1]
    steps = np.geomspace(1, max(1, len(ordered)), _RANKS_DRAWN).round().astype(int)
    ranks = np.unique(np.clip(steps, 1, max(1, len(ordered))))
    total = max(1, int(ordered.sum()))
    return {
        "ranks": ranks.tolist(),
        "shares": [float(ordered[rank - 1] / total) for rank in ranks if len(ordered)],
        "used": len(ordered),
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


def curve_sizes(full: int, smallest: int = 320) -> list[int]:
    """Vocabulary sizes up to ``full``, by halves; nine at most."""
    sizes = [full]
    while len(sizes) < 9 and round(sizes[-1] / 2) >= smallest:
        sizes.append(round(sizes[-1] / 2))
    return sizes[::-1]


def measure_premiums(
    tokenizers: Mapping[str, tokenry.Tokenizer], parallel: Parallel, seed: int
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
