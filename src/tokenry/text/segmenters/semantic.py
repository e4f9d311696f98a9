"""Segmentation by semantic type, chosen by the word and then by the sentence (K-Tokeniser).

Source: Hasan, Wu, Nguyen, Andres, Guellil, Zhang, Casey, Alex, Guthrie, Wu 2024, "Infusing clinical
knowledge into tokenisers for language models", arXiv:2406.14312. The paper does not give the
entropy in full; it is defined here as the bits of a segmentation under a unigram model.

1. Candidates: a word has one segmentation by the base vocabulary and, for each semantic type, the
   most probable one under the type's unigram model.
2. Word optimisation: the candidate that takes the fewest bits under its own model is the word's
   K segmentation. Of equal ones the first counts, the base before the types.
3. Sequence optimisation: of a sentence, either all words get their K segmentation or all the base
   one, whichever takes fewer ids (lower fertility); K where both take the same number.

The pretoken is the sentence, so ids depend on nothing beyond it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.parts import Pretokenizer, Segmenter
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.vocabulary import Vocabulary

IdList = list[int]
Segment = Callable[[bytes], IdList]
_REMEMBERED: Final = 1 << 16  # words, each of at most
_LONGEST: Final = 64  # bytes
_CACHE: Final = 1 << 16  # bytes; words are remembered here already


@saved_as("semantic.SemanticSegmenter")
@dataclass(frozen=True, eq=False)
class SemanticSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` of sentences.

    Args:
        vocabulary: of the tokenizer; every byte has a piece.
        base: the base segmentation of a word, over the same vocabulary.
        words: cuts a sentence into words.
        types: names of the semantic types.
        base_logs: logarithm to base 2 of the probability of each id in the base model, minus
            infinity for ids that are not of the base vocabulary; shape (ids,).
        type_logs: the same for each type; shape (types, ids).

    Raises:
        VocabularyError: shapes do not fit, or a byte has no probability.
    """

    vocabulary: Vocabulary
    base: BytePairSegmenter
    words: Pretokenizer
    types: tuple[str, ...]
    base_logs: NDArray[np.float64]
    type_logs: NDArray[np.float64]

    def __post_init__(self) -> None:
        size = len(self.vocabulary)
        if self.base_logs.shape != (size,) or self.type_logs.shape != (len(self.types), size):
            raise VocabularyError(
                f"base_logs and type_logs have the shapes {self.base_logs.shape} and "
                f"{self.type_logs.shape}; expected ({size},) and ({len(self.types)}, {size})"
            )
        bytes_ = [self.vocabulary.id_of(bytes([byte])) for byte in range(256)]
        if not np.isfinite(self.base_logs[bytes_]).all() or (
            not np.isfinite(self.type_logs[:, bytes_]).all()
        ):
            raise VocabularyError("a single byte has no probability; every text must be reachable")

    def segment(self, pretoken: bytes) -> IdList:
        """Ids of one sentence."""
        found = []
        for word in _cut(self.words, pretoken):
            base = self.base.segment(word)
            ways = [base, *(model.segment(word) for model in self._models)]
            found.append((base, ways[self.least_entropy(ways)]))
        return _chosen(found)

    def native(self) -> _native.Segmenter:
        """The same with the core finding the ways to segment a word; built once."""
        return self._core

    def ways(self, word: bytes) -> list[IdList]:
        """The candidates of a word: by the base, then by each type."""
        return [self._base_fast(word), *(model.fast(word) for model in self._models)]

    def least_entropy(self, ways: list[IdList]) -> int:
        """Word optimisation: which of the candidates takes the fewest bits under its own model."""
        logs = (self.base_logs, *self.type_logs)
        bits = [-float(log[way].sum()) for log, way in zip(logs, ways, strict=True)]
        return bits.index(min(bits))

    def type_of(self, word: bytes) -> str | None:
        """The type whose segmentation word optimisation takes; None for the base."""
        return (None, *self.types)[self.least_entropy(self.ways(word))]

    def decompositions(self) -> dict[int, tuple[int, ...]]:
        """For each id that only types use, the ids of the base vocabulary for the same bytes.

        The paper starts the embedding of a new token from those of its base pieces.
        """
        new = np.isneginf(self.base_logs) & np.isfinite(self.type_logs).any(axis=0)
        ids = np.flatnonzero(new).tolist()
        return {id_: tuple(self._base_fast(self.vocabulary.pieces[id_] or b"")) for id_ in ids}

    @cached_property
    def _models(self) -> tuple[_TypeModel, ...]:
        return tuple(_TypeModel(self.vocabulary, logs) for logs in self.type_logs)

    @cached_property
    def _base_fast(self) -> Segment:
        return _fast(self.base)

    @cached_property
    def _core(self) -> _native.Segmenter:
        return interpreted(self._core_chooser, self.vocabulary)

    @cached_property
    def _core_chooser(self) -> _Chooser:
        return _Chooser(self)


