"""Whether tokens end where morphemes do.

Boundary precision, recall and F1: inner boundaries of tokens against inner boundaries of gold
morphemes, over all words together. Recall alone rewards cutting everywhere, so it never stands
alone here. MorphScore (Arnett & Bergen 2025, arXiv:2411.14198) is recall over the words that have
one known boundary and more than one token.

Canonical morphemes (nominate + ed) are aligned to the word (nominated) by edit distance. A boundary
that the best alignments put in more than one place is right in each of them, once. A word whose
morphemes do not fit, or leave a boundary no inner place, is dropped and counted: gold is never
invented.

%TR and %Pure (Bayram et al. 2025, arXiv:2502.07057): shares of tokens that are words, or exactly a
root or an affix, of a lexicon; by type and by occurrence, which differ much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import CorpusError
from tokenry.measuring.encoded import Spanning
from tokenry.measuring.gold_morphs import GoldWord
from tokenry.measuring.interval import (
    Floats,
    divide,
    percentile_interval,
    replicate_weights,
)
from tokenry.measuring.measurement import Interval, Measurement
from tokenry.results import Result

WIDEST: Final = 3  # places that a boundary may have before its word is dropped
Places = tuple[frozenset[int], ...]  # for each boundary, byte offsets where it may be


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """A word with the places of its gold boundaries, in bytes of its UTF-8."""

    word: str
    boundaries: Places
    judged: int  # boundaries of tokens at or beyond this byte are not judged

    @property
    def ambiguous(self) -> bool:
        """Whether a boundary has more than one place."""
        return any(len(places) > 1 for places in self.boundaries)


@dataclass(frozen=True, slots=True)
class Aligned:
    """Gold words that could be aligned, and how many could not."""

    words: tuple[AlignedWord, ...]
    dropped: int


@dataclass(frozen=True, slots=True)
class BoundaryScores(Result):
    """Boundaries of one tokenizer against gold.

    Attributes:
        precision, recall, f1: with intervals over words.
        words: judged.
        dropped: gold words that could not be aligned.
        ambiguous: words of which a gold boundary has more than one place.
        gold, found, correct: boundaries.
        tokens: of all words.
        perfect: words of which every boundary is right.
        morphscore: share of words with one gold boundary and several tokens that are cut there.
        morphscore_words: how many such words there are.
    """

    precision: Measurement
    recall: Measurement
    f1: Measurement
    words: int
    dropped: int
    ambiguous: int
    gold: int
    found: int
    correct: int
    tokens: int
    perfect: int
    morphscore: float
    morphscore_words: int

    @property
    def tokens_per_word(self) -> float:
        """Mean tokens of a word."""
        return self.tokens / self.words

    @property
    def perfect_share(self) -> float:
        """Share of words of which every boundary is right."""
        return self.perfect / self.words


@dataclass(frozen=True, slots=True)
class LexiconShares(Result):
    """%TR and %Pure of the pieces that a text becomes; all between 0 and 1.

    Attributes:
        words_by_type, words_by_token: pieces that are words of the lexicon.
        pure_by_type, pure_by_token: pieces that are exactly a root or an affix.
        types, tokens: the denominators; pieces without a letter are not counted.
        letters: occurrences of pieces of a single letter, which are easily roots or affixes.
    """

    words_by_type: float
    words_by_token: float
    pure_by_type: float
    pure_by_token: float
    types: int
    tokens: int
    letters: int

    @property
    def letter_share(self) -> float:
        """Share of the pieces that are single letters, by occurrence."""
        return self.letters / max(1, self.tokens)


def align(gold: GoldWord) -> AlignedWord | None:
    """Where the boundaries of a gold word are, or None where that cannot be said.

    >>> align(GoldWord("strides", ("stride", "s"))).boundaries
    (frozenset({6}),)
    >>> sorted(align(GoldWord("nominated", ("nominate", "ed"))).boundaries[0])
    [7, 8]
    >>> align(GoldWord("went", ("go", "ed"))) is None
    True
    """
    word, canonical = gold.word, "".join(gold.morphs)
    before = _distances(canonical, word)
    after = _distances(canonical[::-1], word[::-1])[::-1, ::-1]
    best = int(before[-1, -1])
    if not word or 2 * best > len(word) or not all(gold.morphs):
        return None
    boundaries: list[frozenset[int]] = []
    at = 0
    for morph in gold.morphs[:-1]:
        at += len(morph)
        places = np.flatnonzero(before[at] + after[at] == best)
        inner = [len(word[:place].encode()) for place in places.tolist() if 0 < place < len(word)]
        if not inner or len(inner) > WIDEST or len(inner) < len(places):
            return None
        boundaries.append(frozenset(inner))
    if len({min(each) for each in boundaries}) < len(boundaries):
        return None
    size = len(word.encode())
    judged = max(boundaries[-1]) + 1 if gold.partial and boundaries else size
    return AlignedWord(word, tuple(boundaries), judged)


def align_all(gold: Iterable[GoldWord], *, partial_only: bool = True) -> Aligned:
    """Align gold words; a word that is given twice counts once.

    Args:
        gold: the words.
        partial_only: a partial word without a boundary says nothing, and is dropped.
    """
    words: dict[str, AlignedWord] = {}
    dropped = 0
    for each in dict.fromkeys(gold):
        aligned = align(each)
        if aligned is None or (partial_only and each.partial and not aligned.boundaries):
            dropped += 1
        else:
            words.setdefault(each.word, aligned)
    return Aligned(tuple(words.values()), dropped)


def _distances(first: str, second: str) -> NDArray[np.int64]:
    """Edit distance of every beginning of ``first`` to every beginning of ``second``."""
    table = np.zeros((len(first) + 1, len(second) + 1), dtype=np.int64)
    steps = np.arange(len(second) + 1)
    letters = np.array([ord(letter) for letter in second], dtype=np.int64)
    table[0] = steps
    for row, letter in enumerate(first, 1):
        above = table[row - 1]
        best = np.concatenate(
            [[row], np.minimum(above[1:] + 1, above[:-1] + (letters != ord(letter)))]
        )
        # insertions from the left: a running minimum of the cost less the steps so far
        table[row] = np.minimum.accumulate(best - steps) + steps
    return table


def token_boundaries(tokenizer: Spanning, word: str, prefix: str = " ") -> tuple[set[int], int]:
    """Inner boundaries of a word's tokens, in bytes of the word, and the number of its tokens.

    Args:
        tokenizer: gives ids with spans.
        word: without the space before it.
        prefix: what stands before it; most tokenizers cut a word otherwise at the beginning of a
            text. A token that is only the prefix is not counted.
    """
    _, spans = tokenizer.encode_with_spans(prefix + word)
    skipped = len(prefix.encode())
    ends = [end - skipped for begin, end in spans.tolist() if end > begin]
    inside = [end for end in ends if end > 0]
    return {end for end in inside if end < len(word.encode())}, len(inside)


def boundary_scores(
    tokenizer: Spanning, gold: Aligned, *, prefix: str = " ", seed: int = 0, replicates: int = 1000
) -> BoundaryScores:
    """Precision, recall and F1 of the boundaries of a tokenizer.

    Raises:
        CorpusError: no gold word could be aligned.
    """
    if not gold.words:
        raise CorpusError(
            f"none of {gold.dropped} gold words could be aligned to its morphemes; give words with "
            "their segmentation"
        )
    rows = np.array([_judge(tokenizer, word, prefix) for word in gold.words], dtype=np.int64)
    gold_count, found, correct, tokens, perfect = rows.sum(axis=0).tolist()
    single = (rows[:, 0] == 1) & (rows[:, 3] > 1)
    draws = np.concatenate(
        [weights @ rows[:, :3] for weights in replicate_weights(len(rows), replicates, seed)]
    ).astype(np.float64)
    figures = _figures(draws, len(rows))
    denominators = (f"{found:,} boundaries of tokens", f"{gold_count:,} gold boundaries")
    names = (
        ("boundary precision", correct, found, denominators[0]),
        ("boundary recall", correct, gold_count, denominators[1]),
        ("boundary F1", 2 * correct, found + gold_count, " and ".join(denominators)),
    )
    fingerprint = tokenizer.fingerprint()
    data = f"{len(rows)} words"
    precision, recall, f1 = (
        Measurement(
            name,
            above / below if below else 0.0,
            "share",
            "over the boundaries of all words together",
            denominator,
            fingerprint,
            data,
            interval,
        )
        for (name, above, below, denominator), interval in zip(names, figures, strict=True)
    )
    return BoundaryScores(
        precision, recall, f1,
        words=len(rows),
        dropped=gold.dropped,
        ambiguous=sum(word.ambiguous for word in gold.words),
        gold=gold_count,
        found=found,
        correct=correct,
        tokens=tokens,
        perfect=perfect,
        morphscore=float(rows[single, 2].sum() / single.sum()) if single.any() else 0.0,
        morphscore_words=int(single.sum()),
    )  # fmt: skip


def _judge(tokenizer: Spanning, word: AlignedWord, prefix: str) -> tuple[int, int, int, int, int]:
    """Gold, found and correct boundaries, tokens, and whether all is right."""
    ends, tokens = token_boundaries(tokenizer, word.word, prefix)
    found = {end for end in ends if end < word.judged}
    correct = _matched(found, word.boundaries)
    gold = len(word.boundaries)
    return gold, len(found), correct, tokens, int(correct == gold == len(found))


def _matched(found: set[int], boundaries: Places) -> int:
    """Boundaries that are right; places ascend, so taking the leftmost token for each is best."""
    free = sorted(found)
    matched = 0
    for places in boundaries:
        place = next((each for each in free if each in places), None)
        if place is not None:
            matched += 1
            free = [each for each in free if each > place]
    return matched


def _figures(draws: Floats, words: int) -> list[Interval | None]:
    gold, found, correct = draws.T
    ratios = (divide(correct, found), divide(correct, gold), divide(2 * correct, found + gold))
    return [percentile_interval(ratio, words) for ratio in ratios]


def lexicon_shares(
    tokenizer: Spanning,
    texts: Sequence[str],
    *,
    words: Collection[str],
    morphemes: Collection[str],
) -> LexiconShares:
    """%TR and %Pure of the tokens of ``texts``.

    Args:
        tokenizer: gives ids with spans; a token is the text that its span covers, stripped of white
            space, in lower case.
        texts: what to encode.
        words: valid words, in lower case.
        morphemes: roots and affixes, in lower case.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        data = text.encode()
        for begin, end in tokenizer.encode_with_spans(text)[1].tolist():
            piece = data[begin:end].decode("utf-8", "replace").strip().lower()
            if any(character.isalpha() or character == "\ufffd" for character in piece):
                counts[piece] += 1
    types, tokens = max(1, len(counts)), max(1, counts.total())
    valid, pure = ({piece for piece in counts if piece in known} for known in (words, morphemes))
    return LexiconShares(
        words_by_type=len(valid) / types,
        words_by_token=sum(counts[piece] for piece in valid) / tokens,
        pure_by_type=len(pure) / types,
        pure_by_token=sum(counts[piece] for piece in pure) / tokens,
        types=len(counts),
        tokens=counts.total(),
        letters=sum(count for piece, count in counts.items() if len(piece) == 1),
    )
