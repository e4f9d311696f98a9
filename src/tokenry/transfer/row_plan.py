"""RowPlan: new embedding rows as sparse combinations of old ones, with what is left over.

Nearly every published initialiser is a linear map of old rows, so a plan is a sparse matrix and can
be looked at, saved, mixed and applied a block at a time. What is not such a combination is a
residual: dense rows (a mean, a map out of another model's space) or a sampled one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import FormatError, ModelError
from tokenry.seeds import generator
from tokenry.text.id_changes import IdTable
from tokenry.transfer.tensor_files import read_arrays, write_arrays

Floats = NDArray[np.float32]
Role = Literal["input", "output"]
"""Rows that ids are read by, or rows that logits are made with."""

BLOCK = 1024  # rows of one draw of noise, whatever is asked for
PRODUCTS = 16_384  # rows of the old matrix that are weighted at a time
_FORMAT, _VERSION = "tokenry row plan", "1"


@dataclass(frozen=True, eq=False)
class Noise:
    """Gaussian rows: ``factor.T @ z`` with z standard normal, by seed.

    Attributes:
        factor: shape (rank, width); its Gram matrix is the covariance.
        seed: of the draws.
    """

    factor: Floats
    seed: int

    def block(self, number: int) -> Floats:
        """The rows of ids from ``BLOCK * number`` on."""
        drawn = generator(self.seed, "noise", number).standard_normal(
            (BLOCK, len(self.factor)), dtype=np.float32
        )
        made: Floats = drawn @ self.factor
        return made


@dataclass(frozen=True)
class Explanation:
    """Of what a new row is made.

    Attributes:
        new_id: its id.
        origin: the initialiser that made it, or "" where none did.
        parts: old ids with their weights, the largest first.
        dense: whether a dense row is added.
        sampled: whether a sampled row is added.
    """

    new_id: int
    origin: str
    parts: tuple[tuple[int, float], ...]
    dense: bool
    sampled: bool

    def text(self, old: Sequence[bytes | None], new: Sequence[bytes | None], most: int = 8) -> str:
        """One line for a person, with the pieces of both vocabularies."""
        return f"{self.new_id} {shown(new, self.new_id)} by {self.made(old, most)}"

    def made(self, old: Sequence[bytes | None], most: int = 8) -> str:
        """By whom and of what, with the old pieces."""
        parts = [f"{weight:+.3f} {shown(old, id_)}" for id_, weight in self.parts[:most]]
        if len(self.parts) > most:
            parts.append(f"{len(self.parts) - most} more")
        parts += ["a dense row"] * self.dense + ["a sampled row"] * self.sampled
        return f"{self.origin or 'none'}: {', '.join(parts) or 'nothing'}"


def shown(pieces: Sequence[bytes | None], id_: int) -> str:
    """The piece of an id for a person."""
    piece = pieces[id_] if id_ < len(pieces) else None
    return f"id {id_}" if piece is None else repr(piece.decode("utf-8", "backslashreplace"))


@dataclass(frozen=True, eq=False, kw_only=True)
class RowPlan:
    """New rows of one matrix; row i is the sum of its weighted old rows, a dense and a drawn row.

    Attributes:
        old_size: rows of the old matrix.
        offsets: row i has places ``offsets[i]:offsets[i + 1]`` of the next two, shape (n + 1,).
        ids: old ids.
        weights: of them.
        dense: rows of their own, shape (m, width); several new rows may share one.
        dense_of: the place in ``dense`` of each new row, -1 for none.
        noises: what is drawn.
        noise_of: the place in ``noises`` of each new row, -1 for none.
        origins: names of initialisers.
        origin_of: the place in ``origins`` of each new row, -1 where none has made it.

    Raises:
        ModelError: the arrays contradict each other.
    """

    old_size: int
    offsets: IdTable
    ids: IdTable
    weights: Floats
    dense: Floats
    dense_of: IdTable
    noises: tuple[Noise, ...] = ()
    noise_of: IdTable
    origins: tuple[str, ...]
    origin_of: IdTable

    def __post_init__(self) -> None:
        size = len(self.offsets) - 1
        lengths = {len(each) for each in (self.dense_of, self.noise_of, self.origin_of)}
        beyond = len(self.ids) and not 0 <= self.ids.min() <= self.ids.max() < self.old_size
        if lengths != {size} or len(self.ids) != len(self.weights) or beyond:
            raise ModelError(
                f"a plan of {size} rows over {self.old_size} old ones has arrays of {lengths}, "
                f"{len(self.ids)} ids and {len(self.weights)} weights, which do not fit"
            )
        if self.offsets[-1] != len(self.ids) or (np.diff(self.offsets) < 0).any():
            raise ModelError("the offsets of a plan do not fit its ids")
        if not (np.isfinite(self.weights).all() and np.isfinite(self.dense).all()):
            raise ModelError("a plan has weights or rows that are not finite")

    @classmethod
    def empty(cls, size: int, old_size: int, width: int) -> Self:
        """A plan that makes no row: all of them are zero, and of no origin."""
        none = np.full(size, -1, np.int64)
        return cls(
            old_size=old_size,
            offsets=np.zeros(size + 1, np.int64),
            ids=np.zeros(0, np.int64),
            weights=np.zeros(0, np.float32),
            dense=np.zeros((0, width), np.float32),
            dense_of=none,
            noise_of=none,
            origins=(),
            origin_of=none,
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def width(self) -> int:
        """Of a row."""
        return int(self.dense.shape[1])

    @property
    def covered(self) -> NDArray[np.bool_]:
        """Which rows have an origin, shape (n,)."""
        return self.origin_of >= 0

    def counts(self) -> dict[str, int]:
        """Rows by origin; those of none are under ``""``."""
        found = {name: int((self.origin_of == at).sum()) for at, name in enumerate(self.origins)}
        none = int((~self.covered).sum())
        return {**found, "": none} if none else found

    def explain(self, new_id: int) -> Explanation:
        """Of what a row is made.

        Raises:
            ModelError: there is no such row.
        """
        if not 0 <= new_id < len(self):
            raise ModelError(f"row {new_id} is not one of the {len(self)} of this plan")
        begin, end = self.offsets[new_id : new_id + 2].tolist()
        order = begin + np.argsort(-np.abs(self.weights[begin:end]), kind="stable")
        parts = tuple(zip(self.ids[order].tolist(), self.weights[order].tolist(), strict=True))
        origin = int(self.origin_of[new_id])
        name = self.origins[origin] if origin >= 0 else ""
        dense, noise = self.dense_of[new_id] >= 0, self.noise_of[new_id] >= 0
        return Explanation(new_id, name, parts, bool(dense), bool(noise))

    def rows(self, old: NDArray[Any], begin: int = 0, end: int | None = None) -> Floats:
        """Rows from ``begin`` to ``end``, shape (end - begin, width of ``old``), in float32.

        A row of one old row with the weight 1 is that row, bit by bit.

        Args:
            old: the old matrix, shape (old_size or more, width).
        """
        end = len(self) if end is None else end
        made = np.zeros((end - begin, old.shape[1]), np.float32)
        at = begin
        while at < end:
            stop = int(np.searchsorted(self.offsets, self.offsets[at] + PRODUCTS, "right")) - 1
            stop = min(max(stop, at + 1), end)
            self._combine(old, at, stop, made[at - begin : stop - begin])
            at = stop
        chosen = self.dense_of[begin:end]
        made[chosen >= 0] += self.dense[chosen[chosen >= 0]]
        self._add_noise(made, begin, end)
        return made

    def _combine(self, old: NDArray[Any], begin: int, end: int, into: Floats) -> None:
        low, high = self.offsets[begin], self.offsets[end]
        if low == high:
            return
        products = np.asarray(old[self.ids[low:high]], np.float32)
        weights = self.weights[low:high]
        if (weights != 1).any():
            products = products * weights[:, None]
        lengths = np.diff(self.offsets[begin : end + 1])
        filled = lengths > 0
        starts = self.offsets[begin:end][filled] - low
        into[filled] = np.add.reduceat(products, starts, axis=0)

    def _add_noise(self, made: Floats, begin: int, end: int) -> None:
        for number in range(begin // BLOCK, -(-end // BLOCK)):
            first = number * BLOCK
            low, high = max(begin, first), min(end, first + BLOCK)
            chosen = self.noise_of[low:high]
            for at, noise in enumerate(self.noises):
                if (chosen == at).any():
                    drawn = noise.block(number)[low - first : high - first]
                    made[low - begin : high - begin][chosen == at] += drawn[chosen == at]

    def combine_numbers(self, numbers: Floats) -> Floats:
        """What the weights make of one number an old id, such as a bias of logits, shape (n,).

        A row that is no combination of old ones gets their mean.
        """
        none = np.full(len(self), -1)
        lone = replace(self, dense=np.zeros((0, 1), np.float32), dense_of=none, noise_of=none)
        made = lone.rows(numbers[:, None])[:, 0]
        made[(np.diff(self.offsets) == 0) & self.covered] = numbers.mean()
        return made

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a safetensors file, whole or not at all."""
        arrays = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if isinstance(getattr(self, each.name), np.ndarray)
        }
        arrays |= {f"noise.{at}": noise.factor for at, noise in enumerate(self.noises)}
        words = {
            "format": _FORMAT,
            "version": _VERSION,
            "old_size": str(self.old_size),
            "origins": "\n".join(self.origins),
            "seeds": " ".join(str(noise.seed) for noise in self.noises),
        }
        return write_arrays(path, arrays, words)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote.

        Raises:
            FormatError: the file is no plan, or damaged.
        """
        arrays, words = read_arrays(path)
        if (words.get("format"), words.get("version")) != (_FORMAT, _VERSION):
            raise FormatError(f"{os.fspath(path)} is no plan of rows of version {_VERSION}")
        try:
            seeds = [int(each) for each in words["seeds"].split()]
            noises = tuple(Noise(arrays.pop(f"noise.{at}"), seed) for at, seed in enumerate(seeds))
            origins = tuple(words["origins"].split("\n")) if words["origins"] else ()
            size = int(words["old_size"])
            return cls(old_size=size, noises=noises, origins=origins, **arrays)
        except (KeyError, TypeError, ValueError, ModelError) as error:
            raise FormatError(f"{os.fspath(path)} is a damaged plan of rows: {error}") from None
