"""Counts of pretokens as a file that merges: what merging learns from, of a corpus of any size.

Each machine counts what it has; files are merged, in any order and any tree, to the same file; and
BPE is learnt from that, exactly as from all documents at once. The file: a line of JSON (format
``tokenry-words``, version 1), then zlib of the lengths of words (u32), their counts (u64) and their
bytes, words in the order of their bytes. Equal counts are equal files.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.corpus import CorpusLike, as_corpus
from tokenry.errors import FormatError, LearnError
from tokenry.files import write_atomically
from tokenry.learning.counting import count_words, pretokenizer_named
from tokenry.progress import Progress, silent

FORMAT: Final = "tokenry-words"
VERSION: Final = 1
_HEAD: Final = b'{"format": "tokenry-words"'


@dataclass(frozen=True, eq=False)
class WordCounts:
    """Distinct pretokens of some documents, in the order of their bytes, and their counts.

    Attributes:
        pretokenizer: what cut the documents, as `tokenry.learning.counting.pretokenizer_named`
            takes it.
        numbers: its number policy; None for its own.
        run: the words, one behind another.
        offsets: uint64, n + 1: word ``i`` is ``run[offsets[i]:offsets[i + 1]]``.
        counts: uint64, n.
        documents: how many were counted.
        size: bytes of their text.
    """

    pretokenizer: str
    numbers: str | None
    run: bytes
    offsets: NDArray[np.uint64]
    counts: NDArray[np.uint64]
    documents: int
    size: int

    @classmethod
    def of(
        cls,
        corpus: CorpusLike,
        *,
        pretokenizer: str = "o200k",
        numbers: str | None = None,
        threads: int | None = None,
        progress: Progress = silent,
    ) -> WordCounts:
        """Count the pretokens of a corpus.

        Raises:
            CorpusError: it is empty or cannot be read.
            LearnError: no pretokenizer is named so.
        """
        seen = [0, 0]

        def documents() -> Iterable[bytes]:
            for document in as_corpus(corpus):
                seen[0] += 1
                seen[1] += len(document.data)
                yield document.data

        splitter = pretokenizer_named(pretokenizer, numbers)
        counter = count_words(documents(), splitter, progress, threads)
        return cls._of_counter(counter, pretokenizer, numbers, seen[0], seen[1])

    @classmethod
    def _of_counter(
        cls,
        counter: _native.WordCounter,
        pretokenizer: str,
        numbers: str | None,
        documents: int,
        size: int,
    ) -> WordCounts:
        run, offsets, counts = counter.words()
        words = _words(run, offsets)
        order = sorted(range(len(words)), key=words.__getitem__)
        lengths = np.diff(offsets.astype(np.int64))[order]
        ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint64)
        ordered = b"".join(words[i] for i in order)
        return cls(pretokenizer, numbers, ordered, ends, counts[order], documents, size)

    def __len__(self) -> int:
        return len(self.counts)

    def words(self) -> list[bytes]:
        """The words."""
        return _words(self.run, self.offsets)

    def counter(self) -> _native.WordCounter:
        """The same as learners take it."""
        return _counter([self])

    def merged(self, *others: WordCounts) -> WordCounts:
        """The counts of all documents together.

        Raises:
            LearnError: others were cut by another pretokenizer.
        """
        for other in others:
            other.check(self.pretokenizer, self.numbers)
        every = [self, *others]
        return WordCounts._of_counter(
            _counter(every),
            self.pretokenizer,
            self.numbers,
            sum(each.documents for each in every),
            sum(each.size for each in every),
        )

    def check(self, pretokenizer: str, numbers: str | None) -> None:
        """Refuse words of another pretokenizer.

        Raises:
            LearnError: it was another.
        """
        if (self.pretokenizer, self.numbers) != (pretokenizer, numbers):
            raise LearnError(
                f"words were cut by {_named(self.pretokenizer, self.numbers)}, and "
                f"{_named(pretokenizer, numbers)} is asked for; count again, or ask for the former"
            )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file; gives the path."""
        head = {
            "format": FORMAT, "version": VERSION, "pretokenizer": self.pretokenizer,
            "numbers": self.numbers, "words": len(self), "documents": self.documents,
            "bytes": self.size,
        }  # fmt: skip
        lengths = np.diff(self.offsets.astype(np.int64)).astype("<u4")
        content = lengths.tobytes() + self.counts.astype("<u8").tobytes() + self.run
        data = json.dumps(head).encode() + b"\n" + zlib.compress(content, 3)
        return write_atomically(path, data)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> WordCounts:
        """Read a file.

        Raises:
            FormatError: it is no such file, or damaged.
        """
        line, _, packed = Path(path).read_bytes().partition(b"\n")
        try:
            head: dict[str, Any] = json.loads(line)
            if (head["format"], head["version"]) != (FORMAT, VERSION):
                raise FormatError(f"{path} is not of the format {FORMAT!r} {VERSION}; count again")
            data, size = zlib.decompress(packed), int(head["words"])
            lengths = np.frombuffer(data, "<u4", size)
            counts = np.frombuffer(data, "<u8", size, 4 * size).astype(np.uint64)
            run = data[12 * size :]
            if int(lengths.sum()) != len(run):
                raise ValueError("words and their lengths differ")
        except (ValueError, KeyError, TypeError, zlib.error) as error:
            if isinstance(error, FormatError):
                raise
            raise FormatError(f"{path} is no file of counted words: {error}") from None
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.uint64)]).astype(np.uint64)
        named = (head["pretokenizer"], head["numbers"])
        return cls(*named, run, offsets, counts, head["documents"], head["bytes"])


def is_word_counts(path: str | os.PathLike[str]) -> bool:
    """Whether a file begins as one that `WordCounts.save` wrote."""
    path = Path(path)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD


def _words(run: bytes, offsets: NDArray[np.uint64]) -> list[bytes]:
    places = offsets.tolist()
    return [run[begin:end] for begin, end in pairwise(places)]


def _counter(every: list[WordCounts]) -> _native.WordCounter:
    counter = _native.WordCounter(None, 1)
    for each in every:
        for word, count in zip(each.words(), each.counts.tolist(), strict=True):
            counter.add_word(word, count)
    return counter


def _named(pretokenizer: str, numbers: str | None) -> str:
    return f"{pretokenizer!r}" + (f" with numbers {numbers!r}" if numbers else "")
