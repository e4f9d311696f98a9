"""Parts as data: frozen dataclasses that are printed, saved and loaded by name, without torch.

A slot is a folder, a part a file. The registry of a room (``tokenry.<room>.registry.PARTS``) gives
each part a name, ``slot/part``; files and messages put the room in front: ``neural/norms/rms``. A
name stays when the part moves to another module.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar, cast, get_type_hints

from tokenry.errors import FormatError, PartError
from tokenry.json_data import Json, mismatch, plain, typed
from tokenry.registry import Registry
from tokenry.results import read_result, write_result

P = TypeVar("P")
KEY = "part"
_FORMAT = "tokenry part"


@cache
def parts_of(room: str) -> Registry[Any]:
    """The registry of a room's parts: ``neural``.

    Raises:
        PartError: no room of tokenry has this name, or it has no parts.
    """
    module = f"tokenry.{room}.registry"
    known = room.isidentifier() and _exists(module)
    parts = getattr(import_module(module), "PARTS", None) if known else None
    if not isinstance(parts, Registry):
        raise PartError(f"tokenry has no room {room!r} with parts; a name is room/slot/part")
    return parts


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def name_of(part: Any) -> str:
    """The name by which files know a part, or its class: ``neural/positions/rotary``.

    Raises:
        PartError: it is in no registry.
    """
    kind = part if isinstance(part, type) else type(part)
    names = kind.__module__.split(".")
    if names[0] == "tokenry" and len(names) > 2:
        target = f"{kind.__module__}:{kind.__qualname__}"
        for name, entry in parts_of(names[1]).items():
            if entry.target == target:
                return f"{names[1]}/{name}"
    raise PartError(
        f"{kind.__module__}.{kind.__qualname__} is in no registry of parts, so no file can name "
        "it; give it a line in its room's registry"
    )


def part_named(name: str) -> type[Any]:
    """The class of a part: ``neural/positions/rotary``.

    Raises:
        PartError: there is none.
    """
    room, _, rest = name.partition("/")
    return cast(type[Any], parts_of(room).load(rest))


def to_json(part: Any) -> Json:
    """A part as JSON has it: its name and its fields, parts within it likewise."""
    content = {field.name: plain(getattr(part, field.name), to_json) for field in fields(part)}
    return {KEY: name_of(part), **content}


def from_json(content: Mapping[str, Any]) -> Any:
    """The part that `to_json` wrote.

    Raises:
        PartError: it names no part, or a field that the part does not have or that is of another
            type or slot; or the part refuses the values.
    """
    if not isinstance(content, Mapping) or not isinstance(content.get(KEY), str):
        raise PartError(f"a part is an object with its name as {KEY!r}, but this is {content!r}")
    name = content[KEY]
    kind = part_named(name)
    hints, given = get_type_hints(kind), {**content}
    del given[KEY]
    known = [field.name for field in fields(kind)]
    for key in given:
        if key not in known:
            raise PartError(f"{name} has no field {key!r}; there are {', '.join(known)}")
    try:
        return kind(
            **{
                key: typed(hints[key], each, f"{key} of {name}", _part)
                for key, each in given.items()
            }
        )
    except FormatError as error:
        raise PartError(str(error)) from None
    except TypeError as error:
        raise PartError(f"{name} cannot be made of {sorted(given)}: {error}") from None


def _part(slot: Any, content: Mapping[str, Any], where: str) -> Any:
    """A part; it has to be of the slot whose module defines the annotation."""
    part = from_json(content)
    if slot is not Any and not type(part).__module__.startswith(slot.__module__):
        raise mismatch(slot, part, where)
    return part


def save_part(part: Any, path: str | os.PathLike[str]) -> None:
    """Write a part as a JSON file, whole or not at all."""
    write_result(path, {"config": to_json(part)}, format=_FORMAT, version=1)


def load_part(path: str | os.PathLike[str]) -> Any:
    """Read what `save_part` wrote; errors as for `from_json`."""
    return from_json(read_result(path, format=_FORMAT, version=1, error=PartError)["config"])


def at_least(part: Any, least: float, *names: str) -> None:
    """Raise where one of these fields is below ``least``.

    Raises:
        PartError: naming the part and the field.
    """
    for name in names:
        value = getattr(part, name)
        if value is not None and not value >= least:
            raise PartError(
                f"{name} of {type(part).__name__} is {value!r}, expected {least} or more"
            )


def above(part: Any, bound: float, *names: str) -> None:
    """Raise where one of these fields is not above ``bound``; errors as for `at_least`."""
    for name in names:
        value = getattr(part, name)
        if value is not None and not value > bound:
            raise PartError(
                f"{name} of {type(part).__name__} is {value!r}, expected more than {bound}"
            )
