"""Words that two tokenizers cut in different ways, in their contexts."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass

import numpy as np

from tokenry.errors import CorpusError
from tokenry.measuring.encoded import Encoded
from tokenry.results import Result

Cuts = tuple[int, ...]
EXAMPLES = 40


@dataclass(frozen=True, slots=True)
class ChangedWord(Result):
    """A word as each of two tokenizers cuts it most often where they differ; ``|`` is a cut.

    ``count`` is how often they do; parts of a character stand as their bytes.
    """

    word: str
    count: int
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class ChangedWords(Result):
    """Words that are cut otherwise.

    Attributes:
        types, occurrences: of all words.
        changed_types, changed_occurrences: of those that are cut otherwise.
        examples: the most frequent of them.
    """

    types: int
    changed_types: int
    occurrences: int
    changed_occurrences: int
    examples: tuple[ChangedWord, ...]

    @property
    def share(self) -> float:
        """Share of the occurrences that are cut otherwise."""
        return self.changed_occurrences / max(1, self.occurrences)


def changed_words(one: Encoded, two: Encoded) -> ChangedWords:
    """Compare two encodings of one sample, both with the ends of tokens.

    Raises:
        CorpusError: the ends of tokens are not known; see `encode_spans`.
    """
    cuts = [_words(each) for each in (one, two)]
    first, second = map(_by_word, cuts)
    moved = {
        word: _moved(first[word], second[word]) for word in first if first[word] != second[word]
    }
    frequent = sorted(moved, key=lambda word: (-moved[word], word))
    return ChangedWords(
        types=len(first),
        changed_types=len(moved),
        occurrences=sum(cuts[0].values()),
        changed_occurrences=sum(moved.values()),
        examples=tuple(
            ChangedWord(
                word=word.decode("utf-8", "replace"),
                count=moved[word],
                first=_shown(word, first[word] - second[word]),
                second=_shown(word, second[word] - first[word]),
            )
            for word in frequent[:EXAMPLES]
        ),
    )


def _words(encoded: Encoded) -> Counter[tuple[bytes, Cuts]]:
    """Occurrences of each word with the places where tokens end within it."""
    if encoded.ends is None:
        raise CorpusError("words need the ends of tokens; encode with encode_spans")
    found: Counter[tuple[bytes, Cuts]] = Counter()
    for at, document in enumerate(encoded.sample.documents):
        ends = np.unique(encoded.ends[encoded.offsets[at] : encoded.offsets[at + 1]])
        words = encoded.sample.word_spans[at]
        firsts = np.searchsorted(ends, words[:, 0], side="right").tolist()
        lasts = np.searchsorted(ends, words[:, 1], side="left").tolist()
        for (begin, end), first, last in zip(words.tolist(), firsts, lasts, strict=True):
            inside = () if first == last else tuple((ends[first:last] - begin).tolist())
            found[document[begin:end], inside] += 1
    return found


def _by_word(counts: Counter[tuple[bytes, Cuts]]) -> dict[bytes, Counter[Cuts]]:
    found: dict[bytes, Counter[Cuts]] = {}
    for (word, cuts), count in counts.items():
        found.setdefault(word, Counter())[cuts] += count
    return found


def _moved(one: Counter[Cuts], two: Counter[Cuts]) -> int:
    """Occurrences that are cut otherwise, at least: those that the two counts cannot pair."""
    return (one - two).total()


def _shown(word: bytes, cuts: Counter[Cuts]) -> str:
    """The commonest of these ways to cut a word."""
    edges = [0, *cuts.most_common(1)[0][0], len(word)]
    parts = (word[a:b].decode("utf-8", "backslashreplace") for a, b in itertools.pairwise(edges))
    return "|".join(parts)
