"""The folder of real data that experiments read, packed or unpacked."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path

from tokenry.errors import CorpusError

ARCHIVES = {
    "text": "text",
    "flores_dev": "flores_dev",
    "udhr": "udhr",
    "morphology": "morphology",
    "dna": "dna",
    "pcap": "packets",
    **dict.fromkeys(
        (
            "childes_br",
            "code",
            "gsm8k",
            "legalbench",
            "mts_dialog_clinical",
            "pubmedqa",
            "tatqa_finance",
            "tinyshakespeare",
        ),
        "domains",
    ),
}
"""The archive, ``<name>.tar.xz``, that holds each folder."""


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as packed:
        if hasattr(tarfile, "data_filter"):
            return packed.extractall(folder, filter="data")
        # Python 3.11.0 to 3.11.3 have no filters.
        for member in packed.getmembers():
            inside = (folder / member.name).resolve().is_relative_to(folder.resolve())
            if not inside or not (member.isfile() or member.isdir()):
                raise CorpusError(
                    f"{archive} holds {member.name}, which is no plain file or folder inside it; "
                    "unpack it yourself if you trust it, or use Python 3.11.4 or later"
                )
        packed.extractall(folder)


class Data:
    """Files of a data folder, noted as they are opened.

    Args:
        root: holds folders (``text``, ``flores_dev``, ...), or archives that hold them.
        scratch: where archives are unpacked.
    """

    def __init__(self, root: Path, scratch: Path) -> None:
        self._roots = (root, scratch)
        self._read: set[Path] = set()

    def folder(self, name: str) -> Path:
        """A folder of data; an archive that holds it is unpacked first.

        Raises:
            CorpusError: there is neither.
        """
        for root in self._roots:
            if (root / name).is_dir():
                return root / name
        root, scratch = self._roots
        archive = root / f"{ARCHIVES.get(name, name)}.tar.xz"
        if archive.is_file():
            _unpack(archive, scratch)
        if not (scratch / name).is_dir():
            raise CorpusError(
                f"the data folder {root} has no {name}/ and no {archive.name} that holds it; "
                "name a folder that has it with --data"
            )
        return scratch / name

    def file(self, name: str) -> Path:
        """A file, by its path in the data folder, such as ``text/chinese.txt``.

        Raises:
            CorpusError: it is not there.
        """
        top, _, rest = name.partition("/")
        path = self.folder(top) / rest
        if not path.is_file():
            raise CorpusError(f"{path} is missing; the data folder is not the one expected")
        self._read.add(path)
        return path

    def files(self, folder: str, pattern: str = "*") -> list[Path]:
        """The files of a folder that fit a pattern, sorted by name; at least one.

        Raises:
            CorpusError: there is none.
        """
        found = sorted(path for path in self.folder(folder).glob(pattern) if path.is_file())
        if not found:
            raise CorpusError(f"{self.folder(folder)} has no {pattern}; it is not as expected")
        self._read.update(found)
        return found

    def fingerprint(self) -> str:
        """SHA-256 over the names and contents of all files that were opened."""
        digest = hashlib.sha256()
        for path in sorted(self._read, key=lambda each: (each.parent.name, each.name)):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.parent.name}/{path.name} {content}\n".encode())
        return digest.hexdigest()
