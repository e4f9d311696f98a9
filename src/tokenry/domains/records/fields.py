"""Labelled bytes of a file: what of them is kept, what stands aside, and both together again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.records.program import FieldProgram, FieldRole, compiled
from tokenry.domains.records.quantising import bins_of, middles_of
from tokenry.domains.records.schema import Schema, Step
from tokenry.domains.residue import Array
from tokenry.errors import DomainError

Codes = NDArray[np.uint8]
# Bytes that a file may have whatever is left of it, and for each byte that is left.
_ROOM: Final = 2**20
_FACTOR: Final = 2**10


@dataclass(frozen=True, eq=False)
class Stretches:
    """A file in stretches, each of a field or a mark.

    Attributes:
        labels: of each, shape (n,).
        ends: in the file, shape (n,).
        kept_ends: in what is kept, shape (n,).
        kept: what models see, in the order of the file.
        aside: what stands aside, in the order of the file.
    """

    labels: NDArray[np.uint16]
    ends: Array
    kept_ends: Array
    kept: bytes
    aside: bytes

    @cached_property
    def begins(self) -> Array:
        """Where each begins."""
        return _before(self.ends)

    @cached_property
    def sizes(self) -> Array:
        """Bytes of each."""
        return self.ends - self.begins

    @cached_property
    def kept_begins(self) -> Array:
        """Where each begins in what is kept."""
        return _before(self.kept_ends)


def _before(ends: Array) -> Array:
    return np.concatenate([ends[:1] * 0, ends[:-1]])


class FieldReader:
    """A schema that is ready to read and write files.

    Args:
        schema: what the fields are.
        roles: of fields by name, in the place of those of the schema.
    """

    def __init__(self, schema: Schema, roles: Mapping[str, FieldRole] | None = None) -> None:
        self.schema = schema
        self.program: FieldProgram = compiled(schema, roles)
        self._machine = _native.SchemaProgram(
            operations=self.program.operations,
            cases=self.program.cases,
            roles=self.program.roles,
            widths=self.program.widths,
            registers=self.program.registers,
        )

    def read(self, data: bytes) -> Stretches:
        """Label a file.

        Raises:
            DomainError: a constant is another, so it is no such file.
        """
        try:
            labels, ends, kept_ends, kept, aside = self._machine.read(data)
        except ValueError as error:
            raise DomainError(f"no file of {self.schema.name}: {error}") from error
        found = Stretches(labels, ends.view(np.int64), kept_ends.view(np.int64), kept, aside)
        return replace(found, kept=self._with_bins(data, found)) if self._quantised else found

    def _with_bins(self, data: bytes, stretches: Stretches) -> bytes:
        run = np.frombuffer(stretches.kept, np.uint8).copy()
        for label, step in self._quantised:
            rows = np.flatnonzero(stretches.labels == label)
            values = numbers(data, stretches.begins[rows], step, self.schema.endian)
            width = int(self.program.widths[label])
            put(run, stretches.kept_begins[rows], bins_of(values, step), width)
        return run.tobytes()

    @cached_property
    def _quantised(self) -> list[tuple[int, Step]]:
        rows = np.flatnonzero(self.program.roles >= FieldRole.QUANTISED).tolist()
        return [(row, step) for row in rows if (step := self.program.steps[row]) is not None]

    def write(self, kept: bytes, aside: bytes, size: int | None) -> bytes:
        """The file of what was kept and what stands aside; what was dropped is zeros.

        Args:
            kept: as `kept` gives it.
            aside: as `aside` gives it.
            size: of the file; None where it is not known.

        Raises:
            DomainError: they do not suffice, or something is left.
        """
        if size is not None and not 0 <= size <= _ROOM + _FACTOR * (len(kept) + len(aside)):
            raise DomainError(f"{len(kept) + len(aside)} bytes make no file of {size}")
        try:
            labels, ends, file = self._machine.write(kept, aside, size)
        except ValueError as error:
            raise DomainError(f"no file of {self.schema.name}: {error}") from error
        binned = [
            (label, step)
            for label, step in self._quantised
            if size is None or self.program.roles[label] == FieldRole.BINNED
        ]
        return self._with_middles(file, kept, labels, ends.view(np.int64), binned)

    def _with_middles(
        self,
        file: bytes,
        kept: bytes,
        labels: NDArray[np.uint16],
        ends: Array,
        binned: list[tuple[int, Step]],
    ) -> bytes:
        """The file with the middle of its bin where no exact value stands aside."""
        if not binned:
            return file
        codes, run = np.frombuffer(file, np.uint8).copy(), np.frombuffer(kept, np.uint8)
        roles = self.program.roles[labels]
        begins = _before(ends)
        sizes = np.where(roles == FieldRole.KEEP, ends - begins, 0)
        sizes = np.where(roles >= FieldRole.QUANTISED, self.program.widths[labels], sizes)
        kept_begins = np.cumsum(sizes) - sizes
        for label, step in binned:
            rows = np.flatnonzero(labels == label)
            width = int(self.program.widths[label])
            places = kept_begins[rows, None] + np.arange(width)
            bins = (run[places].astype(np.int64) << (8 * np.arange(width))).sum(axis=1)
            middles = middles_of(bins, step, self.schema.endian)
            codes[begins[rows, None] + np.arange(step.width)] = middles
        return codes.tobytes()


def put(run: Codes, begins: Array, values: Array, width: int) -> None:
    """Write numbers of ``width`` bytes, little-endian, at these places."""
    for byte in range(width):
        run[begins + byte] = (values >> 8 * byte) & 255


def numbers(data: bytes, begins: Array, step: Step, endian: str) -> NDArray[np.float64]:
    """Numbers that begin at these places, as float64."""
    codes = np.frombuffer(data, np.uint8)
    rows = codes[begins[:, None] + np.arange(step.width)]
    if (step.endian or endian) == "big":
        rows = rows[:, ::-1]
    kind = (step.type or "u1")[0]
    if kind == "f":
        return np.ascontiguousarray(rows).view(f"<f{step.width}")[:, 0].astype(np.float64)
    wide = np.zeros((len(rows), 8), np.uint8)
    wide[:, : step.width] = rows
    if kind == "i" and len(rows):
        wide[:, step.width :] = np.where(rows[:, -1:] > 127, 255, 0)
    return wide.view("<u8" if kind == "u" else "<i8")[:, 0].astype(np.float64)
