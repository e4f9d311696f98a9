"""Records: binary files of fields by a schema that anyone can write; no piece crosses a field.

The idea of a schema tokenizer is netFound's (Guthula et al. 2023, arXiv:2310.17025): fields with
their width and byte order, kept, dropped or beside the ids. `tokenry.domains.records.schema` says
what a schema file is; packets and rows of sensors are instances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.contract import Domain, Promise
from tokenry.domains.parsed import Parsed
from tokenry.domains.records.fields import FieldReader, Stretches, numbers
from tokenry.domains.records.program import FieldRole
from tokenry.domains.records.schema import Schema, Step
from tokenry.domains.residue import Array, pack_arrays, unpack_arrays
from tokenry.errors import DomainError

SENSORS = Schema(
    name="sensors",
    fields=(
        Step(name="magic", type="u4", value=0x534E4553),
        Step(name="count", type="u2", role="side"),
        Step(repeat="count", read="row"),
    ),
    groups={
        "row": (
            Step(mark="row", name="time", type="u4", role="side", channel=True),
            Step(name="sensor", type="u1"),
            Step(name="value", type="f4", endian="big", channel=True),
            Step(name="length", type="u1"),
            Step(name="note", bytes="length"),
        )
    },
)
"""What `Records` reads where no schema is given: an example, and what tests are made of."""


_MOST: Final = 2.0**53  # of a channel: what float64 counts exactly


@dataclass(frozen=True, kw_only=True)
class Records(Domain):
    """Files of one schema.

    Attributes:
        schema: what the fields are.
        keep: fields that stand in the ids, whatever the schema says.
        side: fields that stand aside.
        drop: fields that are dropped; zeros come back.
    """

    name: ClassVar[str] = "records"
    learning: ClassVar[Mapping[str, Any]] = {"max_piece_length": 16}
    promise: ClassVar[Promise] = Promise(
        lossless="files whose constants are those of the schema, also where they are cut off",
        dropped="nothing; fields with role drop in the schema or in --domain-set drop=",
        ids="the marks of the schema, and one of what is no field (broken); pieces are of one "
        "field, or its bin; fields with role side and exact values of bins stand aside",
    )

    schema: Schema = field(default=SENSORS)
    keep: tuple[str, ...] = ()
    side: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    def validate(self) -> None:
        """Refuse fields that are not there, or that have two roles."""
        known = {step.name for step in self.schema.steps() if step.is_field}
        for name in (*self.keep, *self.side, *self.drop):
            if name not in known:
                raise DomainError(
                    f"no field is named {name!r}; there are {', '.join(sorted(known))}"
                )
        if len({*self.keep, *self.side, *self.drop}) < len(self.keep + self.side + self.drop):
            raise DomainError("a field is named twice in keep, side and drop; name it once")
        self.reader  # noqa: B018 (compiles the schema, which refuses what cannot be)

    @cached_property
    def reader(self) -> FieldReader:
        """The schema, ready to read."""
        given = {"KEEP": self.keep, "SIDE": self.side, "DROP": self.drop}
        roles = {name: FieldRole[role] for role, names in given.items() for name in names}
        return FieldReader(self.schema, roles)

    @property
    def marks(self) -> tuple[str, ...]:
        """Of what is no field, then those of the schema."""
        return tuple(f"{self.schema.name}.{mark}" for mark in ("broken", *self.schema.marks()))

    @property
    def lossless(self) -> bool:
        """Whether no field is dropped and exact values of bins stand aside."""
        return not np.isin(self.reader.program.roles, (FieldRole.DROP, FieldRole.BINNED)).any()

    def recognises(self, data: bytes) -> bool:
        """Whether its constants are those of the schema, where it has any."""
        if not any(step.value is not None for step in self.schema.steps()):
            return False
        try:
            self.reader.read(data)
        except DomainError:
            return False
        return True

    def read(self, data: bytes) -> Parsed:
        """Fields and marks.

        Raises:
            DomainError: a constant is another.
        """
        stretches = self.reader.read(data)
        layout = {} if self.reader.program.roles.max() == FieldRole.KEEP else {"size": [len(data)]}
        return parsed_of(
            self.reader, data, stretches, pack_arrays(layout, stretches.aside) if layout else b""
        )

    def write(self, parsed: Parsed) -> bytes:
        """The file again.

        Raises:
            DomainError: the bytes do not make fields, or a field that decides what follows stands
                aside and is not there.
        """
        arrays, aside = unpack_arrays(parsed.residue)
        size = int(arrays["size"][0]) if len(arrays.get("size", ())) else None
        size = len(parsed.run) if self.reader.program.roles.max() == FieldRole.KEEP else size
        return self.reader.write(parsed.run, aside, size)


def parsed_of(reader: FieldReader, data: bytes, stretches: Stretches, residue: bytes) -> Parsed:
    """Kept fields as a run, each between two cuts, marks, and channels."""
    begins = stretches.kept_begins
    marks = reader.program.marks[stretches.labels]
    is_mark = marks >= 0
    filled = stretches.kept_ends > begins
    return Parsed(
        run=stretches.kept,
        cuts=begins[filled].view(np.uint64),
        marks=marks[is_mark].astype(np.uint16),
        places=begins[is_mark].view(np.uint64),
        residue=residue,
        channels=channels_of(reader, data, stretches, filled),
    )


def channels_of(
    reader: FieldReader, data: bytes, stretches: Stretches, filled: NDArray[np.bool_]
) -> dict[str, NDArray[np.int64]]:
    """Numbers of the schema's channels: of each stretch that is seen, the last one before it."""
    found: dict[str, NDArray[np.int64]] = {}
    seen = np.flatnonzero(filled)
    for label, step in enumerate(reader.program.steps):
        if step is None or not step.channel or reader.program.marks[label] >= 0:
            continue
        rows = np.flatnonzero(stretches.labels == label)
        values = numbers(data, stretches.begins[rows], step, reader.schema.endian)
        last = _native.ranks_of(seen, rows, or_equal=True) - 1
        values[np.isnan(values)] = 0
        whole = np.clip(values, -_MOST, _MOST).astype(np.int64)
        padded: Array = np.append(whole, 0)
        found[step.name] = padded[last]
    return found
