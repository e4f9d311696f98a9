"""Frozen dataclasses, and what their fields may be, as plain data that JSON has, and back.

`plain` looks at the values and `typed` at the annotations, so a class has nothing to say for it.
"""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from tokenry.errors import FormatError

T = TypeVar("T")
Json = dict[str, Any]
# What becomes of a JSON object that stands where an annotation says so, at a place in the whole.
ReadObject = Callable[[Any, Mapping[str, Any], str], Any]
# Metadata of fields: ``figures: dict[str, float] = field(metadata=FLAT)``.
FLAT = {"flat": True}
"""Of a field whose content stands in JSON among the fields beside it."""
UNSAVED = {"unsaved": True}
"""Of a field, with a default, that JSON does not have; read back, it is the default."""


def plain(value: Any, of_dataclass: Callable[[Any], Any] | None = None) -> Any:
    """``value`` as JSON has it: dataclasses as objects, null for NaN and infinities.

    Bytes are written as the characters of the same numbers (ISO 8859-1).

    Args:
        value: dataclasses, mappings, lists and tuples of what JSON has, paths and bytes.
        of_dataclass: what a dataclass becomes, if not the object of its fields.
    """
    inner = partial(plain, of_dataclass=of_dataclass)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return (of_dataclass or _fields_of)(value)
    if isinstance(value, Mapping):
        return {str(key): inner(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [inner(each) for each in value]
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _fields_of(value: Any) -> Json:
    found: Json = {}
    kind: Any = type(value)
    for field in _saved_fields(kind):
        content = plain(getattr(value, field.name))
        found |= content if "flat" in field.metadata else {field.name: content}
    return found


def typed(kind: type[T], value: Any, where: str = "", read_object: ReadObject | None = None) -> T:
    """What was made `plain`, as ``kind`` again; null is NaN where a number stands.

    Args:
        kind: a dataclass, or what its fields may be: numbers, texts, bytes, paths, None, tuples,
            lists, mappings and unions of these. Of two that a value fits, its own type comes first.
        value: plain data.
        where: the place of ``value`` in the whole, for messages.
        read_object: what an object becomes where no mapping stands, if not a dataclass.

    Raises:
        FormatError: a field is missing, or of another kind; the message says where.
    """
    bare, read = _bare(kind), read_object or _dataclass
    origin = get_origin(bare)
    if origin in (Union, UnionType):
        found = _alternative(bare, value, where, read)
    elif _is_mapping(origin):
        found = _mapping(bare, value, where, read)
    elif isinstance(value, Mapping):
        found = read(bare, value, where)
    elif origin and origin is not Literal:
        found = _items(bare, value, where, read)
    else:
        found = _scalar(bare, value, where)
    return cast(T, found)


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _alternative(kind: Any, value: Any, where: str, read: ReadObject) -> Any:
    kinds = [each for each in get_args(kind) if each is not NoneType]
    if value is None and len(kinds) < len(get_args(kind)):
        return None
    if len(kinds) == 1:
        return typed(kinds[0], value, where, read)
    for each in sorted(kinds, key=lambda each: type(value) is not _bare(each)):
        try:
            return typed(each, value, where, read)
        except FormatError:
            continue
    raise mismatch(kind, value, where)


def _mapping(kind: Any, value: Any, where: str, read: ReadObject) -> Any:
    if not isinstance(value, Mapping):
        raise mismatch(kind, value, where)
    of_key, of_value = get_args(kind)
    return {
        of_key(key): typed(of_value, each, f"{where}.{key}", read) for key, each in value.items()
    }


def _items(kind: Any, value: Any, where: str, read: ReadObject) -> Any:
    """A list as the list or tuple of an annotation; of any other collection as a tuple."""
    origin, inner = get_origin(kind), get_args(kind)
    if not isinstance(value, list) or not issubclass(origin, Collection):
        raise mismatch(kind, value, where)
    fixed = origin is tuple and inner[1:] != (...,)
    kinds = list(inner) if fixed else [inner[0]] * len(value)
    if len(kinds) != len(value):
        raise mismatch(kind, value, where)
    places = enumerate(zip(kinds, value, strict=True))
    read_items = (typed(each, item, f"{where}[{i}]", read) for i, (each, item) in places)
    return list(read_items) if origin is list else tuple(read_items)


def _dataclass(kind: Any, value: Mapping[str, Any], where: str) -> Any:
    if kind in (Any, object):
        return value
    if not hasattr(kind, "__dataclass_fields__"):
        raise mismatch(kind, value, where)
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


def _scalar(kind: Any, value: Any, where: str) -> Any:
    if kind in (Any, object) or (get_origin(kind) is Literal and value in get_args(kind)):
        return value
    if kind is float and value is None:
        return math.nan
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind is Path and isinstance(value, str):
        return Path(value)
    if kind is bytes and isinstance(value, str) and max(value, default="") <= "\xff":
        return value.encode("latin-1")
    if type(value) is kind:
        return value
    raise mismatch(kind, value, where)


@cache
def _saved_fields(kind: Any) -> tuple[dataclasses.Field[Any], ...]:
    return tuple(each for each in dataclasses.fields(kind) if "unsaved" not in each.metadata)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def mismatch(kind: Any, value: Any, where: str) -> FormatError:
    """The error that says what stands at a place, and what is expected there."""
    shown = repr(value)
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    return FormatError(f"{where or 'the whole'} is {shown}; expected {_name(kind)}")


def _name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and not get_origin(kind) else str(kind)
