"""From documents to what merging starts from, a few documents at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.corpus.batches import batches
from tokenry.errors import CorpusError, LearnError, UnsupportedError
from tokenry.progress import Progress
from tokenry.text.parts import Pretokenizer
from tokenry.text.pretokenizers.names import splitter_named
from tokenry.text.pretokenizers.number_policies import NumberPolicy
from tokenry.text.pretokenizers.numbered import numbered
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.vocabulary import unpack

_BATCH: Final = 8 << 20  # bytes handed to the core at a time
_TELL: Final = 1 << 20  # bytes between two reports of progress


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
        if numbers is None:
            return pretokenizer
        return numbered(pretokenizer, NumberPolicy.named(numbers))
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
    for batch in batches(told(documents, progress), _BATCH):
        add(batch)


def told(documents: Iterable[bytes], progress: Progress) -> Iterator[bytes]:
    """Documents, with progress in bytes.

    Raises:
        CorpusError: at the end, where there were none.
    """
    done = last = 0
    for data in documents:
        yield data
        done += len(data)
        if done - last >= _TELL:
            progress("count", done, None)
            last = done
    if not done:
        raise CorpusError("the corpus is empty: it has no document with a byte in it; give text")
    progress("count", done, None)


def word_counts(counter: _native.WordCounter) -> Counter[bytes]:
    """What was counted, the most frequent first."""
    run, offsets, counts = counter.words()
    return Counter(dict(zip(unpack(run, offsets), counts.tolist(), strict=True)))


def counter_of(counts: Mapping[bytes, int]) -> _native.WordCounter:
    """Counts that were made elsewhere, as the core takes them.

    Raises:
        LearnError: a count is negative.
    """
    counter = _native.WordCounter(None, 1)
    for word, count in counts.items():
        if count < 0:
            raise LearnError(f"{word!r} is counted {count} times; expected 0 or more")
        counter.add_word(word, count)
    return counter
