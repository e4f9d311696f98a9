"""JPEG XL (ISO/IEC 18181), by libjxl: Debian's ``cjxl`` and ``djxl`` where they are installed, else
Pillow's plugin.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tokenry.errors import SignalError
from tokenry.signals.baselines.pillow import file_of, pixels_of
from tokenry.signals.pictures.picture import Pixels, decode_picture
from tokenry.signals.pictures.png import png_bytes


def has_jpeg_xl() -> bool:
    """Whether either way is there."""
    return _tools() or find_spec("pillow_jxl") is not None


def _tools() -> bool:
    return shutil.which("cjxl") is not None and shutil.which("djxl") is not None


@dataclass(frozen=True)
class JpegXl:
    """A codestream without a container; a dozen bytes of it are its header.

    Attributes:
        distance: 0.1 to 25; 1 is hardly to be told from the original, larger is smaller.
    """

    distance: float = 4.0

    def __post_init__(self) -> None:
        if not 0.1 <= self.distance <= 25:
            raise SignalError(f"distance {self.distance}; expected 0.1 to 25")
        if not has_jpeg_xl():
            raise SignalError(
                "JPEG XL needs cjxl and djxl (Debian's libjxl-tools) or pip install "
                "pillow-jxl-plugin"
            )

    def encode(self, pixels: Pixels) -> bytes:
        """The codestream."""
        if _tools():
            options = ["-d", f"{self.distance:g}", "--quiet", "--container=0"]
            return _run("cjxl", png_bytes(pixels), ".png", ".jxl", options)
        _plug_in()
        quality = _quality_of(self.distance)
        return file_of(pixels, "JXL", quality=quality, lossless=False, use_container=False)

    def decode(self, data: bytes) -> Pixels:
        """Its picture."""
        if _tools():
            return decode_picture(_run("djxl", data, ".jxl", ".png", ["--quiet"]), "JXL").pixels
        _plug_in()
        return pixels_of(data, "JXL")


def _plug_in() -> None:
    import pillow_jxl  # noqa: F401  # its import adds the format to Pillow's


def _quality_of(distance: float) -> int:
    """The nearest whole quality that libjxl turns into this distance (``jxl_quality`` in cjxl)."""
    if distance <= 6.4:
        return round(100 - (distance - 0.1) / 0.09)
    return max(1, round(30 - (distance - 6.4) * 30 / (25 - 6.4)))


def _run(program: str, data: bytes, given: str, made: str, options: list[str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, f"a{given}"), Path(folder, f"b{made}")
        source.write_bytes(data)
        done = subprocess.run(
            [program, str(source), str(target), *options], capture_output=True, check=False
        )
        if done.returncode or not target.exists():
            message = done.stderr.decode("utf-8", "replace").strip()[-200:]
            raise SignalError(f"{program} failed: {message or done.returncode}")
        return target.read_bytes()
