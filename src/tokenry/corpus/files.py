"""Which files a path, a folder or a glob stands for."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tokenry.corpus.compression import stem
from tokenry.corpus.kinds import kind_of
from tokenry.corpus.options import FEW_FILES, ReadOptions
from tokenry.corpus.readers import is_binary
from tokenry.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read.

    Attributes:
        path: where it is.
        folder: the first folder below the path that was given, or "".
        named: whether it was named itself rather than found in a folder.
    """

    path: Path
    folder: str
    named: bool


def find_files(given: str | os.PathLike[str], options: ReadOptions) -> list[Found]:
    """Files of a path, of a folder (recursive) or of a glob, in the order of their paths.

    Files found in a folder are left out where they are hidden (unless ``options.hidden``), empty
    or binary; a file that was named is always kept, so that reading it can say what is wrong.

    Raises:
        CorpusError: nothing is there.
    """
    path = Path(given)
    if path.is_dir():
        found = [Found(each, _folder(each, path), False) for each in _walk(path, options)]
    elif path.exists():
        found = [Found(path, "", True)]
    else:
        found = [Found(each, "", False) for each in _glob(str(given), options)]
    if not found:
        reason = "holds no text files" if path.is_dir() else "does not exist and matches no file"
        raise CorpusError(
            f"{str(given)!r} {reason}; give a file, a folder or a glob such as '*.md'"
        )
    return found


def _walk(root: Path, options: ReadOptions) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if options.hidden or name[0] != ".")
        for name in sorted(names):
            path = Path(folder, name)
            if (options.hidden or name[0] != ".") and _readable_text(path):
                yield path


def _readable_text(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size > 0 and not is_binary(path)
    except OSError:
        return True  # reading it will say why not


def _glob(pattern: str, options: ReadOptions) -> list[Path]:
    # pathlib's own glob takes no absolute patterns.
    names = glob.glob(pattern, recursive=True, include_hidden=options.hidden)  # noqa: PTH207
    return [path for path in map(Path, sorted(names)) if _readable_text(path)]


def _folder(path: Path, root: Path) -> str:
    parts = path.relative_to(root).parts
    return parts[0] if len(parts) > 1 else ""


def domain_of(found: Found, files: int, options: ReadOptions) -> str:
    """The domain of a file in a corpus of so many files; see `ReadOptions.domain`."""
    rule = options.domain
    if rule == "auto":
        rule = "folder" if found.folder else "file" if files <= FEW_FILES else "kind"
    if rule == "folder":
        return found.folder or found.path.parent.name or "text"
    return stem(found.path) if rule == "file" else kind_of(found.path)
