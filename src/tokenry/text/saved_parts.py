"""The names by which tokenizer files and fingerprints know the parts.

A name is given once, beside the part, and stays when the part moves to another module: files that
were written and fingerprints that were noted keep their meaning.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from tokenry import text

T = TypeVar("T", bound=type)


class PickledFields:
    """A frozen dataclass whose pickles hold its fields, and nothing that it made from them."""

    __slots__ = ()

    def __getstate__(self) -> object:
        if not dataclasses.is_dataclass(self):
            return super().__getstate__()
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


_TYPES: dict[str, type] = {}
_NAMES: dict[type, str] = {}


def saved_as(name: str) -> Callable[[T], T]:
    """Give a frozen dataclass or an enumeration of this room its name in files."""

    def give(part: T) -> T:
        if _TYPES.setdefault(name, part) is not part:
            raise ValueError(f"two parts are saved as {name!r}: {_TYPES[name]} and {part}")
        _NAMES[part] = name
        return part

    return give


def name_of(part: type) -> str | None:
    """The name of a part's type in files, or None where files do not hold it."""
    return _NAMES.get(part)


@cache
def saved_types() -> Mapping[str, type]:
    """All types that files may name; imports every module of this room."""
    import pkgutil  # takes as long to import as several parts

    for info in pkgutil.walk_packages(text.__path__, f"{text.__name__}."):
        importlib.import_module(info.name)
    return MappingProxyType(_TYPES)
