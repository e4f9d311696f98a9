"""How much text a token carries. Every figure is a ratio of sums, never a mean of ratios."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import CorpusError
from tokenry.measuring.encoded import Counts, Encoded
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.ratio import measure_ratio
from tokenry.measuring.words import WORD_RULE


def bytes_per_token(encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Bytes of text over tokens. Not for comparing languages: UTF-8 letters take 1 to 4 bytes."""
    return measure_ratio(
        encoded,
        encoded.sample.sizes,
        encoded.tokens,
        name="bytes per token",
        unit="bytes/token",
        estimator="sum of bytes over sum of tokens",
        denominator=_tokens_of_documents(encoded),
        seed=seed,
    )


def tokens_per_1000_words(encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Fertility: tokens over words, by the rule that the estimator states; NaN without words."""
    return measure_ratio(
        encoded,
        1000 * encoded.tokens,
        encoded.sample.words,
        name="tokens per 1,000 words",
        unit="tokens/1,000 words",
        estimator=f"1,000 x sum of tokens over sum of words; {WORD_RULE}",
        denominator=_words_of_documents(encoded),
        seed=seed,
    )


def characters_per_token(encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Characters (code points) of text over tokens; a byte that is not UTF-8 is one."""
    sizes = [len(each.decode("utf-8", "surrogateescape")) for each in encoded.sample.documents]
    return measure_ratio(
        encoded,
        np.array(sizes, dtype=np.int64),
        encoded.tokens,
        name="characters per token",
        unit="characters/token",
        estimator="sum of code points over sum of tokens",
        denominator=_tokens_of_documents(encoded),
        seed=seed,
    )


def continued_words(encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Share of words that a token ends within, in their context; NaN without words.

    A word is cut where a token ends strictly between its first and its last byte, whatever stands
    before it; so the convention of leading spaces makes no difference.

    Raises:
        CorpusError: the ends of tokens are not known; see `encode_spans`.
    """
    if encoded.ends is None:
        raise CorpusError("words need the ends of tokens; encode with encode_spans")
    bounds = zip(encoded.offsets[:-1], encoded.offsets[1:], strict=True)
    cut = [
        _cut_words(encoded.ends[first:last], words)
        for words, (first, last) in zip(encoded.sample.word_spans, bounds, strict=True)
    ]
    return measure_ratio(
        encoded,
        np.array(cut, dtype=np.int64),
        encoded.sample.words,
        name="continued words",
        unit="share of words",
        estimator=f"words that are cut over words; {WORD_RULE}",
        denominator=_words_of_documents(encoded),
        seed=seed,
    )


def _cut_words(ends: Counts, words: Counts) -> int:
    """Words of a document that are cut."""
    ends = np.sort(ends)
    inside = np.searchsorted(ends, words[:, 1], side="left") - np.searchsorted(
        ends, words[:, 0], side="right"
    )
    return int((inside > 0).sum())


def single_byte_share(encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Share of tokens that are one byte long: letters and marks left alone, and byte fallback."""
    return _share(
        encoded,
        encoded.piece_sizes[encoded.ids] == 1,
        name="single-byte tokens",
        estimator="sum of tokens whose piece is one byte over sum of tokens",
        seed=seed,
    )


def unknown_share(encoded: Encoded, *, seed: int = 0) -> Measurement:
    """Share of tokens that stand for text that the tokenizer does not know, and so loses."""
    return _share(
        encoded,
        np.isin(encoded.ids, np.array(encoded.unknown_ids, dtype=np.uint32)),
        name="unknown tokens",
        estimator="sum of tokens of the role 'unknown' over sum of tokens",
        seed=seed,
    )


def _share(
    encoded: Encoded, chosen: NDArray[np.bool_], *, name: str, estimator: str, seed: int
) -> Measurement:
    """Share of the tokens that ``chosen``, shape (k,), marks."""
    marked = np.bincount(encoded.owners[chosen], minlength=len(encoded.tokens)).astype(np.int64)
    return measure_ratio(
        encoded,
        marked,
        encoded.tokens,
        name=name,
        unit="share of tokens",
        estimator=estimator,
        denominator=f"{int(encoded.tokens.sum()):,} tokens",
        seed=seed,
    )


def _tokens_of_documents(encoded: Encoded) -> str:
    return f"{int(encoded.tokens.sum()):,} tokens of {len(encoded.tokens):,} documents"


def _words_of_documents(encoded: Encoded) -> str:
    words = encoded.sample.words
    return f"{int(words.sum()):,} words of {len(words):,} documents"
