"""The wire format of protocol buffers, as much of it as model files use."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tokenry.errors import FormatError

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
WIRE_NAMES = {
    VARINT: "a varint",
    FIXED64: "8 bytes",
    BYTES: "a length and bytes",
    FIXED32: "4 bytes",
}

Value = int | memoryview


def fields(message: memoryview, name: str) -> Iterator[tuple[int, int, Value]]:
    """Number, wire type and value of each field of a message.

    A varint is an int, everything else is the bytes. `FormatError` where the message is cut off
    or holds something that is not a field; ``name`` says in it what was being read.
    """
    at = 0
    while at < len(message):
        key, at = (message[at], at + 1) if message[at] < 0x80 else _varint(message, at, name)
        number, wire = key >> 3, key & 7
        if number == 0:
            raise FormatError(f"{name}: field number 0 at byte {at}; this is no protocol buffer")
        if wire == VARINT:
            value, at = _varint(message, at, name)
            yield number, wire, value
            continue
        if wire == BYTES:
            size, at = _varint(message, at, name)
        elif wire in (FIXED32, FIXED64):
            size = 4 if wire == FIXED32 else 8
        else:
            raise FormatError(f"{name}: field {number} has wire type {wire}, which is not in use")
        if size > len(message) - at:
            raise FormatError(
                f"{name}: field {number} claims {size} bytes, but only {len(message) - at} are "
                "left; the file is cut off or damaged"
            )
        yield number, wire, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int, name: str) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise FormatError(f"{name}: it ends inside a number; the file is cut off")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
    raise FormatError(f"{name}: a number at byte {at} is longer than 10 bytes")


def as_bytes(value: Value, name: str) -> memoryview:
    """The value of a field of bytes."""
    if isinstance(value, int):
        raise FormatError(f"{name} is a number; expected bytes")
    return value


def as_text(value: Value, name: str) -> str:
    """The value of a string field."""
    try:
        return str(as_bytes(value, name), "utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"{name} is not UTF-8: {error}") from None


def as_int(value: Value, name: str) -> int:
    """The value of an int32, bool or enum field."""
    if not isinstance(value, int):
        raise FormatError(f"{name} has {len(value)} bytes; expected a number")
    low = value & 0xFFFFFFFF
    return low - 2**32 if low >= 2**31 else low


def as_bool(value: Value, name: str) -> bool:
    """The value of a bool field."""
    return as_int(value, name) != 0


def as_float(value: Value, name: str) -> float:
    """The value of a float field."""
    if isinstance(value, int) or len(value) != 4:
        raise FormatError(f"{name} is not a 4-byte float")
    number: float = struct.unpack("<f", value)[0]
    return number


def varint(value: int) -> bytes:
    """A number as a varint; negative ones as 64 bits."""
    value &= 0xFFFFFFFFFFFFFFFF
    result = bytearray()
    while value >= 0x80:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*result, value])


def encode_varint(number: int, value: int) -> bytes:
    """A field that holds an int, a bool or an enum."""
    return varint(number << 3 | VARINT) + varint(value)


def encode_bytes(number: int, value: bytes) -> bytes:
    """A field that holds bytes, a string or a message."""
    return varint(number << 3 | BYTES) + varint(len(value)) + value


def encode_float(number: int, value: float) -> bytes:
    """A field that holds a 4-byte float."""
    return varint(number << 3 | FIXED32) + struct.pack("<f", value)
