"""Find out by content what kind of tokenizer file this is, and load it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.configuration import CONFIGURATION
from tokenry.formats.files import GivenFile, find_file, read_bytes
from tokenry.formats.folders import reader_of
from tokenry.formats.known_ranks import known_pattern, published_pattern
from tokenry.formats.registry import FORMATS, KNOWN, Format
from tokenry.formats.signatures import FileHead, is_bytes_only, is_code_points
from tokenry.text.pipeline import Pipeline

# What a folder may hold, the file that says most first.
FOLDER_NAMES: Final = tuple(name for each in KNOWN for name in each.file_names)
LONE: Final = ("*.tiktoken*", "*.model*")
"""Files of any name that say what they are, where a folder has one of a kind."""


def load(
    path: str | os.PathLike[str],
    *,
    pattern: str | None = None,
    special_tokens: Mapping[str, int] | None = None,
) -> Pipeline:
    """Load a tokenizer from a file or a folder, whatever its format; see `tokenry.load`.

    Raises:
        FileNotFoundError: there is no such file.
        FormatError: the file is malformed, or of no known format; the message says what was found.
        UnsupportedError: the file asks for something that tokenry does not do.
    """
    place, named = split_pattern(path)
    file = file_in(place) if place.is_dir() else place
    pattern = named if pattern is None else pattern
    return load_given(GivenFile(file, read_bytes(file), pattern, special_tokens))


def load_given(given: GivenFile) -> Pipeline:
    """`load` for a file that was read, or for bytes that are as if they had been.

    Raises:
        FormatError: as `load`.
        UnsupportedError: as `load`.
    """
    reader = reader_of(given)
    if reader is not None:
        _refuse_options(str(given.beside.class_name), given)
        return _with_config(reader(given), given)
    format_ = _format_of(FileHead(given.data, str(given.path)))
    if format_.says_all:
        _refuse_options(f"the format {format_.name!r}", given)
    elif given.pattern is None:
        pattern = known_pattern(given.path.name) or published_pattern(given.data)
        given = replace(given, pattern=pattern)
    return _with_config(format_.load()(given), given)


def _with_config(pipeline: Pipeline, file: GivenFile) -> Pipeline:
    """The pipeline with what stands beside its file, where that has the name it has in a folder."""
    if pipeline.config or file.path.name.removesuffix(".gz") not in FOLDER_NAMES:
        return pipeline
    config = file.beside.config
    return replace(pipeline, config=config) if config else pipeline


def split_pattern(path: str | os.PathLike[str]) -> tuple[Path, str | None]:
    """``FILE:pattern`` in two; where a file has the whole name, there is no pattern."""
    text = os.fspath(path)
    if ":" not in text or Path(text).exists():
        return Path(text), None
    file, pattern = text.split(":", 1)
    return Path(file), pattern


def file_in(folder: str | os.PathLike[str]) -> Path:
    """The tokenizer file of a folder.

    Raises:
        FormatError: there is none.
    """
    folder = Path(folder)
    for name in FOLDER_NAMES:
        found = find_file(folder, name)
        if found is not None:
            return found
    for pattern in LONE:
        alone = sorted(folder.glob(pattern))
        if len(alone) == 1:
            return alone[0]
    config = find_file(folder, CONFIGURATION)
    if config is not None:
        head = FileHead(read_bytes(config), CONFIGURATION)
        if is_bytes_only(head) or is_code_points(head):
            return config
    names = ", ".join(sorted(each.name for each in folder.iterdir())[:10]) or "nothing"
    raise FormatError(
        f"{folder} holds no tokenizer: expected one of {', '.join(FOLDER_NAMES)}, a single "
        f"*.model or a single *.tiktoken, found {names}"
    )


def _refuse_options(kind: str, file: GivenFile) -> None:
    options = {"pattern": file.pattern, "special_tokens": file.special_tokens}
    for name, value in options.items():
        if value is not None:
            raise UnsupportedError(
                f"{file.path} is of {kind}, which states its own {name}; load it without {name}="
            )


def detect(data: bytes, what: str = "the file") -> str:
    """The name of a tokenizer file's format in `FORMATS`, by its content.

    Args:
        data: the whole file, gzip undone.
        what: what to call it in errors.

    Raises:
        FormatError: no known format looks like this; the message shows how the file begins.
    """
    return _format_of(FileHead(data, what)).name


def _format_of(head: FileHead) -> Format:
    for format_ in KNOWN:
        if format_.recognise(head):
            return format_
    if head.json is None:
        raise FormatError(
            f"{head.what} is of no known tokenizer format: it begins with {head.data[:40]!r}; "
            f"known are {', '.join(FORMATS)}"
        )
    keys = ", ".join(map(repr, list(head.json)[:8])) or "none"
    raise FormatError(
        f"{head.what} is JSON but no tokenizer: expected a tokenizer.json (key 'model'), a "
        f"vocab.json (piece -> id) or tokenry's own file; found the keys {keys}"
    )
