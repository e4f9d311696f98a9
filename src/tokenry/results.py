"""Results as JSON files that say what they are: a format, a version, and the content."""

from __future__ import annotations

import dataclasses
import json
import math
import os
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Any,
    ClassVar,
    Literal,
    Self,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from tokenry.errors import FormatError
from tokenry.files import write_text

T = TypeVar("T")
Json = dict[str, Any]
# Metadata of fields: ``figures: dict[str, float] = field(metadata=FLAT)``.
FLAT = {"flat": True}
"""Of a field whose content stands in JSON among the fields beside it."""
UNSAVED = {"unsaved": True}
"""Of a field, with a default, that JSON does not have; read back, it is the default."""


class Result:
    """A frozen dataclass that JSON has by its fields; see `plain`, `FLAT` and `UNSAVED`."""

    __slots__ = ()

    def to_json(self) -> Json:
        """A JSON object."""
        return cast(Json, plain(self))

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What `to_json` gave; errors as for `typed`."""
        return typed(cls, value)


class SavedResult(Result):
    """A result that is a JSON file of its own, with a format and a version."""

    format: ClassVar[str]
    version: ClassVar[int]

    @cached_property
    def content(self) -> Json:
        """The fields as plain data, with the format and its version before them."""
        return {"format": self.format, "version": self.version, **plain(self)}

    def to_json(self) -> Json:
        """The same as ``content``."""
        return self.content

    def dumps(self) -> str:
        """The same as JSON text."""
        return json.dumps(self.content, ensure_ascii=False, allow_nan=False)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as a JSON file."""
        return write_result(path, plain(self), format=self.format, version=self.version)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote.

        Raises:
            FormatError: the file holds another format or version, or lacks a field.
        """
        return cls.from_json(read_result(path, format=cls.format, version=cls.version))


def plain(value: Any) -> Any:
    """``value`` as JSON has it: dataclasses as objects, null for NaN and infinities."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _object(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _object(value: Any) -> Json:
    found: Json = {}
    kind: Any = type(value)
    for field in _saved_fields(kind):
        content = plain(getattr(value, field.name))
        found |= content if "flat" in field.metadata else {field.name: content}
    return found


def typed(kind: type[T], value: Any, where: str = "") -> T:
    """What was made `plain`, as ``kind`` again; null is NaN where a number stands.

    Args:
        kind: a dataclass, or what its fields may be: numbers, texts, paths, None, tuples, lists,
            mappings and unions of one of these with None.
        value: plain data.
        where: the place of ``value`` in the whole, for messages.

    Raises:
        FormatError: a field is missing, or of another kind; the message says where.
    """
    if dataclasses.is_dataclass(kind):
        return cast(T, _dataclass(kind, value, where))
    found = _container(kind, value, where) if get_origin(kind) else _scalar(kind, value, where)
    return cast(T, found)


def _dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise _mismatch(kind, value, where)
    hints, given = _hints(kind), {}
    own = {field.name for field in _saved_fields(kind) if "flat" not in field.metadata}
    for field in _saved_fields(kind):
        name, place = field.name, f"{where}.{field.name}".lstrip(".")
        if "flat" in field.metadata:
            rest = {key: each for key, each in value.items() if key not in own}
            given[name] = typed(hints[name], rest, where)
        elif name in value:
            given[name] = typed(hints[name], value[name], place)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise FormatError(f"{place} is missing; expected {_name(hints[name])}")
    return kind(**given)


def _container(kind: Any, value: Any, where: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        kinds = [each for each in inner if each is not NoneType]
        if value is None and len(kinds) < len(inner):
            return None
        return typed(kinds[0], value, where)
    if origin is Literal and value in inner:
        return value
    if origin in (tuple, list) and isinstance(value, list):
        kinds = [inner[0]] * len(value) if origin is list or inner[1:] == (...,) else list(inner)
        if len(kinds) == len(value):
            pairs = enumerate(zip(kinds, value, strict=True))
            return origin(typed(each, item, f"{where}[{i}]") for i, (each, item) in pairs)
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, Mapping):
        return {
            inner[0](key): typed(inner[1], each, f"{where}.{key}") for key, each in value.items()
        }
    raise _mismatch(kind, value, where)


def _scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is Any or kind is object:
        return value
    if kind is float and value is None:
        return math.nan
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind is Path and isinstance(value, str):
        return Path(value)
    if type(value) is kind:
        return value
    raise _mismatch(kind, value, where)


@cache
def _saved_fields(kind: Any) -> tuple[dataclasses.Field[Any], ...]:
    return tuple(each for each in dataclasses.fields(kind) if "unsaved" not in each.metadata)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _mismatch(kind: Any, value: Any, where: str) -> FormatError:
    shown = repr(value)
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    return FormatError(f"{where or 'the whole'} is {shown}; expected {_name(kind)}")


def _name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and not get_origin(kind) else str(kind)


def write_result(
    path: str | os.PathLike[str],
    content: Mapping[str, Any],
    *,
    format: str,
    version: int,
    indent: int | None = 1,
) -> Path:
    """Write a result, whole or not at all; with ``indent`` None on one line, as large ones are."""
    whole = {"format": format, "version": version, **plain(content)}
    text = json.dumps(whole, indent=indent, ensure_ascii=False, allow_nan=False)
    return write_text(path, text + "\n")


def read_result(
    path: str | os.PathLike[str],
    *,
    format: str,
    version: int,
    remedy: str = "make it again",
    error: type[Exception] = FormatError,
) -> Json:
    """Read a result, ``format`` and ``version`` included.

    Raises:
        FormatError: the file is no JSON, or another format or version; or ``error``, if given.
    """
    try:
        content = json.loads(Path(path).read_bytes())
    except ValueError as reason:
        raise error(f"{path} is not JSON ({reason}); {remedy}") from None
    if not isinstance(content, dict) or content.get("format") != format:
        raise error(f"{path} is not of the format {format!r}; {remedy}")
    if content.get("version") != version:
        found = content.get("version")
        raise error(f"{path} has version {found!r} of {format}, expected {version}; {remedy}")
    return content
