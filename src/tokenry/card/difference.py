"""What changes where one tokenizer takes the place of another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from tokenry.card.compared import Compared, ComparedData, CostChange, TokenChange
from tokenry.card.evidence import Evidence
from tokenry.card.options import CardOptions
from tokenry.card.sections.identity import identity
from tokenry.corpus.bundled import BUNDLED
from tokenry.corpus.parallel import ParallelText
from tokenry.errors import StudyError
from tokenry.measuring.encoded import Encoded, encode_spans
from tokenry.measuring.interval import ratio_interval
from tokenry.measuring.shared_ids import map_ids, shared_ids
from tokenry.measuring.word_changes import changed_words
from tokenry.progress import Progress, silent
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import load_named
from tokenry.version import __version__


@dataclass(frozen=True)
class Difference(Compared):
    """Two tokenizers on the same data; see docs/card.md for the fields."""

    def to_html(self) -> str:
        """A page that needs nothing but itself."""
        from tokenry.card.difference_page import render

        return render(self)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows of the counts by domain and language, as text."""
        rows = [
            [kind, name, f"{part.first:,}", f"{part.second:,}", f"{part.change:+.1%}"]
            for kind, parts in (("domain", self.domains), ("language", self.languages or {}))
            for name, part in parts.items()
        ]
        return ["by", "name", *self.names, "change"], rows

    def _repr_html_(self) -> str:
        from tokenry.drawing.frame import framed

        return framed(self.to_html(), 900, "difference of tokenizers")


def measure_difference(options: CardOptions, *, progress: Progress | None = None) -> Difference:
    """Compare two tokenizers on the same data.

    Raises:
        StudyError: there are not two.
        CorpusError: data or parallel text cannot be used.
        FormatError, UnsupportedError: a tokenizer cannot be read.
    """
    if len(options.tokenizers) != 2:
        raise StudyError(f"a difference is of two tokenizers, not {len(options.tokenizers)}")
    progress = progress or silent
    progress("reading tokenizers and data", 0, None)
    named = load_named(options.tokenizers)
    first, second = (each.tokenizer for each in named)
    evidence = Evidence.read(options)
    sample, seed = evidence.sample.sample, options.seed
    progress("comparing", 0, None)
    one, two = encode_spans(first, sample), encode_spans(second, sample)
    parallel, id_map = evidence.parallel, map_ids(first, second)
    return Difference(
        tokenry=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        options=options,
        tokenizers=tuple(map(identity, named)),
        data=ComparedData(options.on or (BUNDLED,), sample.fingerprint, int(sample.sizes.sum())),
        total=_change(one.tokens, two.tokens, seed),
        domains={
            name: _change(one.tokens[chosen], two.tokens[chosen], seed)
            for name, chosen in evidence.sample.domains.items()
        },
        languages=None if parallel is None else _languages(first, second, parallel, seed),
        words=changed_words(one, two),
        ids=shared_ids(first, second, id_map),
        cost=None if options.price is None else _cost(one, two, options.price),
        id_map=id_map,
    )


def _change(one: NDArray[np.int64], two: NDArray[np.int64], seed: int) -> TokenChange:
    before, after = int(one.sum()), int(two.sum())
    found = ratio_interval(two, one, seed=seed)
    return TokenChange(
        first=before,
        second=after,
        change=after / before - 1 if before else 0.0,
        low=None if found is None else found.low - 1,
        high=None if found is None else found.high - 1,
    )


def _languages(
    first: Tokenizer, second: Tokenizer, parallel: ParallelText, seed: int
) -> dict[str, TokenChange]:
    """Languages that need fewer tokens than before come first."""
    rows = {
        parallel.labels.get(name, name): _change(
            first.count_batch(lines), second.count_batch(lines), seed
        )
        for name, lines in parallel.lines.items()
    }
    return dict(sorted(rows.items(), key=lambda row: (row[1].change, row[0])))


def _cost(one: Encoded, two: Encoded, price: float) -> CostChange:
    size = int(one.sample.sizes.sum())
    before, after = (float(each.tokens.sum() / size * price) for each in (one, two))
    return CostChange(before, after, after / before - 1 if before else 0.0)
