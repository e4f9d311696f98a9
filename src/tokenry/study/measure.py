"""All figures of one study: by tokenizer, by domain, by vocabulary size, by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tokenry.corpus.parallel import ParallelText
from tokenry.errors import UnsupportedError
from tokenry.measuring.by_domain import DomainSample
from tokenry.measuring.compression import bytes_per_token
from tokenry.measuring.encoded import Encoded, Sample, encode_sample
from tokenry.measuring.fairness import premiums
from tokenry.measuring.interval import ratio_interval
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.rank_frequency import rank_frequency
from tokenry.measuring.registry import metrics_by_domain, metrics_of
from tokenry.measuring.scorecard import encode_for, measure_figures
from tokenry.measuring.size import halved_sizes
from tokenry.progress import Progress
from tokenry.study.content import CurvePoint, Saving, StudiedPremiums, StudiedTokenizer
from tokenry.study.learners import LearntStage
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True)
class Contestant:
    """A tokenizer to measure; ``learnt`` says how it was made, None for a reference."""

    name: str
    tokenizer: Tokenizer
    file: str
    learnt: LearntStage | None = None


def encode_all(
    contestants: Sequence[Contestant], sample: Sample, progress: Progress
) -> dict[str, Encoded]:
    """The sample in the ids of each, by name."""
    metrics = metrics_of("study", "scorecard")
    encoded: dict[str, Encoded] = {}
    for done, each in enumerate(contestants):
        progress("measuring on the held-out part", done, len(contestants))
        encoded[each.name] = encode_for(metrics, each.tokenizer, sample)
    return encoded


def measure_one(
    each: Contestant, encoded: Encoded, held_out: DomainSample, speed: Measurement, seed: int
) -> StudiedTokenizer:
    """All figures of one tokenizer over the held-out part."""
    tokenizer, learnt = each.tokenizer, each.learnt
    by_domain = metrics_by_domain("study")
    return StudiedTokenizer(
        name=each.name,
        kind="reference" if learnt is None else "learnt",
        file=each.file,
        vocabulary_size=tokenizer.n_vocab,
        fingerprint=tokenizer.fingerprint(),
        lossless=tokenizer.lossless,
        export=None if learnt is None else learnt.export,
        seconds_to_learn=None if learnt is None else learnt.seconds,
        tokens=int(encoded.tokens.sum()),
        overall=measure_figures(metrics_of("study", "scorecard"), encoded, seed=seed),
        domains={
            name: measure_figures(by_domain, encoded.part(chosen), seed=seed)
            for name, chosen in held_out.domains.items()
        },
        speed=speed,
        rank_frequency=rank_frequency(encoded),
    )


def saving(encoded: Encoded, other: Encoded, seed: int) -> Saving:
    """Share of tokens that ``encoded`` saves against ``other``; documents are drawn in pairs."""
    ratio = float(encoded.tokens.sum() / max(1, other.tokens.sum()))
    interval = ratio_interval(encoded.tokens, other.tokens, seed=seed)
    return Saving(
        value=1 - ratio,
        low=None if interval is None else 1 - interval.high,
        high=None if interval is None else 1 - interval.low,
    )


def curve(tokenizer: Tokenizer, sample: Sample, seed: int) -> tuple[CurvePoint, ...]:
    """Bytes per token of the nested vocabularies: the first n ids of one tokenizer.

    Where vocabularies of its kind do not nest, only the full one is measured.
    """
    points = []
    for size in halved_sizes(tokenizer.n_vocab):
        try:
            smaller = tokenizer if size >= tokenizer.n_vocab else tokenizer.truncate(size)
        except UnsupportedError:
            continue
        figure = bytes_per_token(encode_sample(smaller, sample), seed=seed)
        points.append(CurvePoint(size, figure))
    return tuple(points)


def measure_premiums(
    tokenizers: Mapping[str, Tokenizer], parallel: ParallelText, seed: int
) -> StudiedPremiums:
    """Premiums of all languages under all tokenizers."""
    return StudiedPremiums(
        reference=parallel.reference,
        source=parallel.source,
        labels=parallel.labels,
        by_tokenizer={
            name: premiums(tokenizer, parallel.lines, parallel.reference, seed=seed)
            for name, tokenizer in tokenizers.items()
        },
    )
