"""How much of each group of a corpus is taken: temperature, UniMax, caps.

Sources: p_i in proportion to n_i^alpha, Conneau, Lample 2019, arXiv:1901.07291 (temperature is
1 / alpha); UniMax, Chung et al. 2023, arXiv:2304.09151: as uniform a share as possible of a budget
under at most so many passes over each group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tokenry.corpus.corpus import Corpus
from tokenry.corpus.documents import Document
from tokenry.corpus.holdout import digest
from tokenry.errors import CorpusError
from tokenry.seeds import derived


def temperature_shares(sizes: Mapping[str, float], temperature: float) -> dict[str, float]:
    """Shares of groups in proportion to ``size ** (1 / temperature)``.

    With 1 they are the natural ones, with a high temperature equal.

    Raises:
        CorpusError: the temperature is not positive, or no group has a size.

    >>> temperature_shares({"en": 900, "sw": 100}, 2)
    {'en': 0.75, 'sw': 0.25}
    """
    if temperature <= 0 or not sizes or min(sizes.values()) <= 0:
        raise CorpusError(
            f"temperature {temperature} over {dict(sizes)}; expected a positive temperature and "
            "groups with text"
        )
    weights = {group: size ** (1 / temperature) for group, size in sizes.items()}
    total = sum(weights.values())
    return {group: weight / total for group, weight in weights.items()}


def unimax_amounts(
    sizes: Mapping[str, float], budget: float, *, passes: float = 1.0
) -> dict[str, float]:
    """How much of each group is taken; the sum is ``budget`` where groups have that much.

    Args:
        sizes: of groups, in any unit.
        budget: in the same unit.
        passes: over a group, at most.

    >>> unimax_amounts({"en": 900, "sw": 10}, 100, passes=4)
    {'en': 60.0, 'sw': 40}
    """
    amounts: dict[str, float] = {}
    left = budget
    for place, group in enumerate(sorted(sizes, key=lambda each: (sizes[each], each))):
        even = left / (len(sizes) - place)
        amounts[group] = min(even, sizes[group] * passes)
        left -= amounts[group]
    return {group: amounts[group] for group in sizes}


@dataclass(frozen=True)
class SampledCorpus:
    """Documents of a corpus as often as their group is wanted; iterating reads them anew.

    A document of a group that is wanted 2.3 times comes twice, and a third time where a hash of its
    bytes and the seed says so, so that the sample is the same on every machine. Give it, or its
    ``corpus()``, to learners.

    Attributes:
        source: what is sampled.
        rates: how often each group is wanted; groups that are not named are left out.
        seed: of the choice.
        document_bytes: a document is cut there, at the end of a character; None: it is not.
        group_bytes: no more of a group is given; None: no limit.
    """

    source: Corpus
    rates: Mapping[str, float]
    seed: int = 0
    document_bytes: int | None = None
    group_bytes: int | None = None

    def __post_init__(self) -> None:
        if not all(rate >= 0 for rate in self.rates.values()):
            raise CorpusError(f"rates {dict(self.rates)}; expected numbers of 0 or more")

    def __iter__(self) -> Iterator[Document]:
        given: Counter[str] = Counter()
        for document, _ in self.weighted():
            size = len(document.data)
            if self.group_bytes is None or given[document.domain] + size <= self.group_bytes:
                given[document.domain] += size
                yield document

    def weighted(self) -> Iterator[tuple[Document, float]]:
        """Documents, each with the rate of its group, as often as they come."""
        key = derived(self.seed, "sample")
        for document in self.source:
            rate = self.rates.get(document.domain, 0.0)
            data = _cut(document.data, self.document_bytes)
            times = int(rate) + (digest(document.data, key) < (rate % 1) * 2**64)
            for _ in range(times):
                yield Document(data, document.source, document.domain), rate

    def corpus(self) -> Corpus:
        """The same as a corpus."""
        return Corpus.from_texts(lambda: iter(self))


def group_sizes(corpus: Corpus, document_bytes: int | None = None) -> dict[str, int]:
    """Bytes of each group of a corpus, with documents cut as a sample would cut them."""
    sizes: Counter[str] = Counter()
    for document in corpus:
        sizes[document.domain] += len(_cut(document.data, document_bytes))
    return dict(sizes)


def sample(
    corpus: Corpus,
    budget: int,
    *,
    amounts: Callable[[Mapping[str, int]], Mapping[str, float]],
    seed: int = 0,
    document_bytes: int | None = None,
    group_bytes: int | None = None,
) -> SampledCorpus:
    """About ``budget`` bytes of a corpus.

    Args:
        corpus: is read once for the sizes of its groups.
        budget: bytes.
        amounts: of sizes of groups, how much of each is taken, in any unit; only their proportions
            count where together they are more than the budget. `temperature_shares` with a
            temperature, or `unimax_amounts` with a budget, do.
        seed: of the choice.
        document_bytes: a document is cut there.
        group_bytes: no more of a group is given.

    Raises:
        CorpusError: the corpus is empty.
    """
    sizes = group_sizes(corpus, document_bytes)
    if not sizes:
        raise CorpusError("the corpus is empty; give text")
    wanted = amounts(sizes)
    scale = budget / sum(wanted.values())
    rates = {group: amount * scale / sizes[group] for group, amount in wanted.items()}
    return SampledCorpus(corpus, rates, seed, document_bytes, group_bytes)


def _cut(data: bytes, size: int | None) -> bytes:
    if size is None or len(data) <= size:
        return data
    while size > 0 and data[size] & 0xC0 == 0x80:
        size -= 1
    return data[:size]
