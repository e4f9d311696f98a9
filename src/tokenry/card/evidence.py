"""What all tokenizers of a card are measured on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from tokenry.card.options import CardOptions
from tokenry.card.sections.morphology import GoldSet
from tokenry.card.sections.word_lists import WordLists
from tokenry.corpus.documents import Document
from tokenry.corpus.parallel import ParallelText, cldr_parallel, read_parallel
from tokenry.corpus.passages import reader
from tokenry.measuring.by_domain import DomainSample
from tokenry.measuring.encoded import Sample
from tokenry.measuring.gold_morphs import read_gold

_SHORTEST_LINE = 20


@dataclass(frozen=True)
class Evidence:
    """Documents by domain, parallel text, gold words by file, and lists of words."""

    options: CardOptions
    sample: DomainSample
    parallel: ParallelText | None
    gold: dict[str, GoldSet]
    lists: WordLists | None

    @classmethod
    def read(cls, options: CardOptions, documents: Iterable[Document] | None = None) -> Evidence:
        """Read all that the options name; ``documents``, where given, in place of ``on``.

        Raises:
            CorpusError: data, parallel text or a list of words cannot be used.
            FormatError: a gold file cannot be read.
        """
        if documents is None:
            documents = read_domains(options)
        lists = None if options.words is None else WordLists.read(options.words, options.morphemes)
        return cls(
            parallel=parallel_of(options),
            gold={path.stem: GoldSet.of(read_gold(path)) for path in options.gold},
            sample=DomainSample.of(within_budget(documents, options.budget)),
            options=options,
            lists=lists,
        )

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Lines of some length, of all documents."""
        texts = (each.decode("utf-8", "replace") for each in self.sample.sample.documents)
        lines = (line for text in texts for line in text.splitlines())
        return tuple(line for line in lines if len(line) > _SHORTEST_LINE)

    @cached_property
    def for_sweep(self) -> Sample:
        """The first documents, as many as a domain may have: enough for a curve."""
        sample = self.sample.sample
        count = int(np.searchsorted(np.cumsum(sample.sizes), self.options.budget, side="right"))
        return sample.part(range(max(1, count)))


def read_domains(options: CardOptions) -> Iterator[Document]:
    """Documents; where several paths are named, each of them is a domain."""
    if len(options.on) < 2:
        yield from reader(options.on, options.field)()
        return
    for path in options.on:
        name = Path(path).name.split(".")[0] or path
        for document in reader((path,), options.field)():
            yield replace(document, domain=name)


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
        kept.append(replace(document, data=data))
    return kept


def parallel_of(options: CardOptions) -> ParallelText | None:
    """The parallel text that was named; CLDR's names where no data were named at all."""
    if options.parallel is not None:
        return read_parallel(options.parallel, options.reference_language)
    return None if options.on else cldr_parallel(options.reference_language)
