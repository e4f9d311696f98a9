"""What a program of a schema does to a file, in readable Python; the core does the same.

A region is the whole file, or what ``within`` limits. Where a field does not fit into its region,
the rest of that is ``broken``: a mark, then the bytes. So every byte of any file has a label.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tokenry.domains.records.program import (
    BROKEN,
    BROKEN_MARK,
    TO_THE_END,
    FieldProgram,
    FieldRole,
    Operation,
)

DEEPEST: Final = 64
_MOST: Final = 2**40
Take = Callable[[int, int, int], bytes]


@dataclass
class SchemaMachine:
    """One run of a program.

    Attributes:
        program: what to do.
        take: the bytes of a label, at a place, so many.
        size: of the file.
        stretches: label and end of each, when it has run.
    """

    program: FieldProgram
    take: Take
    size: int
    stretches: list[tuple[int, int]] = field(default_factory=list)
    at: int = 0

    def run(self) -> list[tuple[int, int]]:
        """Label the file.

        Raises:
            ValueError: a constant is another.
        """
        self.values = [0] * self.program.registers
        self.end = self.size
        if self.group(0, 0) and self.at < self.size:
            self.spoil()
        return self.stretches

    def put(self, label: int, count: int) -> None:
        """The next bytes are of this label."""
        self.at += count
        self.stretches.append((label, self.at))

    def spoil(self) -> bool:
        """The rest of the region is no field."""
        left = self.end - self.at
        if left:
            self.put(BROKEN_MARK, 0)
            self.take(BROKEN, self.at, left)
            self.put(BROKEN, left)
        return False

    def number(self, register: int, shift: int, mask: int, times: int, plus: int) -> int:
        """A number of bytes or of times."""
        if register < 0:
            return plus
        return min(self.values[register] >> shift & mask, _MOST) * times + plus

    def fits(self, count: int) -> bool:
        """Whether the region has so many more bytes."""
        return 0 <= count <= self.end - self.at

    def group(self, target: int, depth: int) -> bool:
        """Run to the next leave; False where the region ended within."""
        if depth > DEEPEST:
            return self.spoil()
        while True:
            code, *numbers = self.program.operations[target].tolist()
            if code == Operation.LEAVE:
                return True
            if not self.step(Operation(code), numbers, depth):
                return False
            target += 1

    def step(self, code: Operation, numbers: list[int], depth: int) -> bool:
        """Run one operation."""
        match code:
            case Operation.FIELD:
                return self.number_field(*numbers[:4])
            case Operation.BYTES:
                return self.bytes_field(numbers[0], *numbers[1:6])
            case Operation.MARK:
                self.put(numbers[0], 0)
            case Operation.CHOOSE:
                target = self.chosen(*numbers[:6])
                return target < 0 or self.group(target, depth + 1)
            case Operation.CALL:
                return self.group(numbers[0], depth + 1)
            case Operation.WITHIN:
                return self.within(self.number(*numbers[:5]), numbers[5], depth)
            case Operation.REPEAT:
                endless = numbers[0] == TO_THE_END
                count = self.size if endless else self.number(*numbers[:5])
                return self.repeat(count, numbers[5], depth)
            case _:
                self.check(numbers[0], numbers[1])
        return True

    def number_field(self, label: int, width: int, big: int, register: int) -> bool:
        """A number, remembered where a register is named."""
        if not self.fits(width):
            return self.spoil()
        content = self.take(label, self.at, width)
        if register >= 0:
            self.values[register] = int.from_bytes(content, "big" if big else "little")
        self.put(label, width)
        return True

    def bytes_field(self, label: int, *count: int) -> bool:
        """Bytes, as many as a field says, or all that the region has."""
        register, shift, mask, times, plus = count
        left = self.end - self.at
        size = left if register == TO_THE_END else self.number(register, shift, mask, times, plus)
        if not self.fits(size):
            return self.spoil()
        if size:
            self.take(label, self.at, size)
            self.put(label, size)
        return True

    def chosen(
        self, register: int, shift: int, mask: int, first: int, count: int, default: int
    ) -> int:
        """The target of a value."""
        value = self.values[register] >> shift & mask
        for case, target in self.program.cases[first : first + count].tolist():
            if case == value:
                return int(target)
        return default

    def within(self, count: int, target: int, depth: int) -> bool:
        """A group in a region of its own, as far as there are bytes; the rest is no field."""
        if count < 0:
            return self.spoil()
        outer, self.end = self.end, min(self.end, self.at + count)
        if self.group(target, depth + 1):
            self.spoil()
        self.end = outer
        return True

    def repeat(self, count: int, target: int, depth: int) -> bool:
        """A group again and again, as long as it reads something."""
        for _ in range(count):
            before = self.at
            if before >= self.end:
                break
            if not self.group(target, depth + 1):
                return False
            if self.at == before:
                break
        return True

    def check(self, register: int, value: int) -> None:
        """Refuse another constant."""
        if self.values[register] != value:
            raise ValueError(
                f"before byte {self.at} stands {self.values[register]}; expected {value}"
            )


def read_labels(program: FieldProgram, data: bytes) -> list[tuple[int, int]]:
    """Label and end of each stretch of a file; ValueError where a constant is another."""
    return SchemaMachine(program, lambda _, at, count: data[at : at + count], len(data)).run()


def write_labels(
    program: FieldProgram, kept: bytes, aside: bytes, size: int
) -> list[tuple[int, int]]:
    """The same from what was kept and what stands aside; ValueError where these do not suffice."""
    sources = {FieldRole.KEEP: [kept], FieldRole.SIDE: [aside]}

    def cut(role: FieldRole, count: int) -> bytes:
        (left,) = sources[role]
        if count > len(left):
            raise ValueError("the bytes end within a field")
        sources[role][0] = left[count:]
        return left[:count]

    def take(label: int, _: int, count: int) -> bytes:
        role = FieldRole(int(program.roles[label]))
        if role == FieldRole.DROP:
            return bytes(8)
        if role >= FieldRole.QUANTISED:
            cut(FieldRole.KEEP, int(program.widths[label]))
            return cut(FieldRole.SIDE, count) if role == FieldRole.QUANTISED else bytes(8)
        return cut(role, count)

    return SchemaMachine(program, take, size).run()
