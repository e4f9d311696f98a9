"""The samples of a mixture: one category of text each, counted as the tokenizer would cut it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from tokenry.corpus import CorpusLike, as_corpus
from tokenry.errors import CorpusError
from tokenry.learning.counting import count_words, pretokenizer_named, word_counts
from tokenry.measuring.mixture.merge_order import MergeOrder
from tokenry.measuring.mixture.replay import Words, known_parts
from tokenry.progress import Progress
from tokenry.text.preprocessing import Preprocessor
from tokenry.tokenizer import Tokenizer

OTHER: Final = "other"
LONG_LINE: Final = 40  # bytes; shorter ones are the same in unrelated texts
MOST_SHARED: Final = 0.05  # of the bytes of long lines


@dataclass(frozen=True, eq=False)
class Category:
    """A sample.

    Attributes:
        words: pretokens, cut at what merging knows no symbol of, and their counts.
        size: bytes of the text.
        lines: bytes of each long line by its hash.
    """

    words: Words
    size: int
    lines: Mapping[int, int]


def count_categories(
    tokenizer: Tokenizer,
    samples: Mapping[str, CorpusLike],
    order: MergeOrder,
    pretokenizer: str | None,
    progress: Progress,
) -> dict[str, Category]:
    """Read, normalise and cut every sample.

    Raises:
        CorpusError: there are fewer than two, one has no text, or two share text.
    """
    if len(samples) < 2:
        raise CorpusError(
            f"a mixture of {len(samples)} categories was asked for; give two or more, each a file "
            "or a folder of text"
        )
    if OTHER in samples:
        raise CorpusError(f"a category is named {OTHER!r}, which is what no category explains")
    found: dict[str, Category] = {}
    for number, (name, sample) in enumerate(samples.items()):
        progress("count", number, len(samples))
        found[name] = _counted(tokenizer, name, sample, order, pretokenizer)
    progress("count", len(samples), len(samples))
    check_apart(found)
    return found


def _counted(
    tokenizer: Tokenizer, name: str, sample: CorpusLike, order: MergeOrder, pretokenizer: str | None
) -> Category:
    parts = tokenizer.pipeline
    splitter = parts.pretokenizer if pretokenizer is None else pretokenizer_named(pretokenizer)
    before = Preprocessor(parts.normalizer)
    documents = [document.data for document in as_corpus(sample)]
    size = sum(map(len, documents))
    if not size:
        raise CorpusError(f"the category {name!r} has no text")
    lines = {hash(line): len(line) for data in documents for line in _long_lines(data)}
    normalized = (before.normalize(data)[0] for data in documents)
    words = word_counts(count_words(normalized, splitter, lambda *_: None, 1))
    return Category(known_parts(words, order), size, lines)


def _long_lines(data: bytes) -> list[bytes]:
    return [line for line in data.split(b"\n") if len(line) >= LONG_LINE]


def check_apart(categories: Mapping[str, Category]) -> None:
    """Refuse categories of which one holds text of another: their columns would be alike.

    Raises:
        CorpusError: two share more than a twentieth of the text of the smaller one.
    """
    for (name, one), (other_name, other) in combinations(categories.items(), 2):
        less, more = sorted((one.lines, other.lines), key=len)
        shared = sum(size for line, size in less.items() if line in more)
        whole = min(sum(each.lines.values()) for each in (one, other))
        if whole and shared / whole > MOST_SHARED:
            raise CorpusError(
                f"the categories {name!r} and {other_name!r} overlap: {shared / whole:.0%} of the "
                "lines of the smaller one are in both; leave that text out of one of them"
            )
