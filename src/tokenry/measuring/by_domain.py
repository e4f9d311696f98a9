"""Documents to measure on, by domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tokenry.corpus.documents import Document
from tokenry.measuring.encoded import Sample

# More than this many domains are a crowd: the smaller ones are measured together.
MOST_DOMAINS = 12
_SPEED_BYTES = 2_000_000


@dataclass(frozen=True)
class DomainSample:
    """A sample, and which of its documents each domain has."""

    sample: Sample
    domains: dict[str, list[int]]  # documents of each domain, largest domain first

    @classmethod
    def of(cls, documents: Sequence[Document]) -> DomainSample:
        """Group documents by domain; small domains beyond `MOST_DOMAINS` are one."""
        sample = Sample.of(document.data for document in documents)
        groups: dict[str, list[int]] = {}
        for i, document in enumerate(documents):
            groups.setdefault(document.domain, []).append(i)
        ordered = sorted(groups, key=lambda name: (-sample.sizes[groups[name]].sum(), name))
        if len(ordered) <= MOST_DOMAINS:
            return cls(sample, {name: groups[name] for name in ordered})
        kept, rest = ordered[: MOST_DOMAINS - 1], ordered[MOST_DOMAINS - 1 :]
        domains = {name: groups[name] for name in kept}
        others = sorted(i for name in rest for i in groups[name])
        return cls(sample, {**domains, f"{len(rest)} other domains": others})

    def for_speed(self) -> Sample:
        """The first documents, up to 2 MB: speed needs no more."""
        ends = np.cumsum(self.sample.sizes)
        count = max(1, int(np.searchsorted(ends, _SPEED_BYTES, side="right")))
        return Sample(self.sample.documents[:count])
