"""Labelled bytes of a file: what of them is kept, what stands aside, and both together again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    """

    labels: NDArray[np.uint16]
    ends: Array

    @cached_property
    def begins(self) -> Array:
        """Where each begins."""
        return np.concatenate([self.ends[:1] * 0, self.ends[:-1]])

    @cached_property
    def sizes(self) -> Array:
        """Bytes of each."""
        return self.ends - self.begins


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
            labels, ends = self._machine.read(data)
        except ValueError as error:
            raise DomainError(f"no file of {self.schema.name}: {error}") from error
        return Stretches(labels, ends.astype(np.int64))

    def roles_of(self, stretches: Stretches) -> NDArray[np.uint8]:
        """The role of each stretch."""
        return self.program.roles[stretches.labels]

    def kept_sizes(self, stretches: Stretches) -> Array:
        """Bytes that models see of each stretch."""
        roles = self.roles_of(stretches)
        sizes = np.where(roles == FieldRole.KEEP, stretches.sizes, 0)
        binned = roles >= FieldRole.QUANTISED
        return np.where(binned, self.program.widths[stretches.labels], sizes).astype(np.int64)

    def kept(self, data: bytes, stretches: Stretches) -> bytes:
        """What models see, in the order of the file."""
        roles = self.roles_of(stretches)
        if not roles.any():
            return data
        codes = np.frombuffer(data, np.uint8)
        kept: Codes = codes[np.repeat(roles == FieldRole.KEEP, stretches.sizes)]
        if not (roles >= FieldRole.QUANTISED).any():
            return kept.tobytes()
        sizes = self.kept_sizes(stretches)
        run = np.empty(int(sizes.sum()), np.uint8)
        run[np.repeat(roles == FieldRole.KEEP, sizes)] = kept
        begins = np.cumsum(sizes) - sizes
        for label, step in self._quantised():
            rows = np.flatnonzero(stretches.labels == label)
            bins = bins_of(self.values(data, stretches, label, step)[rows], step)
            width = int(self.program.widths[label])
            put(run, begins[rows], bins, width)
        return run.tobytes()

    def aside(self, data: bytes, stretches: Stretches) -> bytes:
        """What stands aside, in the order of the file."""
        roles = self.roles_of(stretches)
        held = (roles == FieldRole.SIDE) | (roles == FieldRole.QUANTISED)
        if not held.any():
            return b""
        found: Codes = np.frombuffer(data, np.uint8)[np.repeat(held, stretches.sizes)]
        return found.tobytes()

    def _quantised(self) -> list[tuple[int, Step]]:
        rows = np.flatnonzero(self.program.roles >= FieldRole.QUANTISED).tolist()
        return [(row, step) for row in rows if (step := self.program.steps[row]) is not None]

    def values(
        self, data: bytes, stretches: Stretches, label: int, step: Step
    ) -> NDArray[np.float64]:
        """The number of each stretch of a label; 0 for the others; shape (n,)."""
        found = np.zeros(len(stretches.labels))
        rows = np.flatnonzero(stretches.labels == label)
        found[rows] = numbers(data, stretches.begins[rows], step, self.schema.endian)
        return found

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
            labels, ends = self._machine.write(kept, aside, size)
        except ValueError as error:
            raise DomainError(f"no file of {self.schema.name}: {error}") from error
        stretches = Stretches(labels, ends.astype(np.int64))
        roles = self.roles_of(stretches)
        if not roles.any():
            return kept
        file = np.zeros(int(stretches.ends[-1]) if len(ends) else 0, np.uint8)
        sizes = self.kept_sizes(stretches)
        run = np.frombuffer(kept, np.uint8)
        is_kept = roles == FieldRole.KEEP
        held = (roles == FieldRole.SIDE) | ((roles == FieldRole.QUANTISED) & (size is not None))
        if int(sizes.sum()) != len(run) or int(stretches.sizes[held].sum()) != len(aside):
            raise DomainError("more bytes are there than a file of this size has; ids of one file "
                              "belong together")  # fmt: skip
        file[np.repeat(is_kept, stretches.sizes)] = run[np.repeat(is_kept, sizes)]
        file[np.repeat(held, stretches.sizes)] = np.frombuffer(aside, np.uint8)
        self._put_middles(file, run, stretches, sizes, held)
        return file.tobytes()

    def _put_middles(
        self, file: Codes, run: Codes, stretches: Stretches, sizes: Array, held: NDArray[np.bool_]
    ) -> None:
        """Write the middle of its bin where no exact value stands aside."""
        begins = np.cumsum(sizes) - sizes
        for label, step in self._quantised():
            rows = np.flatnonzero((stretches.labels == label) & ~held)
            width = int(self.program.widths[label])
            places = begins[rows, None] + np.arange(width)
            bins = (run[places].astype(np.int64) << (8 * np.arange(width))).sum(axis=1)
            middles = middles_of(bins, step, self.schema.endian)
            file[stretches.begins[rows, None] + np.arange(step.width)] = middles


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
