"""Tokenizers that a person names: ``FILE`` or, for rank files, ``FILE:pattern``."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path

from tokenry.errors import UnsupportedError
from tokenry.formats.detect import detect, file_in, split_pattern
from tokenry.formats.files import find_file, read_bytes
from tokenry.formats.known_ranks import known_pattern, published_pattern
from tokenry.formats.word_ends import ends_words
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer, load

_UNSPLIT = ("tiktoken", "merges", "vocab_json")
_GENERIC = re.compile(r"(tokenizer|vocab|merges|ranks|model|json|txt|tiktoken|gz|[._-])+", re.I)


@dataclass(frozen=True)
class NamedTokenizer:
    """A tokenizer, what to call it, and where it came from; None for a path: from memory."""

    name: str
    path: Path | None
    pattern: str | None
    tokenizer: Tokenizer


def load_tokenizer(
    text: str | os.PathLike[str],
    pattern: str | None = None,
    special_tokens: Mapping[str, int] | None = None,
) -> Tokenizer:
    """Load ``FILE`` or ``FILE:pattern``; ranks with a well-known name need no pattern.

    Raises:
        FileNotFoundError: there is no such file.
        UnsupportedError: ranks or merges whose pattern is not known, or a file that asks for what
            tokenry does not do.
        FormatError: the file is broken.
    """
    path, named = split_pattern(text)
    if not path.exists():
        raise FileNotFoundError(ENOENT, "there is no such tokenizer file", str(path))
    pattern = pattern or named
    if pattern is None and known_pattern(path.name) is None and _leaves_pattern_open(path):
        raise UnsupportedError(
            f"{path} holds ranks or merges, which do not say how text is cut; name the "
            f"pattern: {path}:cl100k (or gpt2, o200k, llama3, qwen2, superbpe, or a regular "
            "expression)"
        )
    return load(path, pattern=pattern, special_tokens=special_tokens)


def load_named(texts: Sequence[str], taken: Sequence[str] = ()) -> list[NamedTokenizer]:
    """All of them, under names that differ from each other and from those that are taken."""
    found: list[NamedTokenizer] = []
    for text in texts:
        path, pattern = split_pattern(text)
        name = free_name(display_name(path), {*taken, *(each.name for each in found)})
        found.append(NamedTokenizer(name, path, pattern, load_tokenizer(text)))
    return found


def display_name(path: str | os.PathLike[str]) -> str:
    """A short name: the file's, or its folder's where the file's says nothing."""
    path = Path(path)
    name = re.sub(r"\.gz$", "", path.name)
    name = re.sub(r"\.(tiktoken|json|model|txt)$", "", name)
    name = re.sub(r"[_-](tokenizer|vocab)$", "", name)
    if _GENERIC.fullmatch(name) and path.resolve().parent.name:
        return path.resolve().parent.name
    return name


def file_digest(path: str | os.PathLike[str]) -> str:
    """SHA-256 of a file, or of the names and contents of a folder's files."""
    path = Path(path)
    digest = hashlib.sha256()
    for file in _files(path):
        digest.update(f"{file.name}\n{file.stat().st_size}\n".encode())
        with file.open("rb") as stream:
            while block := stream.read(2**20):
                digest.update(block)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class FileFacts(Result):
    """A tokenizer file, or the file of a folder that holds it: its format and its size."""

    file: Path
    format: str
    bytes: int


def describe_file(path: str | os.PathLike[str]) -> FileFacts:
    """What a file, or the first tokenizer file of a folder, is.

    Raises:
        FormatError: it is no tokenizer file.
    """
    path = Path(path)
    file = file_in(path) if path.is_dir() else path
    return FileFacts(file, detect(read_bytes(file), str(file)), file.stat().st_size)


def size_on_disk(path: str | os.PathLike[str]) -> int:
    """Bytes of a file, or of all files of a folder."""
    path = Path(path)
    return sum(each.stat().st_size for each in _files(path))


def _files(path: Path) -> list[Path]:
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _leaves_pattern_open(path: Path) -> bool:
    """Whether this is a file of ranks or merges whose way of cutting text is not known."""
    if path.is_dir() or detect(data := read_bytes(path), str(path)) not in _UNSPLIT:
        return False
    if path.name.startswith("vocab.json"):
        merges = find_file(path.parent, "merges.txt")
        data = b"" if merges is None else read_bytes(merges)
    return published_pattern(data) is None and not ends_words(data)


def free_name(name: str, taken: Collection[str]) -> str:
    """``name``, with a number behind it where it is taken."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free
