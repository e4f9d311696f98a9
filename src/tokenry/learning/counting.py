"""From documents to what merging starts from, a few documents at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.corpus.batches import batches
from tokenry.errors import CorpusError, LearnError, UnsupportedError
from tokenry.progress import Progress
from tokenry.text.parts import Pretokenizer
from tokenry.text.pretokenizers.names import splitter_named
from tokenry.text.pretokenizers.number_policies import NumberPolicy, numbered
from tokenry.text.pretokenizers.split_patterns import RegexPretokenizer

_BATCH: Final = 8 << 20  # bytes handed to the core at a time


class _Sink(Protocol):
    def add(self, documents: list[bytes]) -> None: ...
    def add_ranges(
        self, data: bytes, starts: NDArray[np.uint64], ends: NDArray[np.uint64]
    ) -> None: ...


def pretokenizer_named(name: str, numbers: str | None = None) -> Pretokenizer:
    """The splitter of that name, or else a regular expression; with a number policy, if any.

    Raises:
        LearnError: a plain word that is no name, a policy that is none, or an expression that does
            not compile.

    >>> pretokenizer_named("o200k", "r2l3").native
    'o200k+r2l3'
    """
    try:
        pretokenizer = splitter_named(name) or RegexPretokenizer(name)
        return numbered(pretokenizer, NumberPolicy.named(numbers)) if numbers else pretokenizer
    except UnsupportedError as error:
        raise LearnError(f"pretokenizer: {error}") from error


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
