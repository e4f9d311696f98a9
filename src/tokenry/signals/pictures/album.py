"""Pictures of one size as one array, with names and labels: what trains, and what is measured."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError
from tokenry.signals.pictures.picture import Picture, Pixels
from tokenry.signals.pictures.resizing import tiles


@dataclass(frozen=True, eq=False)
class Album:
    """Pictures of one size.

    Attributes:
        pixels: shape (n, height, width, 3), uint8.
        names: of the pictures.
        labels: of the pictures, as places in ``classes``; -1 where none is known.
        classes: names of classes, sorted.
    """

    pixels: Pixels
    names: tuple[str, ...]
    labels: NDArray[np.int64]
    classes: tuple[str, ...] = ()

    @classmethod
    def of(cls, pictures: Iterable[Picture]) -> Album:
        """Put pictures together.

        Raises:
            SignalError: there is none, or they are of several sizes.
        """
        found = list(pictures)
        sizes = sorted({each.size for each in found})
        if len(sizes) != 1:
            raise SignalError(f"{len(found)} pictures of sizes {sizes}; expected some of one size")
        classes = tuple(sorted({each.label for each in found if each.label is not None}))
        places = {label: place for place, label in enumerate(classes)}
        labels = [-1 if each.label is None else places[each.label] for each in found]
        pixels = np.stack([each.pixels for each in found])
        return cls(pixels, tuple(each.name for each in found), np.array(labels), classes)

    @classmethod
    def of_tiles(cls, pictures: Iterable[Picture], size: int, step: int | None = None) -> Album:
        """Squares of large pictures, whose name is their picture's with a number.

        Raises:
            SignalError: no picture is as large as that.
        """
        cut = [
            Picture(tile, f"{each.name}-{number:04d}", each.label)
            for each in pictures
            for number, tile in enumerate(tiles(each.pixels, size, step))
        ]
        if not cut:
            raise SignalError(f"no picture is as large as a tile of {size} pixels")
        return cls.of(cut)

    def __len__(self) -> int:
        return len(self.pixels)

    def __iter__(self) -> Iterator[Picture]:
        for pixels, name, label in zip(self.pixels, self.names, self.labels.tolist(), strict=True):
            yield Picture(pixels, name, self.classes[label] if label >= 0 else None)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> Album:
        places = np.arange(len(self))[rows]
        names = tuple(self.names[place] for place in places.tolist())
        return Album(self.pixels[places], names, self.labels[places], self.classes)

    def within(self, start: str) -> Album:
        """Those whose name begins so, such as ``train/``.

        Raises:
            SignalError: there is none.
        """
        places = [place for place, name in enumerate(self.names) if name.startswith(start)]
        if not places:
            raise SignalError(
                f"no picture's name begins with {start!r}; the first is {self.names[0]}"
            )
        return self[np.array(places)]

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of pixels, labels and sizes."""
        digest = hashlib.sha256(str(self.pixels.shape).encode())
        digest.update(np.ascontiguousarray(self.pixels).tobytes())
        digest.update("\0".join(self.classes).encode() + self.labels.tobytes())
        return digest.hexdigest()

    @property
    def unit(self) -> NDArray[np.float32]:
        """The pixels from 0 to 1."""
        return np.divide(self.pixels, 255, dtype=np.float32)
