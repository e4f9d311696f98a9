"""Reads a `model.bin` of CTranslate2, without that library.

Little-endian. Version of the format (uint32), name of the model (string), its revision (uint32),
number of variables (uint32); then for each its name (string), number of dimensions (uint8),
dimensions (uint32 each), type (uint8), bytes (uint32) and values. A string is its length with an
ending zero (uint16) and the bytes. Aliases follow, which we do not need.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)


def read_variables(data: bytes) -> dict[str, NDArray[Any]]:
    """Arrays by name, in their own types."""
    take = _Reader(data)
    version = take.number("I")
    if version < 6:
        raise ValueError(
            f"a model.bin of version {version}; versions before 6 are laid out otherwise"
        )
    take.string()
    take.number("I")
    return dict(take.variable() for _ in range(take.number("I")))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    def number(self, kind: str) -> int:
        (value,) = struct.unpack_from("<" + kind, self._data, self._at)
        self._at += struct.calcsize("<" + kind)
        return int(value)

    def string(self) -> str:
        return bytes(self.run(self.number("H"))).rstrip(b"\0").decode()

    def run(self, size: int) -> memoryview:
        self._at += size
        return self._data[self._at - size : self._at]

    def variable(self) -> tuple[str, NDArray[Any]]:
        name = self.string()
        shape = [self.number("I") for _ in range(self.number("B"))]
        kind = TYPES[self.number("B")]
        return name, np.frombuffer(self.run(self.number("I")), kind).reshape(shape)
