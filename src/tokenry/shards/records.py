"""What is known of a shard that is complete, and of all shards of a folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final, TypeVar

from tokenry.errors import FormatError, ShardError
from tokenry.files import AnyPath
from tokenry.results import Result, SavedResult
from tokenry.shards.storage import folder_at, is_remote, remote_stamp

S = TypeVar("S", bound=SavedResult)

RECORDS: Final = "records"
SUMMARY: Final = "shards.json"
_ENDS_READ: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class SourceStamp(Result):
    """A source file at one moment.

    Attributes:
        path: where it is.
        size: its bytes.
        modified: when it was written, in nanoseconds.
        sample: BLAKE2b of its first and last 64 KiB.
    """

    path: str
    size: int
    modified: int
    sample: str

    @classmethod
    def of(cls, source: AnyPath) -> SourceStamp:
        """Of a file as it is now; of a remote one, what its storage says of it."""
        if is_remote(source):
            return cls(str(source), *remote_stamp(str(source)))
        path = Path(source)
        status = path.stat()
        digest = hashlib.blake2b(digest_size=16)
        with path.open("rb") as file:
            digest.update(file.read(_ENDS_READ))
            file.seek(max(0, status.st_size - _ENDS_READ))
            digest.update(file.read(_ENDS_READ))
        return cls(str(path), status.st_size, status.st_mtime_ns, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class SourceRecord(Result):
    """What a shard has of a source; record numbers of origins count from 0 in it."""

    stamp: SourceStamp
    documents: int
    bytes: int


@dataclass(frozen=True, slots=True)
class FileRecord(Result):
    """A file of a shard: its name, its bytes and their SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PartRecord(Result):
    """Files that belong together; ``tokens`` count padding, which ``padding`` counts alone."""

    name: str
    files: tuple[FileRecord, ...]
    sequences: int
    segments: int
    tokens: int
    padding: int


@dataclass(frozen=True)
class ShardRecord(SavedResult):
    """A shard that is complete; written last of all its files.

    Attributes:
        shard: its name.
        job: the digest of all that decides its content beside the sources.
        sources: what it was made of.
        parts: what it consists of.
        dropped: ids that packing left out.
    """

    format: ClassVar[str] = "tokenry-shard"
    version: ClassVar[int] = 1
    shard: str
    job: str
    sources: tuple[SourceRecord, ...]
    parts: tuple[PartRecord, ...]
    dropped: int = 0

    @property
    def tokens(self) -> int:
        """Ids without padding."""
        return sum(part.tokens - part.padding for part in self.parts)


@dataclass(frozen=True)
class ShardSet(SavedResult):
    """A folder of shards that is complete: what ``shards.json`` says.

    Attributes:
        job: the digest of tokenizer and options.
        fingerprint: the tokenizer's.
        tokenizer: its name.
        vocabulary_size: how many ids it has.
        dtype: of the ids in files.
        shard_format: how they stand there.
        length: ids of a row; None: sequences are documents.
        channels: names of what else each id has.
        options: all options, as JSON.
        library: the version of tokenry.
        documents, bytes: of text that was read.
        tokens: ids without padding.
        padding, dropped: ids that were put in, and left out, by packing.
        sequences: how many there are.
        shards: names, in order.
    """

    format: ClassVar[str] = "tokenry-shards"
    version: ClassVar[int] = 1
    job: str
    fingerprint: str
    tokenizer: str
    vocabulary_size: int
    dtype: str
    shard_format: str
    length: int | None
    options: str
    library: str
    documents: int
    bytes: int
    tokens: int
    padding: int
    dropped: int
    sequences: int
    channels: tuple[str, ...] = ()
    shards: tuple[str, ...] = field(default=())


def record_name(shard: str) -> str:
    """The file of a shard's record, in the folder of shards."""
    return f"{RECORDS}/{shard}.json"


def read_record(folder: AnyPath, shard: str) -> ShardRecord | None:
    """The record of a shard; None where there is none that can be read."""
    data = folder_at(folder).read(record_name(shard))
    try:
        return None if data is None else _loaded(ShardRecord, data)
    except FormatError:
        return None


def read_summary(folder: AnyPath) -> ShardSet:
    """What a folder of shards says of itself.

    Raises:
        ShardError: it holds no complete shards.
    """
    data = folder_at(folder).read(SUMMARY)
    if data is None:
        raise ShardError(
            f"{folder} has no {SUMMARY}: no job was finished there; go on with resume=True"
        )
    return _loaded(ShardSet, data)


def saved(result: SavedResult) -> bytes:
    """A record as the bytes of its file."""
    return (json.dumps(result.to_json(), indent=1, ensure_ascii=False) + "\n").encode()


def _loaded(kind: type[S], data: bytes) -> S:
    try:
        content = json.loads(data)
    except ValueError as error:
        raise FormatError(f"no JSON: {error}") from None
    if (content.get("format"), content.get("version")) != (kind.format, kind.version):
        raise FormatError(f"not of the format {kind.format!r}, version {kind.version}")
    return kind.from_json(content)


def file_record(path: AnyPath) -> FileRecord:
    """A file with its digest."""
    path = Path(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileRecord(path.name, path.stat().st_size, digest)
