"""A schema: which bytes of a binary file are which field, as data that a person can write.

A JSON file of the format ``tokenry-schema``: ``fields`` in the order of the file, and ``groups`` of
fields by name, which steps read within a region, over and over, or by the value of a field. Source
of the idea: the schemas of protocols in Guthula et al. 2023, "netFound", arXiv:2310.17025.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from tokenry.errors import DomainError, TokenryError
from tokenry.json_data import typed

FORMAT: Final = "tokenry-schema"
VERSION: Final = 1
TYPES: Final = re.compile(r"[ui][1-8]|f[48]")
Role = Literal["keep", "side", "drop"]
Endian = Literal["little", "big"]
REST: Final = "rest"


@dataclass(frozen=True, kw_only=True)
class FieldNumber:
    """A number that a field says: ``((value >> shift) & mask) * times + plus``."""

    of: str
    shift: int = 0
    mask: int = 2**63 - 1
    times: int = 1
    plus: int = 0


@dataclass(frozen=True, kw_only=True)
class Quantisation:
    """Values in ``bins`` of equal width from ``low`` to ``high``; what lies beyond is in the last.

    Attributes:
        low, high: the ends.
        bins: at most 65,536.
        exact: whether the exact value stands aside; else the middle of its bin comes back.
    """

    low: float
    high: float
    bins: int = 256
    exact: bool = True


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of reading; it says exactly one of ``type``, ``bytes``, ``within``, ``repeat``,
    ``switch`` and ``read``, or nothing but ``mark``.

    Attributes:
        name: of a field.
        type: a number: ``u1`` to ``u8``, ``i1`` to ``i8``, ``f4``, ``f8``.
        bytes: a field of so many bytes, of as many as a field says, or of the ``rest``.
        within: reads the group ``read`` in a region of so many bytes.
        repeat: reads the group ``read`` so many times, or to the end of the region (``rest``).
        switch: reads the group that ``cases`` names for the value of a field, else ``default``.
        read: the name of a group.
        role: ``keep`` in the ids, ``side``: stands aside, ``drop``: is gone for good.
        endian: of a number, where it is not that of the schema.
        value: what a number must be; the file is not of this kind where it is another.
        quantise: of a number: bins stand in the ids.
        channel: whether the number is also given beside the ids, as a channel of its name.
        mark: of the beginning of this step.
    """

    name: str = ""
    type: str | None = None
    bytes: int | str | FieldNumber | None = None
    within: int | str | FieldNumber | None = None
    repeat: int | str | FieldNumber | None = None
    switch: str | FieldNumber | None = None
    read: str | None = None
    cases: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    role: Role = "keep"
    endian: Endian | None = None
    value: int | None = None
    quantise: Quantisation | None = None
    channel: bool = False
    mark: str | None = None

    @property
    def width(self) -> int:
        """Bytes of a number."""
        return int(self.type[1]) if self.type else 0

    @property
    def is_field(self) -> bool:
        """Whether it has bytes of its own."""
        return self.type is not None or self.bytes is not None

    def numbers(self) -> Iterator[FieldNumber]:
        """The fields that it depends on."""
        for each in (self.bytes, self.within, self.repeat, self.switch):
            if isinstance(each, FieldNumber):
                yield each
            elif isinstance(each, str) and each != REST:
                yield FieldNumber(of=each)


@dataclass(frozen=True, kw_only=True)
class Schema:
    """The fields of a kind of files.

    Attributes:
        name: of the kind; its marks are ``name.mark``.
        fields: from the first byte on.
        groups: fields that steps read, by name.
        endian: of all numbers that say no other.
        suffixes: of files of this kind.

    Raises:
        DomainError: a step says too much or too little, or names what is not there.
    """

    name: str
    fields: tuple[Step, ...]
    groups: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    endian: Endian = "little"
    suffixes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", self.name):
            raise DomainError(f"a schema is named {self.name!r}; expected small letters and digits")
        names = {each.name for each in self.steps() if each.is_field}
        for where, step in self._placed():
            try:
                _check(step, names, self.groups)
            except DomainError as error:
                raise DomainError(f"schema {self.name!r}, {where}: {error}") from None

    def steps(self) -> Iterator[Step]:
        """All steps: the fields, then those of the groups."""
        return (step for _, step in self._placed())

    def _placed(self) -> Iterator[tuple[str, Step]]:
        for group, steps in {"fields": self.fields, **self.groups}.items():
            for number, step in enumerate(steps):
                yield f"{group}[{number}] {step.name!r}", step

    def marks(self) -> tuple[str, ...]:
        """Names of all marks, in the order in which they stand in the schema."""
        return tuple(dict.fromkeys(step.mark for step in self.steps() if step.mark))


