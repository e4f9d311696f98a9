"""safetensors files: read from a map of the disk a tensor at a time, written in one pass.

The format is eight bytes of length, a JSON header, and the data. Read here, tensors keep their
bytes and so their dtype (bfloat16 has none in numpy), and nothing is in memory that is not asked
for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import FormatError, UnsupportedError
from tokenry.files import writing

FLOATS: Final = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
"""Dtypes that rows may have, as numpy holds them; bfloat16 is the upper half of a float32."""
_OTHERS: Final = {"I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1", "U8": "<u1", "BOOL": "?"}
_NAMES: Final = {np.dtype(each): name for name, each in {**_OTHERS, **FLOATS}.items()
                 if name != "BF16"}  # fmt: skip
SLICE = 1 << 24  # bytes that are copied at a time


@dataclass(frozen=True)
class StoredTensor:
    """A tensor in a file.

    Attributes:
        name: of the tensor.
        dtype: as safetensors calls it.
        shape: of it.
        begin: where its bytes begin in the file.
        end: where they end.
        path: of the file.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int
    path: Path

    def slices(self) -> Iterator[memoryview]:
        """Its bytes, a slice at a time."""
        with self.path.open("rb") as file:
            file.seek(self.begin)
            left = self.end - self.begin
            while left:
                data = file.read(min(left, SLICE))
                if not data:
                    raise FormatError(f"{self.path} ends inside of {self.name}; it is cut off")
                left -= len(data)
                yield memoryview(data)

    def stored(self) -> NDArray[Any]:
        """It as numpy has it, mapped from the disk; bfloat16 as uint16.

        Raises:
            UnsupportedError: numbers of a quantised model.
        """
        kind = {**FLOATS, **_OTHERS}.get(self.dtype)
        if kind is None:
            raise UnsupportedError(
                f"{self.name} in {self.path} is of {self.dtype}; rows of quantised models cannot "
                "be combined, take the checkpoint that it was made from"
            )
        if not prod(self.shape):
            return np.zeros(self.shape, kind)
        mapped: NDArray[Any] = np.memmap(self.path, kind, "r", offset=self.begin, shape=self.shape)
        return mapped

    def floats(self, begin: int = 0, end: int | None = None) -> NDArray[np.float32]:
        """Rows of it as float32; exact but for float64."""
        return to_floats(self.stored()[begin:end], self.dtype)


def to_floats(stored: NDArray[Any], dtype: str) -> NDArray[np.float32]:
    """Numbers of a file as float32.

    Raises:
        UnsupportedError: they are no floats.
    """
    if dtype not in FLOATS:
        raise UnsupportedError(f"rows of {dtype} are no floats; the checkpoint is quantised")
    if dtype == "F32":
        return np.asarray(stored)  # as it is mapped, not copied
    if dtype == "BF16":
        return (stored.astype(np.uint32) << 16).view(np.float32)
    return stored.astype(np.float32)


def from_floats(values: NDArray[np.float32], dtype: str) -> NDArray[Any]:
    """float32 as a file of ``dtype`` holds it, rounded to the nearest, ties to even."""
    if dtype != "BF16":
        return values.astype(FLOATS[dtype])
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype("<u2")


def read_header(path: str | os.PathLike[str]) -> tuple[dict[str, StoredTensor], dict[str, str]]:
    """The tensors of a file by name, and its words; no tensor is read.

    Raises:
        FormatError: it is no safetensors file, or cut off.
    """
    path = Path(path)
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > size - 8:
                raise ValueError(f"a header of {length} bytes in a file of {size}")
            header = json.loads(file.read(length))
        words = {str(key): str(each) for key, each in header.pop("__metadata__", {}).items()}
        start = 8 + length
        found = {name: _stored(path, start, name, each) for name, each in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(f"{path} is no safetensors file: {error}") from None
    for each in found.values():
        if not start <= each.begin <= each.end <= size:
            raise FormatError(f"{path} is cut off: {each.name} ends at byte {each.end} of {size}")
    return found, words


def _stored(path: Path, start: int, name: str, facts: Mapping[str, Any]) -> StoredTensor:
    begin, end = facts["data_offsets"]
    return StoredTensor(
        name, str(facts["dtype"]), tuple(facts["shape"]), start + begin, start + end, path
    )


@dataclass(frozen=True)
class NewTensor:
    """A tensor to write.

    Attributes:
        dtype: as safetensors calls it.
        shape: of it.
        size: bytes.
        slices: gives its bytes, in order.
    """

    dtype: str
    shape: tuple[int, ...]
    size: int
    slices: Callable[[], Iterator[Any]]


def copied(tensor: StoredTensor) -> NewTensor:
    """A tensor as it is in another file."""
    return NewTensor(tensor.dtype, tensor.shape, tensor.end - tensor.begin, tensor.slices)


def write_file(
    path: str | os.PathLike[str], tensors: Mapping[str, NewTensor], words: Mapping[str, str]
) -> None:
    """Write tensors, each as its slices come, whole or not at all."""
    header: dict[str, Any] = {"__metadata__": dict(words)} if words else {}
    at = 0
    for name, each in tensors.items():
        header[name] = {
            "dtype": each.dtype, "shape": list(each.shape), "data_offsets": [at, at + each.size],
        }  # fmt: skip
        at += each.size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with writing(path) as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name, each in tensors.items():
            _write(file, name, each)


def _write(file: IO[bytes], name: str, tensor: NewTensor) -> None:
    begin = file.tell()
    for part in tensor.slices():
        file.write(part)
    if file.tell() - begin != tensor.size:
        raise FormatError(f"{name}: {file.tell() - begin} bytes came, {tensor.size} were announced")


def write_arrays(
    path: str | os.PathLike[str], arrays: Mapping[str, NDArray[Any]], words: Mapping[str, str]
) -> Path:
    """Write arrays of numpy."""
    write_file(path, {name: _of_array(each) for name, each in arrays.items()}, words)
    return Path(path)


def _of_array(array: NDArray[Any]) -> NewTensor:
    array = np.ascontiguousarray(array)
    return NewTensor(
        _NAMES[array.dtype], array.shape, array.nbytes, lambda: iter((array.tobytes(),))
    )


def read_arrays(path: str | os.PathLike[str]) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """All arrays of a file, and its words; errors as for `read_header`."""
    tensors, words = read_header(path)
    return {name: np.array(each.stored()) for name, each in tensors.items()}, words
