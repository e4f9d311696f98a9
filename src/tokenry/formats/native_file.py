"""Our own tokenizer file: everything a Pipeline holds, versioned and fingerprinted.

docs/formats/tokenry.md describes it.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenry.errors import FormatError, TokenryError
from tokenry.files import write_atomically
from tokenry.formats.files import GivenFile
from tokenry.formats.plain_data import (
    Json,
    canonical,
    from_plain,
    to_plain,
    vocabulary_from_plain,
    vocabulary_to_plain,
)
from tokenry.text.config import TokenizerConfig
from tokenry.text.parts import (
    AddedToken,
    Decoder,
    Normalizer,
    Pretokenizer,
    Segmenter,
    Template,
)
from tokenry.text.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "tokenry"
VERSION = 1
FILE_NAME = "tokenry.json"
# What decides ids and text; a name and metadata do not.
DECISIVE = (
    "segmenter",
    "pretokenizer",
    "normalizer",
    "added_tokens",
    "template",
    "decoder",
    "lossless",
)


def decisive_content(pipeline: Pipeline) -> dict[str, Json]:
    """Everything that decides ids and text, as plain data."""
    return {
        "vocabulary": vocabulary_to_plain(pipeline.vocabulary),
        **{name: to_plain(getattr(pipeline, name), pipeline.vocabulary) for name in DECISIVE},
    }


def fingerprint(pipeline: Pipeline) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of `decisive_content`."""
    return _digest(decisive_content(pipeline))


def _digest(content: Json) -> str:
    return hashlib.sha256(b"tokenry-tokenizer-1\n" + canonical(content)).hexdigest()


def dump(pipeline: Pipeline) -> bytes:
    """The file of a tokenizer.

    Raises:
        UnsupportedError: a part is not of tokenry.text.
    """
    content = decisive_content(pipeline)
    file: dict[str, Json] = {
        "format": FORMAT,
        "version": VERSION,
        "fingerprint": _digest(content),
        "name": pipeline.name,
        "metadata": dict(pipeline.metadata),
        **({"config": pipeline.config.values} if pipeline.config else {}),
        "tokenizer": content,
    }
    return json.dumps(file, ensure_ascii=True, allow_nan=False).encode() + b"\n"


def save(pipeline: Pipeline, path: str | os.PathLike[str]) -> Path:
    """Write the file of a tokenizer; a folder gets a ``tokenry.json``."""
    path = Path(path)
    return write_atomically(path / FILE_NAME if path.is_dir() else path, dump(pipeline))


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found."""
    return load(file.data)


def load(data: bytes) -> Pipeline:
    """Read a tokenizer from the bytes of its file.

    Raises:
        FormatError: the file is damaged, of a newer version, or its fingerprint does not fit.
    """
    file = _read(data)
    content = file.get("tokenizer")
    if not isinstance(content, dict):
        raise FormatError("tokenry file: 'tokenizer' is missing")
    if _digest(content) != file.get("fingerprint"):
        raise FormatError(
            "tokenry file: the fingerprint does not fit the content; the file was changed or "
            "damaged, get it again"
        )
    return _build(content, file)


def _read(data: bytes) -> Mapping[str, Json]:
    try:
        file = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"tokenry file: not JSON ({error})") from None
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise FormatError("this is no tokenry file: it does not state the format 'tokenry'")
    if file.get("version") != VERSION:
        raise FormatError(
            f"tokenry file: version {file.get('version')!r}; this release reads version {VERSION}"
        )
    return file


def _build(content: Mapping[str, Json], file: Mapping[str, Json]) -> Pipeline:
    name, metadata = file.get("name"), file.get("metadata")
    if not (name is None or isinstance(name, str)) or not isinstance(metadata, dict):
        raise FormatError("tokenry file: 'name' must be a string or null, 'metadata' an object")
    config = file.get("config", {})
    if not isinstance(config, dict):
        raise FormatError("tokenry file: 'config' must be an object")
    try:
        vocabulary = vocabulary_from_plain(content["vocabulary"])
        parts = {key: from_plain(content[key], vocabulary) for key in DECISIVE}
        _check(parts)
        return Pipeline(
            vocabulary=vocabulary,
            name=name,
            metadata={key: str(each) for key, each in metadata.items()},
            config=TokenizerConfig.of(config),
            **parts,  # type: ignore[arg-type]
        )
    except FormatError:
        raise
    except KeyError as error:
        raise FormatError(f"tokenry file: {error} is missing") from None
    except (TokenryError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise FormatError(f"tokenry file: the parts do not fit together: {error}") from None


def _check(parts: Mapping[str, Any]) -> None:
    """Raise FormatError where a part cannot stand in its place."""
    added = parts["added_tokens"]
    fits = {
        "segmenter": isinstance(parts["segmenter"], Segmenter),
        "pretokenizer": isinstance(parts["pretokenizer"], Pretokenizer),
        "normalizer": isinstance(parts["normalizer"], Normalizer | None),
        "added_tokens": isinstance(added, tuple)
        and all(isinstance(token, AddedToken) for token in added),
        "template": isinstance(parts["template"], Template | None),
        "decoder": isinstance(parts["decoder"], Decoder | None),
        "lossless": isinstance(parts["lossless"], bool),
    }
    for name, fit in fits.items():
        if not fit:
            raise FormatError(f"tokenry file: {str(parts[name])[:80]} is no {name}")
    # Merges, scores and ids are checked where they are put to work.
    parts["segmenter"].native()