def _check(step: Step, names: set[str], groups: Mapping[str, object]) -> None:
    """Refuse a step that says too much or too little."""
    said = [
        name
        for name in ("type", "bytes", "within", "repeat", "switch")
        if getattr(step, name) is not None
    ]
    if len(said) > 1 or not (said or step.read or step.mark):
        raise DomainError(
            f"it says {' and '.join(said) or 'nothing'}; expected one of type, bytes, within, "
            "repeat, switch, read or a mark"
        )
    if step.type is not None and not TYPES.fullmatch(step.type):
        raise DomainError(f"type {step.type!r}; expected u1 to u8, i1 to i8, f4 or f8")
    if step.is_field and not step.name:
        raise DomainError("a field needs a name")
    _check_names(step, names, groups)
    _check_numbers(step)


def _check_names(step: Step, names: set[str], groups: Mapping[str, object]) -> None:
    for number in step.numbers():
        if number.of not in names:
            raise DomainError(
                f"there is no field {number.of!r}; fields are {', '.join(sorted(names))}"
            )
    needs_group = step.within is not None or step.repeat is not None
    for group in (step.read, step.default, *step.cases.values()):
        if group is not None and group not in groups:
            raise DomainError(
                f"there is no group {group!r}; groups are {', '.join(groups) or 'none'}"
            )
    if needs_group and step.read is None:
        raise DomainError("within and repeat need the name of a group in read")


def _check_numbers(step: Step) -> None:
    is_number = step.type is not None
    if (step.value is not None or step.quantise or step.channel) and not is_number:
        raise DomainError("value, quantise and channel are of numbers; give it a type")
    if step.quantise and not (
        1 <= step.quantise.bins <= 65_536 and step.quantise.low < step.quantise.high
    ):
        raise DomainError("quantise needs low below high and 1 to 65536 bins")
    for number in step.numbers():
        if number.shift not in range(64) or abs(number.times) > 2**20 or abs(number.plus) > 2**40:
            raise DomainError(
                f"{number} is no number of bytes; shift is 0 to 63, times at most 2**20"
            )


def schema_of(data: Mapping[str, Any]) -> Schema:
    """The schema that JSON says.

    Raises:
        DomainError: it is none; the message says where.
    """
    if (data.get("format"), data.get("version")) != (FORMAT, VERSION):
        raise DomainError(f'no schema: expected "format": "{FORMAT}", "version": {VERSION}')
    _check_keys(data)
    try:
        return typed(Schema, {key: data[key] for key in data if key not in ("format", "version")})
    except DomainError:
        raise
    except TokenryError as error:
        raise DomainError(f"no schema: {error}") from error


def _check_keys(data: Mapping[str, Any]) -> None:
    """Refuse misspelled keys, which would be read as if they were not there."""
    known = {*Schema.__dataclass_fields__, "format", "version"}
    wrong = [key for key in data if key not in known]
    groups = data.get("groups", {})
    every = [data.get("fields", []), *(groups.values() if isinstance(groups, Mapping) else [])]
    steps = [step for group in every if isinstance(group, list) for step in group]
    wrong += [
        key
        for step in steps
        if isinstance(step, Mapping)
        for key in step
        if key not in Step.__dataclass_fields__
    ]
    if wrong:
        raise DomainError(
            f"a schema knows no {wrong[0]!r}; steps have {', '.join(Step.__dataclass_fields__)}"
        )


def read_schema(path: str | os.PathLike[str]) -> Schema:
    """The schema in a file.

    Raises:
        DomainError: it is none; the message says where.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise TypeError("it is no object")
    except (ValueError, TypeError) as error:
        raise DomainError(f"{path} is no schema: {error}") from error
    return schema_of(data)
