"""From documents to what merging starts from, a few documents at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.corpus.batches import batches
from tokenry.errors import CorpusError
from tokenry.progress import Progress
from tokenry.text.parts import Pretokenizer
from tokenry.text.pretokenizers.number_policies import NumberPolicy, numbered
from tokenry.text.pretokenizers.split_patterns import ALIASES, NativePretokenizer, RegexPretokenizer

_BATCH: Final = 8 << 20  # bytes handed to the core at a time


class _Sink(Protocol):
    def add(self, documents: list[bytes]) -> None: ...
    def add_ranges(
        self, data: bytes, starts: NDArray[np.uint64], ends: NDArray[np.uint64]
    ) -> None: ...


def pretokenizer_named(name: str, numbers: str | None = None) -> Pretokenizer:
    """The splitter of that name, or else a regular expression; with a number policy, if any.

    >>> pretokenizer_named("o200k", "r2l3").native
    'o200k+r2l3'
    """
    base = name.partition("+")[0]
    known = base in _native.splitter_names() or base in ALIASES
    pretokenizer = NativePretokenizer(name) if known else RegexPretokenizer(name)
    if numbers is None:
        return pretokenizer
    return numbered(pretokenizer, NumberPolicy.named(numbers))


def count_words(
    documents: Iterable[bytes],
    pretokenizer: Pretokenizer,
    progress: Progress,
    threads: int | None = None,
) -> _native.WordCounter:
    """Distinct pretokens and their counts.

    Raises:
        CorpusError: there are no documents.
    """
    counter = _native.WordCounter(pretokenizer.native, threads or _native.default_threads())
    feed(documents, pretokenizer, counter, progress)
    return counter


def feed(
    documents: Iterable[bytes], pretokenizer: Pretokenizer, sink: _Sink, progress: Progress
) -> None:
    """Hand documents to the core, cut there or, for a pattern it does not know, here.

    Raises:
        CorpusError: there are no documents.
    """

    def add(batch: list[bytes]) -> None:
        if pretokenizer.native is not None:
            sink.add(batch)
            return
        for data in batch:
            cut = pretokenizer(data)
            sink.add_ranges(cut.data, cut.starts, cut.ends)

    feed_batches(documents, add, progress)


def feed_batches(
    documents: Iterable[bytes], add: Callable[[list[bytes]], None], progress: Progress
) -> None:
    """Call ``add`` with some documents at a time.

    Raises:
        CorpusError: there are no documents.
    """
    done = 0
    for batch in batches(documents, _BATCH):
        add(batch)
        done += sum(map(len, batch))
        progress("count", done, None)
    if not done:
        raise CorpusError("the corpus is empty: it has no document with a byte in it; give text")
