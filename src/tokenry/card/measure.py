"""Measure everything that a card shows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tokenry.arguments import checked
from tokenry.card.card import Card
from tokenry.card.content import MeasuredData, ParallelSource, TokenizerCard
from tokenry.card.evidence import Evidence
from tokenry.card.given import On, card_options, documents_of, name_tokenizers
from tokenry.card.options import CardOptions
from tokenry.card.sections.changes import measure_changes
from tokenry.card.sections.domains import measure_domains, with_savings
from tokenry.card.sections.identity import identity
from tokenry.card.sections.morphology import measure_boundaries
from tokenry.card.sections.premiums import measure_costs
from tokenry.card.sections.reachability import measure_reachability
from tokenry.card.sections.sweep import sweep
from tokenry.card.sections.usage import measure_usage
from tokenry.card.sections.vocabulary import measure_vocabulary
from tokenry.card.written import Written
from tokenry.corpus.bundled import BUNDLED
from tokenry.corpus.parallel import ParallelText
from tokenry.measuring.entropy import stream_entropy
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.morphology import lexicon_shares
from tokenry.measuring.numbers import measure_numbers
from tokenry.measuring.registry import metrics_of
from tokenry.measuring.scorecard import encode_for, measure_figures
from tokenry.measuring.speed import encode_speeds
from tokenry.measuring.words import WORD_RULE
from tokenry.progress import Progress, silent
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import NamedTokenizer, load_named
from tokenry.version import __version__


@checked
def measure(
    *tokenizers: Tokenizer | str | os.PathLike[str],
    on: On = None,
    progress: Progress | None = None,
    **options: Any,
) -> Card:
    """Measure tokenizers: what they cost, whom they hurt, what they are made of.

    Args:
        *tokenizers: loaded ones, files or folders (``FILE:pattern`` for ranks); the first is what
            the others are compared with.
        on: what to measure on: a path, or a list of `pathlib.Path`; texts, as strings, bytes or
            documents in a list or a `tokenry.Corpus`; a mapping of domains to any of these. A
            string alone is a path, strings in a list are texts. None: text that every machine has.
        progress: told now and then how far it is.
        **options: more of `tokenry.card.CardOptions`, such as ``parallel="flores/"``.

    Raises:
        ArgumentError: ``on``, ``progress`` or one of ``tokenizers`` is none.
        StudyError: no tokenizer, or an option that makes no sense.
        CorpusError: data, parallel text or a list of words cannot be used.
        FormatError, UnsupportedError: a tokenizer or a gold file cannot be read.

    >>> from tokenry import learn
    >>> card = measure(learn(["low lower lowest " * 9], vocab_size=260), on=["low and lower"])
    >>> card.tokenizers[0].scorecard["bytes_per_token"].value
    1.625
    """
    progress = progress or silent
    progress("reading tokenizers and data", 0, None)
    named = name_tokenizers(tokenizers)
    chosen = card_options(named, on, options)
    return make_card(named, Evidence.read(chosen, documents_of(on, chosen.field)), progress)


@checked
def measure_card(options: CardOptions, *, progress: Progress | None = None) -> Card:
    """Measure tokenizers on the same data.

    Raises:
        CorpusError: data, parallel text or a gold file cannot be used.
        FormatError, UnsupportedError: a tokenizer or a gold file cannot be read.
    """
    progress = progress or silent
    progress("reading tokenizers and data", 0, None)
    return make_card(load_named(options.tokenizers), Evidence.read(options), progress)


def make_card(named: Sequence[NamedTokenizer], evidence: Evidence, progress: Progress) -> Card:
    """Measure tokenizers on what was read."""
    progress("measuring speed", 0, None)
    speeds = encode_speeds(
        {each.name: each.tokenizer for each in named}, evidence.sample.for_speed()
    )
    rows = []
    for done, each in enumerate(named):
        progress("measuring", done, len(named))
        rows.append(measure_sections(each, evidence, speeds[each.name]))
    domains = with_savings([row.domains for row in rows])
    return Card(
        tokenry=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        options=evidence.options,
        word_rule=WORD_RULE,
        data=_describe(evidence),
        parallel=None if evidence.parallel is None else _describe_parallel(evidence.parallel),
        tokenizers=tuple(
            replace(row, domains=each) for row, each in zip(rows, domains, strict=True)
        ),
    )


def measure_sections(
    named: NamedTokenizer, evidence: Evidence, speed: Measurement
) -> TokenizerCard:
    """All sections of one tokenizer."""
    tokenizer, options = named.tokenizer, evidence.options
    seed, lists, metrics = options.seed, evidence.lists, metrics_of("card", "scorecard")
    encoded = encode_for(metrics, tokenizer, evidence.sample.sample)
    written = None if evidence.parallel is None else Written.by(tokenizer, evidence.parallel)
    return TokenizerCard(
        identity=identity(named),
        scorecard=measure_figures(metrics, encoded, seed=seed),
        domains=measure_domains(encoded, evidence.sample.domains, seed),
        premiums=None if written is None else measure_costs(tokenizer, written, options),
        vocabulary=measure_vocabulary(tokenizer, written, options),
        usage=measure_usage(tokenizer, encoded),
        information=stream_entropy(encoded),
        reachability=measure_reachability(tokenizer),
        morphology={
            name: measure_boundaries(tokenizer, gold, seed) for name, gold in evidence.gold.items()
        },
        lexicon=None
        if lists is None
        else lexicon_shares(
            tokenizer, evidence.lines, words=lists.words, morphemes=lists.morphemes
        ),
        numbers=measure_numbers(tokenizer, seed=seed),
        sensitivity=measure_changes(tokenizer, evidence.lines, seed),
        sweep=sweep(tokenizer, evidence.for_sweep, options),
        speed=speed,
    )


def _describe(evidence: Evidence) -> MeasuredData:
    sample, options = evidence.sample.sample, evidence.options
    domains = evidence.sample.domains.items()
    return MeasuredData(
        source=options.on or (BUNDLED,),
        fingerprint=sample.fingerprint,
        documents=len(sample.sizes),
        bytes=int(sample.sizes.sum()),
        budget=options.budget,
        domains={name: int(sample.sizes[chosen].sum()) for name, chosen in domains},
    )


def _describe_parallel(parallel: ParallelText) -> ParallelSource:
    lines = next(iter(parallel.lines.values()))
    return ParallelSource(parallel.source, parallel.reference, len(lines), parallel.labels)
