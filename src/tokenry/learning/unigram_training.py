"""The course of learning a Unigram model: EM and pruning in turn, which a checkpoint can keep."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.json_data import Json
from tokenry.learning.checkpoint import ProgressStep
from tokenry.learning.unigram_em import (
    BYTES,
    LatticeSums,
    PackedPieces,
    UnigramModel,
    maximise,
    prune,
    start,
)

_MORE: Final = 1.1  # pruning by shares ends with so many times the pieces asked for
# What a model is kept as: bytes of all pieces, where they end, counts and scores.
ARRAYS: Final = {"run": "<u1", "offsets": "<u8", "counts": "<f8", "scores": "<f8"}


class UnigramTraining:
    """Maximises the likelihood and prunes in turn until ``wanted`` pieces are left, or fewer.

    Args:
        words: to fit the model to.
        wanted: pieces, bytes included.
        character_coverage: share of the characters that may be pieces.
        longest: characters of the longest piece.
        seed_size: substrings to start from.
        shrinking_factor: share of the pieces that a round of pruning keeps.
        em_iterations: steps of EM between two rounds.
    """

    def __init__(
        self,
        words: LatticeSums,
        wanted: int,
        *,
        character_coverage: float,
        longest: int,
        seed_size: int,
        shrinking_factor: float,
        em_iterations: int,
    ) -> None:
        self.words = words
        self.wanted = wanted
        self.shrinking_factor = shrinking_factor
        self.em_iterations = em_iterations
        self._seeds = (character_coverage, longest, seed_size)
        self._model: UnigramModel | None = None
        self.iterations = 0  # of EM since the last round of pruning
        self.last = False  # whether that was the last round
        self.most = 0  # pieces at the beginning

    @property
    def model(self) -> UnigramModel:
        """Pieces and scores now."""
        if self._model is None:
            self._model = start(self.words, *self._seeds)
            self.most = max(len(self._model.pieces), self.wanted)
        return self._model

    def steps(self) -> Iterator[ProgressStep]:
        """All steps that are left."""
        model = self.model
        target = max(self.wanted, int(_MORE * (self.wanted - BYTES)) + BYTES)
        while not self.last:
            yield from self._maximise()
            if len(model.pieces) <= target:
                break
            self._prune(max(target, int(self.shrinking_factor * len(model.pieces))))
        if not self.last and len(model.pieces) > self.wanted:
            self._prune(self.wanted)
            self.last = True
        if self.last:
            yield from self._maximise()

    def _maximise(self) -> Iterator[ProgressStep]:
        while self.iterations < self.em_iterations:
            maximise(self.words, self.model, self.wanted)
            self.iterations += 1
            yield "prune", self.most - len(self.model.pieces), self.most - self.wanted

    def _prune(self, size: int) -> None:
        prune(self.words, self.model, size)
        self.iterations = 0

    def snapshot(self) -> Callable[[], Json]:
        """See `tokenry.learning.checkpoint.Resumable`."""
        model = self._model
        if model is None:
            return dict
        run = np.frombuffer(model.pieces.run, dtype=np.uint8)
        # Each step makes new arrays, so these stay as they are.
        parts: list[NDArray[Any]] = [run, model.pieces.offsets, model.counts, model.scores]
        kept = dict(zip(ARRAYS, parts, strict=True))
        position = {"iterations": self.iterations, "last": self.last, "most": self.most}
        return lambda: position | {name: _written(each) for name, each in kept.items()}

    def restore(self, saved: Json) -> None:
        """Go back to a snapshot."""
        if "most" not in saved:
            return
        run, offsets, counts, scores = (_read(saved[name], kind) for name, kind in ARRAYS.items())
        if not BYTES <= len(scores) == len(counts) == len(offsets) - 1:
            raise ValueError(f"{len(offsets)} offsets, {len(counts)} counts, {len(scores)} scores")
        if offsets[0] != 0 or offsets[-1] != len(run) or (offsets[1:] < offsets[:-1]).any():
            raise ValueError("offsets that cut no pieces")
        self._model = UnigramModel(PackedPieces(run.tobytes(), offsets), counts, scores)
        self.iterations, self.last = int(saved["iterations"]), bool(saved["last"])
        self.most = int(saved["most"])
        self.words.set_pieces(self._model.pieces.run, self._model.pieces.offsets)


def _written(array: NDArray[Any]) -> str:
    return base64.b64encode(array.tobytes()).decode()


def _read(text: str, kind: str) -> NDArray[Any]:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype=kind).copy()
