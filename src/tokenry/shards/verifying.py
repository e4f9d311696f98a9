"""Whether shards are what their records say, and stand for the text that they were made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.corpus.readers import read_texts
from tokenry.errors import ShardError
from tokenry.files import AnyPath
from tokenry.options import from_json
from tokenry.results import Result
from tokenry.shards.framing import Frame, frame_of
from tokenry.shards.options import ShardOptions
from tokenry.shards.reading import ShardPart
from tokenry.shards.records import (
    ShardRecord,
    ShardSet,
    SourceStamp,
    file_record,
    read_record,
    read_summary,
)
from tokenry.shards.sequences import FILLED
from tokenry.shards.storage import at_hand, fetched
from tokenry.shards.transforms.contract import Transform
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Verified(Result):
    """What was compared and found equal.

    Attributes:
        files: whose bytes have the digest of their record.
        documents: whose ids decode to their text, or are the ids of it again.
        shortened: documents of which packing dropped the end; what is there was compared.
    """

    files: int
    documents: int
    shortened: int


def verify(folder: AnyPath, tokenizer: Tokenizer | None = None) -> Verified:
    """Compare all files with their digests and, with a tokenizer, all ids with the sources.

    Text is compared in our own format only, whose segments name their documents.

    Raises:
        ShardError: something differs; the message says what.
    """
    summary = read_summary(folder)
    if tokenizer is not None and tokenizer.fingerprint() != summary.fingerprint:
        raise ShardError(
            f"the tokenizer has the fingerprint {tokenizer.fingerprint()[:16]}, the shards "
            f"{summary.fingerprint[:16]}; give the one that made them"
        )
    files = documents = shortened = 0
    for shard in summary.shards:
        record = _record(folder, shard)
        names = [file.name for part in record.parts for file in part.files]
        with fetched(folder, names) as local:
            files += _check_files(local, record)
            if tokenizer is None or summary.shard_format != "own":
                continue
            for whole in _check_texts(local, record, summary, tokenizer):
                documents += 1
                shortened += not whole
    return Verified(files, documents, shortened)


def _record(folder: AnyPath, shard: str) -> ShardRecord:
    record = read_record(folder, shard)
    if record is None:
        raise ShardError(f"{folder} lacks the record of {shard}; make it with resume=True")
    return record


def _check_files(folder: Path, record: ShardRecord) -> int:
    files = [file for part in record.parts for file in part.files]
    for file in files:
        path = folder / file.name
        if not path.is_file() or file_record(path) != file:
            raise ShardError(
                f"{path} is not what its record says; remove {record.shard}'s record and make it "
                "again with resume=True"
            )
    return len(files)


def _check_texts(
    folder: Path, record: ShardRecord, summary: ShardSet, tokenizer: Tokenizer
) -> Iterator[bool]:
    """Whether each document is there to its end; those that differ raise."""
    options = from_json(ShardOptions, summary.options)
    transform, frame = options.made_transform(), frame_of(tokenizer, options)
    parts = [ShardPart(folder, part, summary.dtype, summary.channels) for part in record.parts]
    found = _documents(parts)
    for number, source in enumerate(record.sources):
        name = source.stamp.path
        if SourceStamp.of(name) != source.stamp:
            raise ShardError(f"{name} changed since shards were made of it")
        with at_hand(name) as path:
            for place, text in enumerate(read_texts(path, options.reading())):
                if text and (ids := found((number, place))) is not None:
                    yield _compare(tokenizer, transform, frame, text, ids, f"{name}:{place + 1}")
                elif text and not record.dropped:
                    raise ShardError(f"{name}:{place + 1} has no ids in {record.shard}")


def _documents(
    parts: list[ShardPart],
) -> Callable[[tuple[int, int]], NDArray[Any] | None]:
    """A function that gives a document's ids, its segments put together."""
    places: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {}
    for number, part in enumerate(parts):
        begin = 0
        for (source, record, first), end in zip(
            part.origins.tolist(), part.segments.tolist(), strict=True
        ):
            if source != FILLED:
                places.setdefault((source, record), []).append((first, number, begin, end))
            begin = end

    def ids(place: tuple[int, int]) -> NDArray[Any] | None:
        found = sorted(places.get(place, ()))
        expected = 0
        for first, _, begin, end in found:
            if first != expected:
                raise ShardError(f"a stretch of document {place} is missing or there twice")
            expected = first + end - begin
        cut = [parts[number].ids[begin:end] for _, number, begin, end in found]
        return np.concatenate(cut).astype(np.uint32) if cut else None

    return ids


def _compare(
    tokenizer: Tokenizer, transform: Transform, frame: Frame, text: bytes, ids: Any, where: str
) -> bool:
    expected, _, _ = frame.around(transform.encode(tokenizer, [text]))
    if not np.array_equal(ids, expected[: len(ids)]):
        raise ShardError(f"{where}: the ids are not those of its text")
    if len(ids) < len(expected):
        return False
    inner = ids[int(frame.begin is not None) : len(ids) - int(frame.end is not None)]
    decoded = transform.decode(tokenizer, inner)
    if decoded is not None and decoded != text and tokenizer.pipeline.lossless:
        raise ShardError(f"{where}: the ids decode to another text")
    return True
