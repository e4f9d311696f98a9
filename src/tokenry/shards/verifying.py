"""Whether shards are what their records say, and stand for the text that they were made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tokenry.arguments import checked
from tokenry.corpus.readers import read_texts
from tokenry.errors import ShardError
from tokenry.files import AnyPath
from tokenry.options import from_json
from tokenry.results import Result
from tokenry.shards.documents import taken
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

Stretch = tuple[int, ShardPart, int, int]
"""The first token of a record that a segment has, and where the segment stands in which part."""


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


@checked
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
    transform, frame, choice = (
        options.made_transform(),
        frame_of(tokenizer, options),
        options.chosen(),
    )
    parts = [ShardPart(folder, part, summary.dtype, summary.channels) for part in record.parts]
    found = _documents(parts)
    for number, source in enumerate(record.sources):
        name = source.stamp.path
        if SourceStamp.of(name) != source.stamp:
            raise ShardError(f"{name} changed since shards were made of it")
        with at_hand(name) as path:
            times = None if choice is None else choice.of_source(name)
            for place, text in enumerate(read_texts(path, options.reading())):
                wanted = taken(times, place, name) if text else 0
                stretches, where = found.get((number, place), []), f"{name}:{place + 1}"
                if stretches:
                    yield _compare(tokenizer, transform, frame, text, stretches, wanted, where)
                elif wanted and not record.dropped:
                    raise ShardError(f"{where} has no ids in {record.shard}")


def _documents(parts: list[ShardPart]) -> dict[tuple[int, int], list[Stretch]]:
    """Of each source and record, the stretches of its ids."""
    places: dict[tuple[int, int], list[Stretch]] = {}
    for part in parts:
        begin = 0
        for (source, record, first), end in zip(
            part.origins.tolist(), part.segments.tolist(), strict=True
        ):
            if source != FILLED:
                places.setdefault((source, record), []).append((first, part, begin, end))
            begin = end
    return places


def _compare(
    tokenizer: Tokenizer,
    transform: Transform,
    frame: Frame,
    text: bytes,
    stretches: list[Stretch],
    times: int,
    where: str,
) -> bool:
    """Whether a document is there to its end, as often as it is wanted."""
    expected, _, _ = frame.around(transform.encode(tokenizer, [text]))
    starts = np.zeros(len(expected) + 1, np.int64)
    for first, part, begin, end in stretches:
        last = first + end - begin
        if not np.array_equal(part.ids[begin:end], expected[first:last]):
            raise ShardError(f"{where}: the ids are not those of its text")
        starts[first] += 1
        starts[last] -= 1
    there = np.cumsum(starts)[:-1]
    if (there > times).any() or (np.diff(there) > 0).any():
        raise ShardError(f"a stretch of document {where} is missing or there too often")
    inner = expected[int(frame.begin is not None) : len(expected) - int(frame.end is not None)]
    decoded = transform.decode(tokenizer, inner)
    if decoded is not None and decoded != text and tokenizer.pipeline.lossless:
        raise ShardError(f"{where}: the ids decode to another text")
    return bool((there == times).all())
