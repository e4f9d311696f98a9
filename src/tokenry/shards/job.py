"""The one function of a job: sources to a shard. It is pure, so that any machine may call it again.

Files of a shard are written to temporary names and renamed; the record that says that it is
complete comes last, and is the first thing to go where a shard is made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from tokenry.corpus.choice import DocumentChoice
from tokenry.errors import ShardError
from tokenry.files import AnyPath
from tokenry.options import to_json
from tokenry.shards.documents import DocumentBatch, Tally, read_batches
from tokenry.shards.formats.contract import PartFacts, ShardFormat, ShardShape
from tokenry.shards.framing import Frame, frame_of
from tokenry.shards.options import ShardOptions
from tokenry.shards.plan import ShardTask
from tokenry.shards.records import (
    PartRecord,
    ShardRecord,
    SourceRecord,
    SourceStamp,
    file_record,
    record_name,
    saved,
)
from tokenry.shards.registry import FORMATS, PACKERS
from tokenry.shards.sequences import TokenSequences, documents_as_sequences
from tokenry.shards.storage import ShardFolder, folder_at
from tokenry.shards.transforms.contract import Transform
from tokenry.tokenizer import Tokenizer

_LAYOUT: Final = 1  # to be counted up where equal sources and options give other files


@dataclass(frozen=True)
class ShardJob:
    """What all shards of a job share.

    Attributes:
        tokenizer: encodes.
        options: what is asked for.
        out: the folder of the shards, a path or a URL.
        name: what files call the tokenizer.
    """

    tokenizer: Tokenizer
    options: ShardOptions
    out: AnyPath
    name: str = ""

    @cached_property
    def folder(self) -> ShardFolder:
        """The folder of the shards."""
        return folder_at(self.out)

    @cached_property
    def choice(self) -> DocumentChoice | None:
        """How often documents are taken; None: each once."""
        return self.options.chosen()

    @cached_property
    def digest(self) -> str:
        """Of all that decides shards beside their sources."""
        options = to_json(self.options)
        parts = [str(_LAYOUT), self.tokenizer.fingerprint(), self.name, options]
        if self.choice is not None:
            parts.append(self.choice.digest)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @cached_property
    def writer(self) -> ShardFormat:
        """The format."""
        return FORMATS.load(self.options.format)()

    @cached_property
    def frame(self) -> Frame:
        """What stands around documents, and fills rows."""
        return frame_of(self.tokenizer, self.options)

    @cached_property
    def shape(self) -> ShardShape:
        """What all sequences have in common.

        Raises:
            ShardError: the type that was asked for cannot hold the vocabulary.
        """
        dtype = stored_type(len(self.tokenizer), self.writer.types, self.options.dtype)
        channels = self.options.made_transform().channels
        return ShardShape(
            dtype, self.options.length, channels, self.name, self.tokenizer.fingerprint()
        )


def stored_type(size: int, types: Iterable[str], asked: str | None) -> str:
    """The type of ids of a vocabulary of ``size``: the smallest of ``types`` that holds all.

    Raises:
        ShardError: ``asked`` is none of them, or too small.
    """
    fitting = [each for each in types if size - 1 <= np.iinfo(each).max]
    if asked is None and fitting:
        return fitting[0]
    # An int32 holds all ids that a format without uint32 can be asked to hold.
    wanted = "int32" if asked == "uint32" and "uint32" not in types else asked
    if wanted not in fitting:
        raise ShardError(
            f"dtype {asked} for a vocabulary of {size:,} ids; the format has "
            f"{', '.join(fitting) or 'no type'} for it"
        )
    return wanted


def make_shard(job: ShardJob, task: ShardTask) -> ShardRecord:
    """Write one shard and its record; gives the record.

    Raises:
        CorpusError: a source cannot be read.
        ShardError: a source changed while it was read, or the options do not fit the tokenizer.
        OSError: it cannot be written.
    """
    job.folder.remove(record_name(task.name))
    remove_files(job.folder, task.name)
    stamps = [SourceStamp.of(source) for source in task.sources]
    tally = Tally(len(stamps))
    batches = read_batches(task.sources, job.options.reading(), tally, job.choice)
    sequences = encoded(job, batches)
    packing: Any = sequences
    if job.options.length is not None:
        packer = PACKERS.load(job.options.pack)()
        packing = packer.pack(sequences, job.options.length, job.frame.pad)
    with job.folder.filling() as local:
        parts = tuple(_write_parts(job, task, iter(packing), local))
        for stamp in stamps:
            if SourceStamp.of(stamp.path) != stamp:
                raise ShardError(
                    f"{stamp.path} changed while it was read; run again with resume=True"
                )
    counted = zip(stamps, tally.documents, tally.bytes, strict=True)
    sources = tuple(SourceRecord(*each) for each in counted)
    dropped = getattr(packing, "dropped", 0)
    record = ShardRecord(task.name, job.digest, sources, parts, dropped)
    job.folder.write(record_name(task.name), saved(record))
    return record


def encoded(job: ShardJob, batches: Iterable[DocumentBatch]) -> Iterator[TokenSequences]:
    """Ids of documents, framed, in the type of the shards."""
    transform = job.options.made_transform()
    # Nothing of a batch is kept here while the next one is read: a document may be large.
    return (_encoded_batch(job, transform, batch) for batch in batches)


def _encoded_batch(job: ShardJob, transform: Transform, batch: DocumentBatch) -> TokenSequences:
    found = transform.encode(job.tokenizer, batch.texts)
    batch.texts.clear()  # the reader holds on to the batch
    ids, ends, channels = job.frame.around(found, job.shape.dtype)
    return documents_as_sequences(ids, ends, batch.places, channels)


def _write_parts(
    job: ShardJob, task: ShardTask, rows: Iterator[TokenSequences], local: Path
) -> Iterator[PartRecord]:
    waiting = next(rows, None)
    number = 0
    while waiting is not None:
        name = f"{task.name}-{number:03d}"
        held = sequences = segments = tokens = padding = 0
        with job.writer.writing(local / name, job.shape) as add:
            while waiting is not None and held < job.writer.part_bytes:
                add(waiting)
                held += waiting.nbytes
                sequences += len(waiting)
                segments += len(waiting.segments)
                tokens += len(waiting.ids)
                padding += waiting.padding
                waiting = None
                waiting = next(rows, None)
        files = tuple(file_record(path) for path in sorted(local.glob(f"{name}.*")))
        yield PartRecord(name, files, sequences, segments, tokens, padding)
        number += 1


def remove_files(folder: ShardFolder, shard: str) -> None:
    """Remove files of a shard, and what an interrupted call left under temporary names."""
    for name in folder.sizes():
        if name.startswith((f"{shard}-", f".{shard}-")):
            folder.remove(name)


def part_facts(part: PartRecord) -> PartFacts:
    """A part as formats know it."""
    sizes = {file.name: file.size for file in part.files}
    return PartFacts(part.name, part.sequences, part.tokens, sizes)
