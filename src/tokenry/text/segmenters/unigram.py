"""Segmentation under a unigram language model (Kudo 2018, arXiv:1804.10959).

Every piece has a score, its log probability; the segmentation with the highest sum is found by
Viterbi search. A character that no piece of its own matches is unknown and has a score of its own.

Sums that are equal, or nearly so, are decided by the arithmetic of the program that is followed:

- ``"sentencepiece"`` (0.2.3): 32-bit floats, added up from the beginning of the whole sentence, and
  from 0 again wherever the sum is beyond 100,000;
- ``"transformers"`` (Hugging Face's tokenizers): 64-bit floats, added up from the beginning of each
  pretoken.

In both, of two ways to the same place the later found wins only if it is strictly better, and ways
are found by where their last piece starts, ascending.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import EncodeError, UnsupportedError, VocabularyError
from tokenry.text.components import Components, IdNames, Spelling, cannot_say, component
from tokenry.text.id_changes import Addition, Growth, Renumbering
from tokenry.text.model_fields import ModelPieces, no_model_says
from tokenry.text.parts import Segmenter
from tokenry.text.raw_words import WordNormalization
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import UNMATCHED_ROLES, Vocabulary

Arithmetic = Literal["sentencepiece", "transformers"]
UNKNOWN_PENALTY = (
    10.0  # how much worse than the worst piece both programs make an unknown character
)
RESTART = 100_000.0
BYTES_IN_TEXT = "tokenizers reads <0x80> in a text as that byte where nothing cuts it"
_NATIVE = {
    "sentencepiece": _native.SentencePieceUnigramSegmenter,
    "transformers": _native.TransformersUnigramSegmenter,
}
PathPiece = tuple[int | None, int, int]  # id, None for an unknown character; begin, end


@saved_as("unigram.UnigramSegmenter")
@dataclass(frozen=True, eq=False)
class UnigramSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that maximises a sum of scores.

    Args:
        vocabulary: canonical pieces; those whose role is special, unknown or unused never come out
            of text, those whose role is byte only by ``byte_fallback``. Of equal ones the last
            counts.
        scores: by id, shape (len(vocabulary),).
        unknown_score: of a character that no piece of its own matches; usually
            `UNKNOWN_PENALTY` below the lowest score.
        unknown: neighbouring unknown characters become this one id.
        byte_fallback: or their bytes, where all of them have ids.
        arithmetic: which program's sums to make.
    """

    vocabulary: Vocabulary
    scores: NDArray[np.float64]
    unknown_score: float
    unknown: int | None = None
    byte_fallback: bool = False
    arithmetic: Arithmetic = "sentencepiece"

    def __post_init__(self) -> None:
        if len(self.scores) != len(self.vocabulary):
            raise VocabularyError(
                f"there are {len(self.scores)} scores for {len(self.vocabulary)} pieces"
            )
        if self.arithmetic not in _NATIVE:
            raise ValueError(f"arithmetic is {self.arithmetic!r}; it is one of {sorted(_NATIVE)}")

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken.

        Raises:
            EncodeError: a character has no piece and there is no unknown id.
        """
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[tuple[int, int]]:
        """Ids of one pretoken, each with the number of bytes that it stands for."""
        result: list[tuple[int, int]] = []
        unknown = b""
        for id_, begin, end in self._best_path(pretoken):
            if id_ is None or (id_ == self.unknown and self.arithmetic == "transformers"):
                unknown += pretoken[begin:end]  # of tokenizers' unknown id the own text, too
                continue
            result += [*self._unknown(unknown), (id_, end - begin)]
            unknown = b""
        return result + self._unknown(unknown)

    def native(self) -> _native.Segmenter:
        """The same in the native core; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.Segmenter:
        hidden = [id_ for id_ in self.vocabulary.roles if not self._in_text(id_)]
        pieces, offsets = self.vocabulary.packed(without=hidden)
        return _NATIVE[self.arithmetic](
            pieces=pieces,
            offsets=offsets,
            scores=np.ascontiguousarray(self.scores, dtype=np.float64),
            unknown_score=self.unknown_score,
            unknown=-1 if self.unknown is None else self.unknown,
            byte_fallback=self.byte_fallback,
            byte_ids=self._byte_ids,
        )

    # In files of other programs

    def to_tokenizer_json(self, ids: IdNames) -> Components:
        """The model Unigram."""
        if any(id_ not in ids.names for id_ in range(ids.listed)):
            raise UnsupportedError("a Unigram model of a tokenizer.json has no holes among its ids")
        scores = [float(score) for score in self.scores[: ids.listed]]
        model = component(
            "Unigram",
            unk_id=self._named_unknown(),
            vocab=[[ids.names[id_], score] for id_, score in enumerate(scores)],
            byte_fallback=self.byte_fallback,
        )
        return model + Components(reasons=tuple(self._unlike_tokenizers(scores)), numbers=scores)

    def _named_unknown(self) -> int | None:
        """Its own; where bytes leave nothing unknown a byte's, for tokenizers insists on one."""
        fallback = self.vocabulary.ids_with("byte") if self.byte_fallback else ()
        return fallback[0] if self.unknown is None and fallback else self.unknown

    def _unlike_tokenizers(self, scores: Sequence[float]) -> Iterator[str]:
        if self.arithmetic != "transformers":
            yield "tokenizers adds scores in 64 bits, so near ties may fall otherwise"
        if self.unknown_score != min(scores, default=math.inf) - UNKNOWN_PENALTY:
            yield "tokenizers gives unknown characters another score"

    def plain_decoder(self, spelling: Spelling, *, uncut: bool) -> Components:
        """Bytes become text again where they stand for what is unknown."""
        if not self.byte_fallback or spelling == "marks":
            cannot_say(self, " without a decoder")
        reasons = (BYTES_IN_TEXT,) if uncut else ()
        return component("ByteFallback") + component("Fuse") + Components(reasons=reasons)

    def to_sentencepiece(self) -> ModelPieces:
        """A Unigram model; one with the sums of transformers has no form there."""
        if self.arithmetic == "transformers":
            no_model_says("a UnigramSegmenter with the sums of transformers")
        return ModelPieces("unigram", self.scores, self.byte_fallback)

    def agrees_with(self, other: Segmenter) -> bool:
        """Whether scores of ids that text has are the same, and what becomes of the unknown."""
        roles = self.vocabulary.roles
        known = [id_ for id_ in range(len(self.scores)) if roles.get(id_, "unused") == "unused"]
        return (
            isinstance(other, type(self))
            and np.array_equal(self.scores[known], other.scores[known])
            and self.unknown_score == other.unknown_score
            and (self.unknown, self.byte_fallback, self.arithmetic)
            == (other.unknown, other.byte_fallback, other.arithmetic)
        )

    # Other ids

    grows_by: ClassVar[Growth | None] = "scores"

    def renumbered(self, change: Renumbering) -> UnigramSegmenter:
        """The same with other ids; each keeps its score."""
        return replace(
            self,
            vocabulary=change.vocabulary,
            scores=self.scores[change.kept],
            unknown=change.new(self.unknown),
        )

    def appended(self, addition: Addition) -> UnigramSegmenter:
        """The same with more ids and their scores."""
        more = np.zeros(len(addition.vocabulary) - len(self.scores))
        more[: len(addition.scores)] = addition.scores
        scores = np.concatenate((self.scores, more))
        return replace(self, vocabulary=addition.vocabulary, scores=scores)

    def score_of(self, id_: int) -> float:
        """The score of an id."""
        return float(self.scores[id_])

    def score_of_word(self, parts: Sequence[int]) -> float:
        """That of the rarest of its parts: a word is no more frequent than each of them.

        So it beats the parts together, whose scores are added up.
        """
        scores = [self.score_of(id_) for id_ in parts if self._in_text(id_)]
        return max(min(scores, default=self.unknown_score), sum(scores))

    def sentence_words(self, changes: WordNormalization) -> _native.Segmenter | None:
        """Words of sentences, where no piece reaches over a space.

        A sentence is scored in one sum, which each word's best way depends on by rounding;
        `_native.SentenceWords` admits words and texts for which it does not.
        """
        core = self.native()
        if not isinstance(core, _native.SentencePieceUnigramSegmenter):
            return None
        fits = _native.SentenceWords.fits(core)
        return _native.SentenceWords(core, changes.core) if fits else None

    @cached_property
    def _matched(self) -> dict[bytes, int]:
        roles = self.vocabulary.roles
        return {
            piece: id_
            for id_, piece in enumerate(self.vocabulary.pieces)
            if piece and self._in_text(id_) and roles.get(id_) != "byte"
        }

    def _in_text(self, id_: int) -> bool:
        """Whether the piece of an id is looked for in text."""
        return self.vocabulary.roles.get(id_) not in UNMATCHED_ROLES

    @cached_property
    def _byte_ids(self) -> NDArray[np.int64]:
        ids = np.full(256, -1, dtype=np.int64)
        for id_ in self.vocabulary.ids_with("byte"):
            ids[(self.vocabulary[id_] or b"\0")[0]] = id_
        return ids

    def _best_path(self, text: bytes) -> list[PathPiece]:
        number = np.float32 if self.arithmetic == "sentencepiece" else np.float64
        scores = self.scores.astype(number)
        # best[at]: score of the best way to `at`, where its last piece starts, and that piece
        best: dict[int, tuple[Any, int, int | None]] = {0: (number(0), 0, None)}
        for at, width in characters(text):
            if self.arithmetic == "sentencepiece" and abs(best[at][0]) > RESTART:
                offset = best[at][0]
                for place in [place for place in best if place >= at]:
                    best[place] = (best[place][0] - offset, *best[place][1:])
            for id_, end in self.pieces_at(text, at, width):
                score = number(self.unknown_score) if id_ is None else scores[id_]
                score = score + best[at][0]
                if end not in best or score > best[end][0]:
                    best[end] = (score, at, id_)
        path: list[PathPiece] = []
        end = len(text)
        while end > 0:
            _, begin, id_ = best[end]
            path.append((id_, begin, end))
            end = begin
        return path[::-1]

    def pieces_at(self, text: bytes, at: int, width: int) -> Iterator[tuple[int | None, int]]:
        """Pieces that start here and where they end, shortest first; None if unknown."""
        for end in range(at + 1, min(len(text), at + self._longest) + 1):
            id_ = self._matched.get(text[at:end])
            if id_ is not None:
                yield id_, end
        if text[at : at + width] not in self._matched:
            yield None, at + width

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._matched), default=0)

    def _unknown(self, text: bytes) -> list[tuple[int, int]]:
        if not text:
            return []
        if self.arithmetic == "transformers" and text in self._matched:
            return [(self._matched[text], len(text))]
        ids = self._byte_ids[list(text)]
        if self.byte_fallback and (ids >= 0).all():
            return [(int(id_), 1) for id_ in ids]
        if self.unknown is None:
            raise EncodeError(f"{text!r} has no piece, and this vocabulary has no unknown id")
        return [(self.unknown, len(text))]


def characters(text: bytes) -> Iterator[tuple[int, int]]:
    """Where each character begins and its width; a byte that is not UTF-8 counts as one."""
    at = 0
    for character in text.decode("utf-8", "surrogateescape"):
        width = len(character.encode("utf-8", "surrogateescape"))
        yield at, width
        at += width
