"""Signals of documents that a tokenizer sees, kept beside them as lists of spans.

Sources: RedPajama-V2 (Weber et al. 2024, arXiv:2411.12372), whose signals are lists of (begin, end,
value) beside a document; Dolma (Soldaini et al. 2024, arXiv:2402.00159), whose attributes are the
same in files of their own. Here are those of their signals that tokens give, and two more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final, Literal

import numpy as np

from tokenry.corpus.selection.contract import Scores, per_document
from tokenry.files import writing
from tokenry.tokenizer import Tokenizer

SpanList = list[tuple[int, int, float]]
SIGNALS: Final = ("bytes_per_token", "single_byte_share", "rare_share", "entropy", "repetition")


@dataclass(frozen=True)
class TokenSignals:
    """Figures of documents in tokens.

    Attributes:
        tokenizer: whose tokens.
        rare: ids from this on are rare: those that were learnt last. None: the last quarter.
        gram: tokens of a stretch that counts as repeated when it comes a second time.
    """

    tokenizer: Tokenizer
    rare: int | None = None
    gram: int = 8

    def measure(self, texts: Sequence[bytes]) -> dict[str, Scores]:
        """Arrays of shape (n,) by name.

        ``bytes_per_token``; ``single_byte_share`` and ``rare_share`` of the tokens; ``entropy`` of
        the document's own tokens in nats; ``repetition``, the share of tokens in stretches of
        ``gram`` tokens that come more than once. All are 0 for a document without tokens.
        """
        batch = self.tokenizer.encode_batch(texts)
        counts = np.maximum(batch.lengths(), 1)
        sizes = np.array([len(text) for text in texts], np.float64)
        vocabulary = self.tokenizer.vocabulary
        lengths = np.array([len(vocabulary[id_] or b"") for id_ in range(len(vocabulary))])
        rare = self.rare if self.rare is not None else len(lengths) * 3 // 4
        return {
            "bytes_per_token": sizes / counts * (batch.lengths() > 0),
            "single_byte_share": per_document(lengths[batch.ids] == 1, batch.offsets) / counts,
            "rare_share": per_document(batch.ids >= rare, batch.offsets) / counts,
            "entropy": np.array([_entropy(row) for row in batch]),
            "repetition": np.array([_repeated(row, self.gram) for row in batch]),
        }

    def spans(
        self, texts: Sequence[bytes], unit: Literal["document", "line"] = "document"
    ) -> list[dict[str, SpanList]]:
        """The same for each document as lists of (begin, end, value) over its bytes.

        Of unit ``line`` each line has a value of its own, as RedPajama has it of some signals, so
        that lines can be left out where documents are used.
        """
        cut = [text.splitlines(keepends=True) if unit == "line" else [text] for text in texts]
        found = self.measure([part for parts in cut for part in parts])
        values = {name: iter(found[name].tolist()) for name in SIGNALS}
        spans = []
        for parts in cut:
            ends = [*accumulate(map(len, parts), initial=0)]
            spans.append({
                name: [(begin, end, next(values[name])) for begin, end in pairwise(ends)]
                for name in SIGNALS
            })  # fmt: skip
        return spans


def _entropy(row: np.ndarray) -> float:
    if not len(row):
        return 0.0
    shares = np.unique(row, return_counts=True)[1] / len(row)
    return float(-(shares * np.log(shares)).sum())


def _repeated(row: np.ndarray, gram: int) -> float:
    """Share of tokens in stretches that come more than once."""
    if len(row) < gram:
        return 0.0
    windows = np.lib.stride_tricks.sliding_window_view(row, gram)
    _, inverse, counts = np.unique(windows, axis=0, return_inverse=True, return_counts=True)
    begins = np.flatnonzero(counts[inverse.reshape(-1)] > 1)
    covered = np.zeros(len(row) + 1, np.int64)
    np.add.at(covered, begins, 1)
    np.add.at(covered, begins + gram, -1)
    return float((np.cumsum(covered)[:-1] > 0).mean())


def write_spans(
    path: str | os.PathLike[str],
    ids: Iterable[str],
    spans: Iterable[Mapping[str, SpanList]],
) -> Path:
    """Write attributes beside documents as Dolma has them: one JSON object a line, id and spans."""
    with writing(path) as file:
        for id_, found in zip(ids, spans, strict=True):
            line = {"id": id_, "attributes": {name: list(each) for name, each in found.items()}}
            file.write(json.dumps(line).encode() + b"\n")
    return Path(path)


def read_spans(path: str | os.PathLike[str]) -> dict[str, dict[str, SpanList]]:
    """What `write_spans` wrote, by id."""
    found = {}
    for line in Path(path).read_bytes().splitlines():
        record = json.loads(line)
        found[record["id"]] = {
            name: [(begin, end, value) for begin, end, value in each]
            for name, each in record["attributes"].items()
        }
    return found
