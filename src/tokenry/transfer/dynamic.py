"""Dynamic tokenization: frequent pairs of a batch become units of its input, with predicted rows.

Feher, Vulić, Minixhofer 2025, "Retrofitting Large Language Models with Dynamic Tokenization",
arXiv:2411.18553. From the ids of a batch the most frequent pair of neighbours, counted over the
whole batch, is merged, again and again, within pretokens. Each unit gets a row, and the model reads
fewer of them. A hypernetwork predicts rows (`predicted_rows`), as there, or a row is the mean of
those of its ids. The output side keeps its vocabulary, so what is predicted behind a unit is an id.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.neural.training.data.padded import padded
from tokenry.tokenizer import Tokenizer

Unit = tuple[int, ...]
Pair = tuple[Unit, Unit]
UnitRows = Callable[[NDArray[np.float32], Sequence[Unit]], NDArray[np.float32]]
"""From the rows of ids, and units, to rows of units."""


@dataclass(frozen=True)
class DynamicBatch:
    """A batch in units.

    Attributes:
        rows: units of each text; a unit is the ids that it stands for.
        ids: how many there were.
        merges: that were made, in their order.
    """

    rows: tuple[tuple[Unit, ...], ...]
    ids: int
    merges: tuple[Pair, ...]

    @property
    def units(self) -> int:
        """How many there are now."""
        return sum(map(len, self.rows))

    @property
    def shorter(self) -> float:
        """The share of the length that is saved."""
        return 1 - self.units / max(self.ids, 1)


def merge_batch(tokenizer: Tokenizer, texts: Sequence[str], merges: int) -> DynamicBatch:
    """Merge pairs of neighbours, the most frequent first, of equals the one that came first.

    Args:
        tokenizer: whose ids are merged, within its pretokens.
        texts: the batch.
        merges: at most so many; fewer where no pair is there twice.
    """
    rows, order = _words(tokenizer, texts)
    counts = Counter(word for row in rows for word in row)
    units: dict[Unit, list[Unit]] = {word: [(id_,) for id_ in word] for word in order}
    index = _Pairs(units, counts)
    made: list[Pair] = []
    while len(made) < merges and (pair := index.pop()) is not None:
        made.append(pair)
        index.merge(pair)
    total = sum(len(word) * count for word, count in counts.items())
    merged = tuple(tuple(unit for word in row for unit in units[word]) for row in rows)
    return DynamicBatch(merged, total, tuple(made))


def _words(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[list[list[Unit]], list[Unit]]:
    """Ids of each text cut at pretokens, and the distinct ones in their order."""
    rows: list[list[Unit]] = []
    for text in texts:
        ids, spans = tokenizer.encode_with_spans(text)
        normal = text if tokenizer.normalizer is None else tokenizer.normalizer(text)
        whole = normal.encode() == text.encode()
        ends = set(tokenizer.pretokenizer(text.encode()).ends.tolist()) if whole else None
        row: list[Unit] = []
        word: list[int] = []
        for id_, end in zip(ids.tolist(), spans[:, 1].tolist(), strict=True):
            word.append(id_)
            if ends is None or end in ends:
                row.append(tuple(word))
                word = []
        rows.append([*row, tuple(word)] if word else row)
    order = list(dict.fromkeys(word for row in rows for word in row))
    return rows, order


class _Pairs:
    """Counts of pairs over words, kept up while words change, and the most frequent of them."""

    def __init__(self, units: dict[Unit, list[Unit]], counts: Counter[Unit]) -> None:
        self._units, self._counts = units, counts
        self._uses: dict[Pair, int] = defaultdict(int)
        self._words: dict[Pair, set[Unit]] = defaultdict(set)
        self._seen: dict[Pair, int] = {}
        for word in units:
            self._add(word, 1)
        self._heap = [(-uses, self._seen[pair], pair) for pair, uses in self._uses.items()]
        heapq.heapify(self._heap)

    def _add(self, word: Unit, sign: int) -> set[Pair]:
        parts = self._units[word]
        pairs = list(pairwise(parts))
        for pair in pairs:
            self._seen.setdefault(pair, len(self._seen))
            self._uses[pair] += sign * self._counts[word]
            if sign > 0:
                self._words[pair].add(word)
        return set(pairs)

    def pop(self) -> Pair | None:
        """The most frequent pair, if it is there twice."""
        while self._heap:
            uses, _, pair = heapq.heappop(self._heap)
            if -uses == self._uses[pair] and -uses > 1:
                return pair
        return None

    def merge(self, pair: Pair) -> None:
        """Join it in all words."""
        changed: set[Pair] = set()
        for word in sorted(self._words.pop(pair, ())):
            changed |= self._add(word, -1)
            parts, joined, at = self._units[word], [], 0
            while at < len(parts):
                both = tuple(parts[at : at + 2]) == pair
                joined.append(pair[0] + pair[1] if both else parts[at])
                at += 2 if both else 1
            self._units[word] = joined
            changed |= self._add(word, 1)
        for each in changed:
            if self._uses[each] > 1:
                heapq.heappush(self._heap, (-self._uses[each], self._seen[each], each))


def unit_rows(rows: NDArray[np.float32], units: Sequence[Unit]) -> NDArray[np.float32]:
    """A row for each unit: the mean of the rows of its ids."""
    return np.stack([rows[list(unit)].mean(0, dtype=np.float64) for unit in units]).astype(
        np.float32
    )


def predicted_rows(network: Any) -> UnitRows:
    """Rows that a trained `tokenry.transfer.zett.hypernetwork.HyperNetwork` predicts for units.

    A unit of one id keeps its own row. Of two matrices the rows that ids are read by are taken.
    """
    import torch

    config = network.config

    def rows_of(rows: NDArray[np.float32], units: Sequence[Unit]) -> NDArray[np.float32]:
        made = unit_rows(rows[:, : config.width], units)
        long = [at for at, unit in enumerate(units) if len(unit) > 1]
        if long:
            surface = padded([np.array(units[at][: config.pieces]) for at in long])
            with torch.no_grad():
                found = network(torch.from_numpy(surface), torch.from_numpy(rows)).numpy()
            made[long] = found[:, : config.width]
        return made

    return rows_of


@dataclass(frozen=True)
class DynamicLoss:
    """What a shorter input costs.

    Attributes:
        shorter: the share of the length that is saved.
        before: bits that the next id costs, at the places where units end, read id by id.
        after: the same, read in units.
        places: that were compared.
    """

    shorter: float
    before: float
    after: float
    places: int


def dynamic_loss(
    network: Any,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    merges: int,
    start: int,
    rows_of: UnitRows = unit_rows,
) -> DynamicLoss:
    """The loss of the id behind each unit, of a model that reads units and of one that reads ids.

    Args:
        network: a causal model of transformers.
        tokenizer: its own.
        texts: a batch, each short enough for the context.
        merges: see `merge_batch`.
        start: the id before each text.
        rows_of: what a unit is read by: means, or `predicted_rows`.
    """
    import torch

    batch = merge_batch(tokenizer, texts, merges)
    table = network.get_input_embeddings()
    weights = np.ascontiguousarray(table.weight.detach().float().numpy())
    before, after = [], []
    for row in batch.rows:
        ids = [start, *(id_ for unit in row for id_ in unit)]
        given = torch.from_numpy(rows_of(weights, [(start,), *row]))
        ends = np.cumsum([0, *map(len, row)])[:-1]
        following = torch.tensor([unit[0] for unit in row])
        with torch.no_grad():
            plain = network(input_ids=torch.tensor([ids[:-1]])).logits[0]
            short = network(inputs_embeds=given[None, :-1].to(table.weight.dtype)).logits[0]
        before.append(_bits(plain[torch.from_numpy(ends)], following))
        after.append(_bits(short, following))
    one, two = np.concatenate(before), np.concatenate(after)
    return DynamicLoss(batch.shorter, float(one.mean()), float(two.mean()), len(one))


def _bits(logits: Any, ids: Any) -> NDArray[np.float64]:
    scores = logits.double().log_softmax(1).gather(1, ids[:, None])[:, 0]
    found: NDArray[np.float64] = -scores.numpy() / math.log(2)
    return found
