"""Tokenizers that are drawn: a Unigram vocabulary from a few texts, with noise on what it prefers.

Minixhofer, Ponti, Vulić 2024, "Zero-Shot Tokenizer Transfer", arXiv:2405.07883. A network that is
to serve every tokenizer is trained on many. There the substrings of 2,048 texts get log-normal
noise on their scores; here on their counts, and the number of texts is the caller's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from tokenry.errors import ModelError
from tokenry.text.segmenters.unigram import UNKNOWN_PENALTY, UnigramSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

LONGEST = 16  # bytes of a piece
BYTES = 256


def sample_tokenizer(
    texts: Sequence[str], like: Tokenizer, size: int, draw: np.random.Generator, spread: float = 1.0
) -> Tokenizer:
    """A Unigram tokenizer of the substrings that count most, after noise.

    Args:
        texts: whose substrings are pieces.
        like: cuts text into pretokens; it must be of bytes, without a normaliser.
        size: ids, 256 of them bytes.
        draw: of the noise.
        spread: standard deviation of the logarithm of the noise.

    Raises:
        ModelError: ``size`` has no room for bytes, or ``like`` changes text.
    """
    if size <= BYTES or like.normalizer is not None:
        raise ModelError(
            f"a sampled tokenizer of {size} ids after {type(like.normalizer).__name__}; expected "
            f"more than {BYTES} ids, and a tokenizer without a normaliser"
        )
    counts = _substrings(texts, like)
    pieces = sorted(counts)
    noisy = np.log([counts[each] for each in pieces]) + spread * draw.standard_normal(len(pieces))
    worth = noisy + np.log([len(each) for each in pieces])
    chosen = np.argsort(-worth, kind="stable")[: size - BYTES]
    kept = [pieces[at] for at in chosen.tolist()]
    vocabulary = Vocabulary(
        [*(bytes([byte]) for byte in range(BYTES)), *kept], dict.fromkeys(range(BYTES), "byte")
    )
    scores = noisy[chosen] - np.logaddexp.reduce(noisy[chosen])
    low = float(scores.min()) - UNKNOWN_PENALTY
    segmenter = UnigramSegmenter(
        vocabulary, np.concatenate([np.full(BYTES, low), scores]), low, byte_fallback=True
    )
    return Tokenizer(vocabulary=vocabulary, segmenter=segmenter, pretokenizer=like.pretokenizer)


def _substrings(texts: Sequence[str], like: Tokenizer) -> Counter[bytes]:
    """Substrings of pretokens by count, whole characters of at most `LONGEST` bytes."""
    words: Counter[bytes] = Counter()
    for text in texts:
        cut = like.pretokenizer(text.encode())
        spans = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
        words.update(cut.data[begin:end] for begin, end in spans)
    found: Counter[bytes] = Counter()
    for word, count in words.items():
        starts = [at for at, byte in enumerate(word) if byte & 0xC0 != 0x80]
        ends = [*starts[1:], len(word)]
        for at, begin in enumerate(starts):
            for end in ends[at:]:
                if end - begin > LONGEST:
                    break
                found[word[begin:end]] += count
    return Counter({piece: count for piece, count in found.items() if count > 1})
