"""The parts of a tokenizer as plain data, and back: what our own file and fingerprints are made of.

A part is a frozen dataclass of a module of `tokenry.text`; nothing else is ever constructed, so a
file cannot name code to run.
"""

from __future__ import annotations

import binascii
import dataclasses
import json
from base64 import b64encode
from collections.abc import Mapping
from enum import Enum

import numpy as np

from tokenry.errors import FormatError, UnsupportedError
from tokenry.text.saved_parts import name_of, saved_types
from tokenry.vocabulary import Vocabulary

ARRAY_TYPES = ("bool", "uint8", "int32", "uint32", "int64", "uint64", "float32", "float64")
Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def to_plain(value: object, vocabulary: Vocabulary) -> Json:
    """JSON for a part or a value inside one; the tokenizer's ``vocabulary`` is only referred to.

    A part may have another one for itself, as merges whose pieces have their ids by name.

    Raises:
        UnsupportedError: the value is of no type that has a place in a file.
    """
    if isinstance(value, Enum):
        return {"enum": _name(value), "name": value.name}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes):
        return {"bytes": b64encode(value).decode()}
    if isinstance(value, np.ndarray):
        return _array_to_plain(value)
    if isinstance(value, Mapping):
        pairs = value.items()
        return {"map": [[to_plain(k, vocabulary), to_plain(v, vocabulary)] for k, v in pairs]}
    if isinstance(value, frozenset | set):
        return {"set": sorted((to_plain(each, vocabulary) for each in value), key=repr)}
    if isinstance(value, list | tuple):
        return [to_plain(each, vocabulary) for each in value]
    if isinstance(value, Vocabulary):
        own = value != vocabulary
        return {"vocabulary": vocabulary_to_plain(value) if own else vocabulary.fingerprint()}
    return _part_to_plain(value, vocabulary)


def vocabulary_to_plain(vocabulary: Vocabulary) -> Json:
    """Its pieces and roles."""
    # base64 of each piece in a list: readable with any JSON tool, and compresses well.
    pieces: list[Json] = [
        None if piece is None else b64encode(piece).decode() for piece in vocabulary.pieces
    ]
    return {"pieces": pieces, "roles": {str(id_): role for id_, role in vocabulary.roles.items()}}


def vocabulary_from_plain(value: Json) -> Vocabulary:
    """Undo `vocabulary_to_plain`.

    Raises:
        FormatError: the data is not what it writes.
    """
    if not isinstance(value, dict):
        raise FormatError("tokenry file: 'vocabulary' must be an object")
    pieces, roles = value.get("pieces"), value.get("roles")
    if not isinstance(pieces, list) or not isinstance(roles, dict):
        raise FormatError("tokenry file: the vocabulary needs 'pieces' and 'roles'")
    return Vocabulary(
        (None if piece is None else read_base64(piece) for piece in pieces),
        {int(id_): str(role) for id_, role in roles.items()},
    )


def _array_to_plain(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Json:
    if array.dtype.name not in ARRAY_TYPES:
        raise UnsupportedError(f"an array of {array.dtype} cannot be written to a tokenizer file")
    data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
    return {
        "array": b64encode(data).decode(),
        "dtype": array.dtype.name,
        "shape": list(array.shape),
    }


def _part_to_plain(value: object, vocabulary: Vocabulary) -> Json:
    name = _name(value)
    fields = {
        field.name: to_plain(getattr(value, field.name), vocabulary)
        for field in dataclasses.fields(value)  # type: ignore[arg-type]
        if field.init
    }
    return {"type": name, **fields}


def _name(value: object) -> str:
    name = name_of(type(value))
    if name is None:
        raise UnsupportedError(
            f"a part of type {type(value).__name__} cannot be written to a tokenizer file; its "
            "parts must be those of tokenry.text"
        )
    return name


def from_plain(value: Json, vocabulary: Vocabulary) -> object:
    """Undo `to_plain`; sequences come back as tuples.

    Raises:
        FormatError: the data is not what `to_plain` writes, or a part refuses its fields.
    """
    if isinstance(value, list):
        return tuple(from_plain(each, vocabulary) for each in value)
    if not isinstance(value, dict):
        return value
    if "type" in value:
        return _part_from_plain(value, vocabulary)
    if "vocabulary" in value:
        if isinstance(value["vocabulary"], dict):
            return vocabulary_from_plain(value["vocabulary"])
        if value["vocabulary"] != vocabulary.fingerprint():
            raise FormatError("tokenry file: a part refers to a vocabulary that is not in the file")
        return vocabulary
    if "enum" in value:
        return _enum_from_plain(value)
    if "bytes" in value:
        return read_base64(value["bytes"])
    if "array" in value:
        return _array_from_plain(value)
    try:
        if "set" in value:
            return frozenset(from_plain(each, vocabulary) for each in _sequence(value["set"]))
        pairs = [_sequence(pair) for pair in _sequence(value.get("map"))]
        return {from_plain(key, vocabulary): from_plain(each, vocabulary) for key, each in pairs}
    except (TypeError, ValueError) as error:
        raise FormatError(f"tokenry file: cannot read {str(value)[:80]}: {error}") from None


def _sequence(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise FormatError(f"tokenry file: expected a list, found {str(value)[:80]}")
    return value


def read_base64(value: Json) -> bytes:
    """Bytes that were written as base64."""
    try:
        return binascii.a2b_base64(str(value), strict_mode=True)
    except ValueError as error:
        raise FormatError(f"tokenry file: damaged base64 ({error})") from None


def _array_from_plain(value: dict[str, Json]) -> object:
    data = read_base64(value["array"])
    dtype, shape = value.get("dtype"), value.get("shape")
    if dtype not in ARRAY_TYPES or not isinstance(shape, list):
        raise FormatError(f"tokenry file: an array of {dtype!r} and shape {shape!r} is unknown")
    try:
        array = np.frombuffer(data, dtype=np.dtype(str(dtype)).newbyteorder("<"))
        return array.astype(str(dtype)).reshape([int(str(side)) for side in shape])
    except (ValueError, TypeError) as error:
        raise FormatError(f"tokenry file: an array does not fit its shape: {error}") from None


def _enum_from_plain(value: dict[str, Json]) -> object:
    type_ = saved_types().get(str(value["enum"]))
    if type_ is None or not issubclass(type_, Enum) or value.get("name") not in type_.__members__:
        raise FormatError(f"tokenry file: unknown choice {str(value)[:80]}")
    return type_[str(value["name"])]


def _part_from_plain(value: dict[str, Json], vocabulary: Vocabulary) -> object:
    name = value["type"]
    type_ = saved_types().get(str(name))
    if type_ is None or not dataclasses.is_dataclass(type_):
        raise FormatError(f"tokenry file: a part of unknown type {name!r}")
    fields = {key: from_plain(each, vocabulary) for key, each in value.items() if key != "type"}
    try:
        part: object = type_(**fields)
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise FormatError(f"tokenry file: the part {name!r} cannot be built: {error}") from None
    return part


def canonical(value: Json) -> bytes:
    """One spelling of JSON: sorted keys, no spaces, ASCII; what digests are taken over."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
