"""A schema as a program of a few operations, which a machine runs over files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.records.schema import REST, FieldNumber, Schema, Step
from tokenry.errors import DomainError


class Operation(IntEnum):
    """What a row of a program does."""

    FIELD = 0  # label, width, whether big-endian, register or -1
    BYTES = 1  # label, then how many
    MARK = 2  # label
    CHOOSE = 3  # register, shift, mask, first case, cases, target of others or -1
    CALL = 4  # target
    LEAVE = 5
    WITHIN = 6  # how many, then the target
    REPEAT = 7  # how many, then the target
    CHECK = 8  # register, value


class FieldRole(IntEnum):
    """Where the bytes of a label go."""

    KEEP = 0
    SIDE = 1
    DROP = 2
    QUANTISED = 3  # its bin is kept, its exact value stands aside
    BINNED = 4  # its bin is kept


BROKEN, BROKEN_MARK = 0, 1  # labels of what is no field
TO_THE_END: Final = -2  # in the place of a register
ROW: Final = 8


@dataclass(frozen=True, eq=False)
class FieldProgram:
    """A schema, compiled.

    Attributes:
        operations: shape (n, 8): an `Operation` and its numbers.
        cases: shape (m, 2): value and target.
        steps: the step of each label; None for the two of what is no field.
        roles: a `FieldRole` for each label, shape (labels,).
        widths: bytes of quantised values by label.
        marks: the number of the mark of a label, -1 where it is a field.
        registers: how many values are remembered.
    """

    operations: NDArray[np.int64]
    cases: NDArray[np.int64]
    steps: tuple[Step | None, ...]
    roles: NDArray[np.uint8]
    widths: NDArray[np.uint8]
    marks: NDArray[np.int64]
    registers: int


@dataclass
class _Compiler:
    """What grows while groups are compiled."""

    schema: Schema
    roles: Mapping[str, FieldRole]
    registers: dict[str, int]
    mark_numbers: dict[str, int]
    rows: list[list[int]] = field(default_factory=list)
    cases: list[list[object]] = field(default_factory=list)
    calls: list[tuple[int, int, str]] = field(default_factory=list)  # row, column, group
    labels: list[tuple[Step | None, FieldRole, int]] = field(default_factory=list)

    def group(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self.step(step)
        self.row(Operation.LEAVE)

    def row(self, code: Operation, *numbers: int) -> None:
        self.rows.append([code, *numbers, *[0] * (ROW - 1 - len(numbers))])

    def step(self, step: Step) -> None:
        if step.mark:
            self.row(Operation.MARK, self.label(step, self.mark_numbers[step.mark]))
        if step.type is not None:
            self.number_field(step)
        elif step.bytes is not None:
            self.row(Operation.BYTES, self.label(step), *self.count(step.bytes))
        elif step.switch is not None:
            self.switch(step)
        elif step.within is not None or step.repeat is not None:
            code = Operation.REPEAT if step.within is None else Operation.WITHIN
            self.row(code, *self.count(step.repeat if step.within is None else step.within), 0)
            self.calls.append((len(self.rows) - 1, 6, step.read or ""))
        elif step.read is not None:
            self.row(Operation.CALL, 0)
            self.calls.append((len(self.rows) - 1, 1, step.read))

    def number_field(self, step: Step) -> None:
        register = self.registers.get(step.name, -1)
        big = (step.endian or self.schema.endian) == "big"
        self.row(Operation.FIELD, self.label(step), step.width, big, register)
        if step.value is not None:
            self.row(Operation.CHECK, register, step.value)

    def switch(self, step: Step) -> None:
        (number,) = step.numbers()
        first = len(self.cases)
        self.cases += [[int(value, 0), group] for value, group in step.cases.items()]
        register = self.registers[number.of]
        self.row(Operation.CHOOSE, register, number.shift, number.mask, first, len(step.cases), -1)
        if step.default is not None:
            self.calls.append((len(self.rows) - 1, 6, step.default))

    def count(self, given: int | str | FieldNumber | None) -> tuple[int, int, int, int, int]:
        """Register, shift, mask, times and plus."""
        if isinstance(given, int):
            return -1, 0, 0, 0, given
        if given == REST or given is None:
            return TO_THE_END, 0, 0, 0, 0
        number = FieldNumber(of=given) if isinstance(given, str) else given
        return (
            self.registers[number.of], number.shift, number.mask, number.times, number.plus
        )  # fmt: skip

    def label(self, step: Step, mark: int = -1) -> int:
        role = FieldRole.KEEP if mark >= 0 else self.role(step)
        self.labels.append((step, role, mark))
        return len(self.labels) - 1

    def role(self, step: Step) -> FieldRole:
        role = self.roles.get(step.name, FieldRole[step.role.upper()])
        if step.name in self.registers and role == FieldRole.DROP:
            raise DomainError(
                f"{step.name!r} decides what follows and cannot be dropped; let it stand aside"
            )
        if step.quantise is None or role != FieldRole.KEEP:
            return role
        return FieldRole.QUANTISED if step.quantise.exact else FieldRole.BINNED


def compiled(schema: Schema, roles: Mapping[str, FieldRole] | None = None) -> FieldProgram:
    """The program of a schema.

    Args:
        schema: what to read.
        roles: of fields by name, in the place of those of the schema.

    Raises:
        DomainError: a field that decides what follows is dropped.
    """
    needed = [number.of for step in schema.steps() for number in step.numbers()]
    needed += [step.name for step in schema.steps() if step.value is not None]
    registers = {name: number for number, name in enumerate(dict.fromkeys(needed))}
    marks = {name: number for number, name in enumerate(("broken", *schema.marks()))}
    compiler = _Compiler(schema, roles or {}, registers, marks)
    compiler.labels = [(None, FieldRole.KEEP, -1), (None, FieldRole.KEEP, 0)]
    targets = {}
    for name, steps in {"": schema.fields, **schema.groups}.items():
        targets[name] = len(compiler.rows)
        compiler.group(steps)
    for row, column, name in compiler.calls:
        compiler.rows[row][column] = targets[name]
    cases = [[value, targets[str(name)]] for value, name in compiler.cases]
    steps, kinds, numbers = zip(*compiler.labels, strict=True)
    return FieldProgram(
        operations=np.array(compiler.rows, np.int64),
        cases=np.array(cases, np.int64).reshape(-1, 2),
        steps=steps,
        roles=np.array(kinds, np.uint8),
        widths=np.array([_bin_width(step) for step in steps], np.uint8),
        marks=np.array(numbers, np.int64),
        registers=len(registers),
    )


def _bin_width(step: Step | None) -> int:
    return 0 if step is None or step.quantise is None else 1 if step.quantise.bins <= 256 else 2
