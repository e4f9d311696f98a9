"""Measure everything that a card shows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

import tokenry
from tokenry.card import sections
from tokenry.card.card import FORMAT, VERSION, Card
from tokenry.card.options import CardOptions
from tokenry.corpus.documents import Document
from tokenry.corpus.parallel import ParallelText, cldr_parallel, read_parallel
from tokenry.corpus.passages import reader
from tokenry.measuring import encode_for, metrics_of
from tokenry.measuring.by_domain import DomainSample
from tokenry.measuring.encoded import Encoded
from tokenry.measuring.gold_morphs import read_gold
from tokenry.measuring.speed import encode_speeds
from tokenry.measuring.words import WORD_RULE
from tokenry.progress import Progress, silent
from tokenry.tokenizer_files import NamedTokenizer, load_named


def measure_card(options: CardOptions, *, progress: Progress | None = None) -> Card:
    """Measure tokenizers on the same data.

    Raises:
        CorpusError: data, parallel text or a gold file cannot be used.
        FormatError, UnsupportedError: a tokenizer or a gold file cannot be read.
    """
    progress = progress or silent
    progress("reading tokenizers and data", 0, None)
    references = load_named(options.tokenizers)
    parallel = parallel_of(options)
    gold = {path: sections.Gold.of(read_gold(path)) for path in options.gold}
    sample = DomainSample.of(within_budget(read_domains(options), options.budget))
    measured = _Measured(options, sample, parallel, gold)
    rows = []
    for done, reference in enumerate(references):
        progress("measuring", done, len(references))
        rows.append(measured.card_of(reference))
    _compare_domains(rows)
    progress("measuring speed", 0, None)
    tokenizers = {each.name: each.tokenizer for each in references}
    speeds = encode_speeds(tokenizers, sample.for_speed())
    for row in rows:
        row["speed"] = speeds[row["name"]].to_json()
    content = {
        "format": FORMAT,
        "version": VERSION,
        "tokenry": tokenry.__version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "options": options.to_json(),
        "word_rule": WORD_RULE,
        "data": _describe(sample, options),
        "parallel": None if parallel is None else _describe_parallel(parallel),
        "tokenizers": rows,
    }
    return Card(finite(content))


def read_domains(options: CardOptions) -> Iterator[Document]:
    """Documents; where several paths are named, each of them is a domain."""
    if len(options.on) < 2:
        yield from reader(options.on, options.field)()
        return
    for path in options.on:
        name = Path(path).name.split(".")[0] or path
        for document in reader((path,), options.field)():
            yield Document(document.data, document.source, name)


def within_budget(documents: Iterable[Document], budget: int) -> list[Document]:
    """The first documents of each domain, up to ``budget`` bytes of it; the last is cut short."""
    kept: list[Document] = []
    left: dict[str, int] = {}
    for document in documents:
        room = left.setdefault(document.domain, budget)
        if room <= 0:
            continue
        data = document.data
        if len(data) > room:
            data = data[:room].decode("utf-8", "ignore").encode() or data[:room]
        left[document.domain] = room - len(document.data)
        kept.append(Document(data, document.source, document.domain))
    return kept


class _Measured:
    """What all tokenizers are measured on."""

    def __init__(
        self,
        options: CardOptions,
        sample: DomainSample,
        parallel: ParallelText | None,
        gold: dict[Path, sections.Gold],
    ) -> None:
        self.options, self.sample, self.parallel, self.gold = options, sample, parallel, gold
        texts = (each.decode("utf-8", "replace") for each in sample.sample.documents)
        self.lines = [line for text in texts for line in text.splitlines() if len(line) > 20]
        self.lexicon = None
        if options.words is not None:
            self.lexicon = sections.Lexicon.read(options.words, options.morphemes)

    def card_of(self, reference: NamedTokenizer) -> dict[str, Any]:
        """All sections of one tokenizer."""
        tokenizer, seed = reference.tokenizer, self.options.seed
        encoded = encode_for(metrics_of("card"), tokenizer, self.sample.sample)
        written = None if self.parallel is None else sections.Written.by(tokenizer, self.parallel)
        return {
            "name": reference.name,
            **sections.identity(tokenizer, reference.path),
            "scorecard": sections.scorecard(encoded, seed),
            "domains": sections.domains(encoded, self.sample.domains, seed),
            "premiums": written and sections.premiums(tokenizer, written, self.options),
            "vocabulary": sections.vocabulary(tokenizer, written, self.options),
            "usage": sections.usage(tokenizer, encoded),
            "information": sections.information(encoded),
            "reachability": sections.reachability(tokenizer, encoded),
            "morphology": {
                path.stem: sections.morphology(tokenizer, gold, seed)
                for path, gold in self.gold.items()
            },
            "lexicon": self.lexicon and sections.lexicon(tokenizer, self.lines, self.lexicon),
            "numbers": sections.numbers(tokenizer, seed),
            "sensitivity": sections.sensitivity(tokenizer, self.lines, seed),
            "sweep": sections.sweep(tokenizer, self._part(encoded), self.options),
        }

    def _part(self, encoded: Encoded) -> Encoded:
        """The first documents, enough for a curve."""
        ends = np.cumsum(encoded.sample.sizes)
        count = max(1, int(np.searchsorted(ends, self.options.budget, side="right")))
        return encoded.part(range(count))


def parallel_of(options: CardOptions) -> ParallelText | None:
    """The parallel text that was named; CLDR's names where no data were named at all."""
    if options.parallel is not None:
        return read_parallel(options.parallel, options.reference_language)
    return None if options.on else cldr_parallel(options.reference_language)


def _compare_domains(rows: Sequence[dict[str, Any]]) -> None:
    """Note, by domain, how many tokens fewer each needs than the first tokenizer."""
    base = rows[0]["domains"]
    for row in rows:
        for name, figures in row["domains"].items():
            figures["saving"] = 1 - figures["tokens"] / max(1, base[name]["tokens"])


def _describe(sample: DomainSample, options: CardOptions) -> dict[str, Any]:
    sizes = sample.sample.sizes
    return {
        "source": list(options.on) or ["the standard library of the Python interpreter"],
        "fingerprint": sample.sample.fingerprint,
        "documents": len(sizes),
        "bytes": int(sizes.sum()),
        "budget": options.budget,
        "domains": {name: int(sizes[chosen].sum()) for name, chosen in sample.domains.items()},
    }


def _describe_parallel(parallel: ParallelText) -> dict[str, Any]:
    lines = next(iter(parallel.lines.values()))
    return {
        "source": parallel.source,
        "reference": parallel.reference,
        "lines": len(lines),
        "labels": parallel.labels,
    }


def finite(value: Any) -> Any:
    """The same JSON with null for NaN and infinities, which JSON does not have."""
    if isinstance(value, dict):
        return {str(key): finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
