"""Find out by content what kind of tokenizer file this is, and load it."""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.files import read_bytes

if TYPE_CHECKING:
    from tokenry.text.pipeline import Pipeline

Format = Literal[
    "tokenry", "tokenizer_json", "sentencepiece", "vocab_json", "merges", "tiktoken", "wordpiece"
]
FORMATS: tuple[Format, ...] = get_args(Format)

# What a folder may hold, the file that says most first.
FOLDER_NAMES = (
    "tokenry.json",
    "tokenizer.json",
    "tokenizer.model",
    "spiece.model",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
)
# Modules of this room whose ``load(data)`` reads a format that says all by itself.
READERS: dict[Format, str] = {
    "tokenry": "native_file",
    "tokenizer_json": "tokenizer_json.reading",
    "sentencepiece": "sentencepiece",
    "wordpiece": "wordpiece",
}
_RANK_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2} \d+\r?")
# What a WordPiece vocabulary has and other lists of words do not.
_WORDPIECE_LINE = re.compile(rb"^(?:##\S|\[UNK\]\r?$)", re.MULTILINE)
# How tokenizers begins its files; reading all of one only to tell what it is would take as long
# again as to load it.
_TOKENIZER_JSON = re.compile(rb'\{\s*"version"\s*:\s*"[^"\\]*"\s*,\s*"truncation"\s*:')
_MERGE_LINE = re.compile(r"[^ \t]+ [^ \t]+")


def load(
    path: str | os.PathLike[str],
    *,
    pattern: str | None = None,
    special_tokens: Mapping[str, int] | None = None,
) -> Pipeline:
    """Load a tokenizer from a file or a folder, whatever its format; ``.gz`` is read as it is.

    Args:
        path: ``tokenizer.json``, a SentencePiece ``.model``, a tiktoken rank file, ``vocab.json``
            with ``merges.txt`` beside it, ``merges.txt`` alone, ``vocab.txt``, our own
            ``tokenry.json``, or a folder that holds one of them.
        pattern: how text is split, for the files that do not say (rank files and merges): a known
            name such as ``"cl100k"`` or a regular expression.
        special_tokens: specials and their ids, for the same files.

    Raises:
        FormatError: the file is malformed, or of no known format; the message says what was found.
        UnsupportedError: the file asks for something that tokenry does not do.
    """
    file = _file_in(Path(path)) if Path(path).is_dir() else Path(path)
    data = read_bytes(file)
    found = detect(data, str(file))
    if found in ("tiktoken", "merges", "vocab_json"):
        return _load_unsplit(found, data, file, pattern, special_tokens)
    _refuse_options(found, file, pattern, special_tokens)
    if found == "wordpiece":
        return _load_wordpiece(data, file)
    module = importlib.import_module(f"tokenry.formats.{READERS[found]}")
    pipeline: Pipeline = module.load(data)
    return pipeline


def _load_wordpiece(data: bytes, file: Path) -> Pipeline:
    from tokenry.formats import wordpiece

    beside = file.parent / "tokenizer_config.json"
    return wordpiece.load(data, config=read_bytes(beside) if beside.is_file() else None)


def _load_unsplit(
    found: Format,
    data: bytes,
    file: Path,
    pattern: str | None,
    special_tokens: Mapping[str, int] | None,
) -> Pipeline:
    from tokenry.formats import merges, tiktoken

    if found == "tiktoken":
        return tiktoken.load(data, pattern=pattern, special_tokens=special_tokens)
    vocabulary = data if found == "vocab_json" else None
    if vocabulary is not None:
        data = read_bytes(_beside(file, "merges.txt"))
    return merges.load(data, vocabulary=vocabulary, pattern=pattern, special_tokens=special_tokens)


def _beside(file: Path, name: str) -> Path:
    for candidate in (file.parent / name, file.parent / f"{name}.gz"):
        if candidate.is_file():
            return candidate
    raise FormatError(f"{file} is a vocab.json, which needs {name} beside it; there is none")


def _file_in(folder: Path) -> Path:
    for name in FOLDER_NAMES:
        for candidate in (folder / name, folder / f"{name}.gz"):
            if candidate.is_file():
                return candidate
    ranks = sorted(folder.glob("*.tiktoken*"))
    if len(ranks) == 1:
        return ranks[0]
    found = ", ".join(sorted(each.name for each in folder.iterdir())[:10]) or "nothing"
    raise FormatError(
        f"{folder} holds no tokenizer: expected one of {', '.join(FOLDER_NAMES)} or a single "
        f"*.tiktoken, found {found}"
    )


def _refuse_options(
    found: Format, file: Path, pattern: str | None, special_tokens: Mapping[str, int] | None
) -> None:
    for name, value in (("pattern", pattern), ("special_tokens", special_tokens)):
        if value is not None:
            raise UnsupportedError(
                f"{file} is of the format {found!r}, which states its own {name}; load it without "
                f"{name}="
            )


def detect(data: bytes, what: str = "the file") -> Format:
    """The format of a tokenizer file, by its content.

    Args:
        data: the whole file, gzip undone.
        what: what to call it in errors.

    Raises:
        FormatError: no known format looks like this; the message shows how the file begins.
    """
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return _detect_json(start, what)
    lines = data[:4096].split(b"\n")[:8]
    if _RANK_LINE.fullmatch(lines[0]):
        return "tiktoken"
    # The first field of a SentencePiece model is its first piece: a tag, and a size.
    if data[:1] == b"\n" and _is_binary(data[:4096]):
        return "sentencepiece"
    if not _is_binary(data[:4096]):
        found = _detect_text(data[:4096].decode("utf-8", "ignore"))
        if found == "merges" or (found == "wordpiece" and _WORDPIECE_LINE.search(data)):
            return found
    raise FormatError(
        f"{what} is of no known tokenizer format: it begins with {data[:40]!r}; known are "
        f"{', '.join(FORMATS)}"
    )


def _is_binary(head: bytes) -> bool:
    return any(byte < 0x20 and byte not in b"\t\n\r" for byte in head)


def _detect_json(data: bytes, what: str) -> Format:
    if _TOKENIZER_JSON.match(data):
        return "tokenizer_json"
    try:
        # A big file may be huge and wrong; the decoder's own limits apply.
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{what} begins as JSON but is not: {error}") from None
    if content.get("format") == "tokenry":
        return "tokenry"
    if isinstance(content.get("model"), dict):
        return "tokenizer_json"
    if content and all(type(id_) is int for id_ in content.values()):
        return "vocab_json"
    keys = ", ".join(map(repr, list(content)[:8])) or "none"
    raise FormatError(
        f"{what} is JSON but no tokenizer: expected a tokenizer.json (key 'model'), a "
        f"vocab.json (piece -> id) or tokenry's own file; found the keys {keys}"
    )


def _detect_text(head: str) -> Format | None:
    lines = head.split("\n")
    # The last line may be cut.
    lines = [line.removesuffix("\r") for line in (lines[:-1] if len(lines) > 1 else lines)][:64]
    filled = [line for line in lines if line]
    if lines[0].startswith("#version"):
        return "merges"
    if filled and all(_MERGE_LINE.fullmatch(line) for line in filled):
        return "merges"
    if filled and all(" " not in line and "\t" not in line for line in filled):
        return "wordpiece"
    return None
