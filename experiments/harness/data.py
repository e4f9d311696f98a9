"""The folder of real data that experiments read, packed or unpacked."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Collection
from pathlib import Path

from experiments.harness.halves import cut_of, shared_out, write_half
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
ORIGINS = {
    "molecules": "molecules/lipophilicity.csv with columns of SMILES and log D, of MoleculeNet "
    "(moleculenet.org, Lipophilicity)",
    "layouts": "layouts/*.jsonl, made by python tools/layouts_of_pages.py OUT PAGE... of web pages "
    "such as the manuals of Rust, Node.js and valgrind",
    "pictures": "pictures/cifar10_small.zip, PNGs of 32 x 32 pixels as train/CLASS/*.png and "
    "test/CLASS/*.png, of CIFAR-10 (cs.toronto.edu/~kriz/cifar.html)",
    "pcap": "pcap/*.pcap, captures with a kind of traffic in the name",
    "dna": "dna/*.fna and *.fa, genomes in FASTA (ncbi.nlm.nih.gov/datasets)",
}
"""What a folder that a reader may not have holds, and where it comes from."""


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


def _origin(name: str) -> str:
    return f". It holds {ORIGINS[name]}" if name in ORIGINS else ""


class Data:
    """Files of a data folder, noted as they are opened.

    Args:
        root: holds folders (``text``, ``flores_dev``, ...), or archives that hold them.
        scratch: where archives are unpacked, and halves of files are written.
        half: 0 or 1 to read one half of every file; see `experiments.harness.halves`.
        undivided: folders that stay whole all the same.
    """

    def __init__(
        self, root: Path, scratch: Path, half: int | None = None, undivided: Collection[str] = ()
    ) -> None:
        self._roots = (root, scratch)
        self._half, self._undivided = half, undivided
        self._read: set[Path] = set()
        self._whole: set[str] = set()

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
                "name a folder that has it with --data" + _origin(name)
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
        return self._opened(top, path)

    def files(self, folder: str, pattern: str = "*") -> list[Path]:
        """The files of a folder that fit a pattern, sorted by name; at least one.

        Raises:
            CorpusError: there is none.
        """
        found = sorted(path for path in self.folder(folder).glob(pattern) if path.is_file())
        if not found:
            raise CorpusError(f"{self.folder(folder)} has no {pattern}; it is not as expected")
        if self._half is not None and folder not in self._undivided:
            samples = [path for path in found if cut_of(f"{folder}/{path.name}") is None]
            taken = set(shared_out(samples, self._half))
            found = [path for path in found if path not in samples or path in taken]
        return [self._opened(folder, path, listed=True) for path in found]

    def _opened(self, folder: str, path: Path, *, listed: bool = False) -> Path:
        """The file, or its half; that it was read is noted."""
        name = path.relative_to(self.folder(folder)).as_posix()
        cut = None if folder in self._undivided else cut_of(f"{folder}/{name}")
        if self._half is None or cut is None:
            if not listed:
                self._whole.add(f"{folder}/{name}")
            self._read.add(path)
            return path
        out = self._roots[1] / f"half-{self._half}" / folder / name
        if not out.exists():
            write_half(path, out, cut, self._half)
        self._read.add(out)
        return out

    @property
    def place(self) -> str:
        """The folder and which half of it is read; nothing for all of it."""
        return "" if self._half is None else f"{self._roots[0].resolve()} {self._half}"

    @property
    def divided(self) -> bool:
        """Whether any of what was read is a half, or one of two shares of files."""
        return self._half is not None and len(self._read) > len(self._whole)

    @property
    def whole(self) -> list[str]:
        """Files that were read as they are."""
        return sorted(self._whole)

    def fingerprint(self) -> str:
        """SHA-256 over the names and contents of all files that were opened."""
        digest = hashlib.sha256()
        for path in sorted(self._read, key=lambda each: (each.parent.name, each.name)):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.parent.name}/{path.name} {content}\n".encode())
        return digest.hexdigest()
