"""What a byte model should say, by listing sequences of ids: the oracle of `tokenry.decoding`.

Nothing here knows of splitters, merges or paths. Which sequences are canonical is read off the ids
of all texts up to a length; probabilities are sums over sequences, found by trying every id.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokenry.models import Enumerable
from tokenry.text.parts import Pretokenizer, Segmenter
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

ALPHABET = (b"a", b"b", b" ", b"'", b"s", b"1", b"\n")
MERGES = (
    (b"a", b"b"), (b" ", b"a"), (b"'", b"s"), (b" ", b" "), (b"1", b"1"), (b" a", b"b"),
    (b"ab", b"a"), (b"\n", b"\n"),
)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """Sequences of ids that `encode` gives of texts up to a length, and their beginnings."""

    beginnings: frozenset[tuple[int, ...]]
    wholes: frozenset[tuple[int, ...]]


def listed(tokenizer: Tokenizer, length: int, alphabet: Sequence[bytes] = ALPHABET) -> Listed:
    """Encode all texts over an alphabet."""
    wholes, beginnings = set(), set()
    for size in range(length + 1):
        texts = [b"".join(each) for each in itertools.product(alphabet, repeat=size)]
        for text, row in zip(texts, tokenizer.encode_batch(texts), strict=True):
            ids = tuple(row.tolist())
            if tokenizer.decode_bytes(ids) != text if ids else text:
                continue  # what cannot be written
            wholes.add(ids)
            beginnings.update(ids[:at] for at in range(len(ids) + 1))
    return Listed(frozenset(beginnings), frozenset(wholes))


@dataclass(frozen=True)
class EnumeratedTexts:
    """Probabilities of texts by trying every id.

    Attributes:
        model: whose last two ids begin and end sequences.
        tokenizer: whose ids are those before.
        canonical: the sequences to sum over; None: all.
    """

    model: Enumerable
    tokenizer: Tokenizer
    canonical: Listed | None = None
    silent: frozenset[int] = field(default=frozenset())

    def next_bytes(self, prefix: bytes) -> NDArray[np.float64]:
        """Of the next byte and the end, shape (257,)."""
        written = {*b"".join(piece or b"" for piece in self.tokenizer.vocabulary.pieces)}
        found = np.zeros(257)
        for byte in written:
            found[byte] = self.mass(prefix + bytes([byte]))
        found[256] = self.whole(prefix)
        return found / found.sum()  # type: ignore[no-any-return]

    def mass(self, prefix: bytes) -> float:
        """That a text begins so."""
        return self._mass((), prefix)

    def whole(self, text: bytes) -> float:
        """That it is all of a text."""
        return self._whole((), text)

    def _mass(self, ids: tuple[int, ...], prefix: bytes) -> float:
        written = self._bytes(ids)
        if written.startswith(prefix) and ids:
            return 1.0
        if not prefix.startswith(written):
            return 0.0
        following = self._following(ids)
        if not prefix:
            return 1.0
        return sum(p * self._mass((*ids, id_), prefix) for id_, p in following.items() if id_ >= 0)

    def _whole(self, ids: tuple[int, ...], text: bytes) -> float:
        written = self._bytes(ids)
        if not text.startswith(written):
            return 0.0
        following = self._following(ids)
        ended = following.get(-1, 0.0) if written == text else 0.0
        return ended + sum(
            p * self._whole((*ids, id_), text) for id_, p in following.items() if id_ >= 0
        )

    def _following(self, ids: tuple[int, ...]) -> dict[int, float]:
        """Probabilities of the ids that are summed over; -1 is the end."""
        return _following(self, ids)

    def _bytes(self, ids: tuple[int, ...]) -> bytes:
        return self.tokenizer.decode_bytes(list(ids)) if ids else b""

    def __hash__(self) -> int:
        return id(self)


@cache
def _following(texts: EnumeratedTexts, ids: tuple[int, ...]) -> dict[int, float]:
    model, canonical = texts.model, texts.canonical
    logprobs = model.next_logprobs([model.begin, *ids])
    allowed = {
        id_: float(np.exp(logprobs[id_]))
        for id_ in range(len(texts.tokenizer.vocabulary))
        if id_ not in texts.silent and texts.tokenizer.vocabulary.pieces[id_]
        if canonical is None or (*ids, id_) in canonical.beginnings
    }
    if canonical is None or ids in canonical.wholes:
        allowed[-1] = float(np.exp(logprobs[model.end]))
    total = sum(allowed.values())
    return {id_: p / total for id_, p in allowed.items()}


def byte_pairs(
    splitter: str | Pretokenizer = "whole",
    merges: Sequence[tuple[bytes, bytes]] = MERGES,
    alphabet: Sequence[bytes] = ALPHABET,
    **options: bool,
) -> Tokenizer:
    """A byte-pair tokenizer of an alphabet and merges."""
    pieces = [*alphabet, *(left + right for left, right in merges)]
    number = {piece: id_ for id_, piece in enumerate(pieces)}
    rows = [(number[left], number[right], number[left + right]) for left, right in merges]
    vocabulary = Vocabulary(pieces)
    pretokenizer = NativePretokenizer(splitter) if isinstance(splitter, str) else splitter
    segmenter = BytePairSegmenter.from_merges(vocabulary, rows, **options)
    return _tokenizer(vocabulary, segmenter, pretokenizer)


def unigram(pieces: dict[bytes, float], splitter: str = "whole") -> Tokenizer:
    """A Unigram tokenizer of pieces with scores."""
    vocabulary = Vocabulary([*pieces, b"?"], {len(pieces): "unknown"})
    scores = np.array([*pieces.values(), 0.0])
    segmenter = UnigramSegmenter(vocabulary, scores, unknown=len(pieces), unknown_score=-20.0)
    return _tokenizer(vocabulary, segmenter, NativePretokenizer(splitter))


def _tokenizer(vocabulary: Vocabulary, segmenter: Segmenter, pre: Pretokenizer) -> Tokenizer:
    return Tokenizer(vocabulary=vocabulary, segmenter=segmenter, pretokenizer=pre)
