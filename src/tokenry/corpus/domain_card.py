"""The card of a domain: what a corpus is in tokens, by group, beside another corpus.

As BeanCounter (Wang, Levy 2024, arXiv:2409.17827) describes its filings: how much of each form and
year there is, how little of it other corpora have, and how often it speaks of whom. Overlap and
copies are estimated by runs of tokens (`selection.distinct`); nothing is judged by a network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tokenry.corpus.batches import batches
from tokenry.corpus.corpus import CorpusLike, as_corpus
from tokenry.corpus.documents import Document
from tokenry.corpus.selection.distinct import DistinctScorer
from tokenry.errors import CorpusError
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer

_COPY: Final = 0.2  # distinctness below which a document is a near copy
_BATCH: Final = 4 << 20
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class GroupFigures(Result):
    """A group of documents.

    Attributes:
        name: of the group.
        documents, bytes, tokens: how many.
        copies: documents that are near copies of earlier ones, of the reference too.
        mentions: by list, the share of documents with one of its words.
    """

    name: str
    documents: int
    bytes: int
    tokens: int
    copies: int
    mentions: dict[str, float]


@dataclass(frozen=True)
class DomainCard(Result):
    """What a corpus is.

    Attributes:
        groups: figures of each, the largest first.
        divergence: Jensen-Shannon, in bits, of its tokens from the reference's; None without one.
        typical: pieces that it has more often than the reference, by how much they add to that.
    """

    groups: tuple[GroupFigures, ...]
    divergence: float | None = None
    typical: tuple[str, ...] = field(default=())

    def markdown(self) -> str:
        """As a table with a line on the reference."""
        lists = list(self.groups[0].mentions)
        head = ["group", "documents", "MB", "tokens", "bytes a token", "near copies", *lists]
        rows = [head, ["---"] + ["---:"] * (len(head) - 1)]
        for each in self.groups:
            rows.append([
                each.name, f"{each.documents:,}", f"{each.bytes / 1e6:.2f}", f"{each.tokens:,}",
                f"{each.bytes / max(each.tokens, 1):.2f}", f"{each.copies / each.documents:.1%}",
                *(f"{share:.1%}" for share in each.mentions.values()),
            ])  # fmt: skip
        text = "".join(f"| {' | '.join(row)} |\n" for row in rows)
        if self.divergence is not None:
            text += (
                f"\nTokens are {self.divergence:.3f} bits from those of the reference. Typical: "
            )
            text += f"{', '.join(map(repr, self.typical))}.\n"
        return text


def domain_card(
    corpus: CorpusLike,
    tokenizer: Tokenizer,
    *,
    reference: CorpusLike | None = None,
    word_lists: Mapping[str, Iterable[str]] | None = None,
    seed: int = 0,
) -> DomainCard:
    """Read a corpus once and say what it is.

    Args:
        corpus: whose documents have domains.
        tokenizer: whose tokens are counted.
        reference: another corpus.
        word_lists: words by the name of what they speak of; in lower case.
        seed: of the hashes that find copies.

    Raises:
        CorpusError: there are no documents.
    """
    distinct = DistinctScorer(tokenizer, seed)
    lists = {name: frozenset(words) for name, words in (word_lists or {}).items()}
    other = _Counted(tokenizer, distinct, {})
    for part in _some(reference) if reference is not None else ():
        other.add(part)
    own = _Counted(tokenizer, distinct, lists)
    for part in _some(corpus):
        own.add(part)
    if not own.groups:
        raise CorpusError("there are no documents; give text")
    groups = sorted(own.figures(), key=lambda each: (-each.bytes, each.name))
    if not other.groups:
        return DomainCard(tuple(groups))
    divergence, typical = _against(own.ids, other.ids, tokenizer)
    return DomainCard(tuple(groups), divergence, typical)


def _some(corpus: CorpusLike) -> Iterable[list[Document]]:
    documents: list[Document] = []
    for document in as_corpus(corpus):
        documents.append(document)
        if len(documents) == 1000:
            yield documents
            documents = []
    if documents:
        yield documents


class _Counted:
    """Sums over documents."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        distinct: DistinctScorer,
        lists: Mapping[str, frozenset[str]],
    ) -> None:
        self.tokenizer, self.distinct, self.lists = tokenizer, distinct, lists
        self.ids = np.zeros(len(tokenizer))
        self.groups: dict[str, Counter[str]] = {}

    def add(self, documents: list[Document]) -> None:
        """Count some documents."""
        texts = [document.data for document in documents]
        copies = self.distinct.score(texts) < _COPY
        at = 0
        for part in batches(texts, _BATCH):
            encoded = self.tokenizer.encode_batch(part)
            self.ids += np.bincount(encoded.ids, minlength=len(self.ids))
            for size in encoded.lengths().tolist():
                document = documents[at]
                sums = self.groups.setdefault(document.domain or "all", Counter())
                sums.update(documents=1, bytes=len(document.data), tokens=size,
                            copies=int(copies[at]))  # fmt: skip
                sums.update(self._mentioned(document.data))
                at += 1

    def _mentioned(self, data: bytes) -> dict[str, int]:
        if not self.lists:
            return {}
        words = set(data.decode("utf-8", "replace").lower().split())
        return {f"mentions {name}": int(bool(words & each)) for name, each in self.lists.items()}

    def figures(self) -> Iterable[GroupFigures]:
        """Of each group."""
        for name, sums in self.groups.items():
            count = sums["documents"]
            mentions = {each: sums[f"mentions {each}"] / count for each in self.lists}
            yield GroupFigures(name, count, sums["bytes"], sums["tokens"], sums["copies"], mentions)


def _against(
    own: np.ndarray, other: np.ndarray, tokenizer: Tokenizer
) -> tuple[float, tuple[str, ...]]:
    """Divergence in bits, and the pieces that add most to it on our side."""
    first, second = own / max(own.sum(), 1), other / max(other.sum(), 1)
    middle = (first + second) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [np.where(side > 0, side * np.log2(side / middle), 0.0) for side in (first, second)]
    more = np.where(first > second, parts[0] + parts[1], 0.0)
    best = np.argsort(-more, kind="stable")[:_SHOWN]
    names = ((tokenizer.vocabulary[int(i)] or b"").decode("utf-8", "replace") for i in best)
    return float(sum(part.sum() for part in parts) / 2), tuple(names)