class _TypeModel:
    """The unigram model of a type, over the ids that have a probability in it."""

    def __init__(self, vocabulary: Vocabulary, logs: NDArray[np.float64]) -> None:
        self._ids = np.flatnonzero(np.isfinite(logs))
        pieces = [vocabulary.pieces[id_] for id_ in self._ids.tolist()]
        # Half of a character is matched only where the whole has no piece.
        bytes_ = {at: "byte" for at, piece in enumerate(pieces) if piece and _is_part(piece)}
        scores = logs[self._ids]
        self._segmenter = UnigramSegmenter(
            Vocabulary(pieces, bytes_),
            scores,
            unknown_score=2 * float(scores.min()),
            byte_fallback=True,
            arithmetic="transformers",
        )

    def segment(self, word: bytes) -> IdList:
        """Ids of a word, by readable Python."""
        ids: IdList = self._ids[self._segmenter.segment(word)].tolist()
        return ids

    @cached_property
    def fast(self) -> Segment:
        """The same by the core."""
        local = _fast_array(self._segmenter)
        return lambda word: self._ids[local(word)].tolist()


class _Chooser:
    """Sentences to ids and sizes; it remembers the last words."""

    def __init__(self, segmenter: SemanticSegmenter) -> None:
        self._segmenter = segmenter
        self._sizes = [len(piece or b"") for piece in segmenter.vocabulary.pieces]
        self._known: dict[bytes, tuple[IdList, IdList]] = {}

    def __call__(self, sentence: bytes) -> list[tuple[int, int]]:
        words = _cut(self._segmenter.words, sentence)
        found = [self._known.get(word) or self._find(word) for word in words]
        return [(id_, self._sizes[id_]) for id_ in _chosen(found)]

    def _find(self, word: bytes) -> tuple[IdList, IdList]:
        ways = self._segmenter.ways(word)
        found = ways[0], ways[self._segmenter.least_entropy(ways)]
        if len(word) <= _LONGEST:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[word] = found
        return found


def _chosen(words: list[tuple[IdList, IdList]]) -> IdList:
    """Sequence optimisation: the K ids of all words, or the base ids where those are fewer."""
    base = sum(len(ids) for ids, _ in words)
    best = sum(len(ids) for _, ids in words)
    return [id_ for pair in words for id_ in pair[best <= base]]


def _cut(words: Pretokenizer, sentence: bytes) -> list[bytes]:
    cut = words(sentence)
    ranges = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
    return [sentence[start:end] for start, end in ranges]


def _is_part(piece: bytes) -> bool:
    return len(piece) == 1 and piece[0] >= 0x80


def _fast(segmenter: Segmenter) -> Segment:
    local = _fast_array(segmenter)
    return lambda word: local(word).tolist()


def _fast_array(segmenter: Segmenter) -> Callable[[bytes], NDArray[np.uint32]]:
    """One pretoken to ids by the core."""
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"), cache_bytes=_CACHE)
    return engine.encode
