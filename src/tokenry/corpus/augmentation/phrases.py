"""Shallow trees of sentences without a parser: stretches between small words and marks.

The commonest words of a corpus are its function words (Zipf 1949; as in unsupervised chunkers,
Ponvert et al. 2011): each begins a phrase, and a phrase is known by its first word. So `grammar`
can be read off any text with spaces, in any language; what comes of it is seldom good prose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from tokenry.corpus.augmentation.grammar import Constituent

_WORDS = re.compile(r"\w+|[^\w\s]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
FUNCTION_WORDS = 50
_LONGEST = 40  # words of a sentence


def shallow_trees(
    texts: Iterable[str], *, function_words: int = FUNCTION_WORDS
) -> list[Constituent]:
    """A tree for each sentence of texts: S over phrases, phrases over words.

    Args:
        texts: with spaces between words.
        function_words: so many of the commonest words begin a phrase.
    """
    sentences = [_WORDS.findall(sentence) for text in texts for sentence in _SENTENCE.split(text)]
    sentences = [words for words in sentences if 1 < len(words) <= _LONGEST]
    counts = Counter(word.lower() for words in sentences for word in words if word.isalpha())
    small = frozenset(word for word, _ in counts.most_common(function_words))
    return [tree_of(words, small) for words in sentences]


def tree_of(words: Sequence[str], small: frozenset[str]) -> Constituent:
    """A sentence as phrases that begin with a small word or a mark."""
    phrases: list[list[str]] = []
    for word in words:
        begins = word.lower() in small or not word[0].isalnum()
        if begins or not phrases:
            phrases.append([])
        phrases[-1].append(word)
    return Constituent("S", tuple(_phrase(phrase, small) for phrase in phrases))


def _phrase(words: Sequence[str], small: frozenset[str]) -> Constituent:
    first = words[0].lower()
    name = first if first in small or not first[0].isalnum() else "words"
    label = f"{name}-{min(len(words), 4)}"
    leaves = (Constituent(_kind(word, small), word=word) for word in words)
    return Constituent(label, tuple(leaves))


def _kind(word: str, small: frozenset[str]) -> str:
    if word.lower() in small or not word[0].isalnum():
        return f"={word.lower()}"  # small words and marks stand for themselves
    shape = "N" if word[0].isdigit() else "W" if word[0].isupper() else "w"
    return f"{shape}{word[-2:].lower()}"  # an ending is the cheapest guess at a part of speech
