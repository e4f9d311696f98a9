"""WebP (RFC 9649), lossy, as a file and without what its files have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tokenry.errors import SignalError
from tokenry.signals.baselines.pillow import file_of, pixels_of, quality_in
from tokenry.signals.pictures.picture import Pixels

_BEFORE: Final = 20  # RIFF, size, WEBP, "VP8 ", size
_TAG: Final = 3  # of the frame: kind, version, bytes of the first part
_START: Final = b"\x9d\x01\x2a"


@dataclass(frozen=True)
class WebP:
    """A file, encoded with the most effort.

    Attributes:
        quality: 0 to 100.
    """

    quality: int = 50

    def __post_init__(self) -> None:
        quality_in(self.quality, 0, 100)

    def encode(self, pixels: Pixels) -> bytes:
        """The file."""
        return file_of(pixels, "WEBP", quality=self.quality, method=6)

    def decode(self, data: bytes) -> Pixels:
        """Its picture."""
        return pixels_of(data, "WEBP")


@dataclass(frozen=True)
class WebPFrame:
    """The frame without its container, its start code and its size, which are the coder's.

    Attributes:
        quality: 0 to 100.
        size: height and width of all pictures.
    """

    quality: int
    size: tuple[int, int]

    def __post_init__(self) -> None:
        quality_in(self.quality, 0, 100)

    def encode(self, pixels: Pixels) -> bytes:
        """The tag of the frame and its data."""
        if pixels.shape[:2] != self.size:
            raise SignalError(f"a picture of {pixels.shape[:2]} for a coder of {self.size}")
        data = WebP(self.quality).encode(pixels)
        length = int.from_bytes(data[16:20], "little")
        frame = data[_BEFORE : _BEFORE + length]
        if data[12:16] != b"VP8 " or frame[_TAG : _TAG + 7] != _START + self._size():
            raise SignalError("this WebP encoder writes another kind of file")
        return frame[:_TAG] + frame[_TAG + 7 :]

    def decode(self, data: bytes) -> Pixels:
        """The picture."""
        frame = data[:_TAG] + _START + self._size() + data[_TAG:]
        chunk = b"VP8 " + len(frame).to_bytes(4, "little") + frame + b"\0" * (len(frame) % 2)
        file = b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk
        return WebP(self.quality).decode(file)

    def _size(self) -> bytes:
        height, width = self.size
        return width.to_bytes(2, "little") + height.to_bytes(2, "little")
