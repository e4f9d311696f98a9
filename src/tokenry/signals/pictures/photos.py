"""Photographs that come with scikit-image and scikit-learn: data that every machine has.

Only files that lie in the packages are named, since others would be downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tokenry.errors import MissingExtraError

_SKIMAGE: Final = (
    "astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "hubble_deep_field.jpg", "ihc.png",
    "motorcycle_left.png", "retina.jpg", "brick.png", "camera.png", "coins.png", "grass.png",
    "gravel.png", "moon.png",
)  # fmt: skip
_SKLEARN: Final = ("china.jpg", "flower.jpg")


def _files_of(package: str, folder: str, names: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise MissingExtraError(package, "signals", "photographs that every machine has")
    for name in names:
        path = Path(spec.origin).parent / folder / name
        if path.is_file():
            yield path.stem, path.read_bytes()


def _skimage() -> Iterator[tuple[str, bytes]]:
    return _files_of("skimage", "data", _SKIMAGE)


def _sklearn() -> Iterator[tuple[str, bytes]]:
    return _files_of("sklearn", "datasets/images", _SKLEARN)


PHOTOS: Final[Mapping[str, Callable[[], Iterator[tuple[str, bytes]]]]] = MappingProxyType(
    {"scikit-image": _skimage, "scikit-learn": _sklearn}
)
"""By the name of a source: a function to the names and the bytes of its files."""
