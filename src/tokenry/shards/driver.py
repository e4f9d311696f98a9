"""A whole job: plan, leave what is complete, make the rest, and say what there is."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tokenry.arguments import checked
from tokenry.errors import ShardError
from tokenry.files import AnyPath
from tokenry.options import to_json
from tokenry.progress import Progress, silent
from tokenry.shards.backends.chosen import backend_for
from tokenry.shards.backends.contract import Backend
from tokenry.shards.job import ShardJob, make_shard, part_facts, remove_files
from tokenry.shards.options import ShardOptions
from tokenry.shards.plan import Paths, ShardTask, files_of, plan
from tokenry.shards.records import (
    RECORDS,
    SUMMARY,
    ShardRecord,
    ShardSet,
    SourceStamp,
    read_record,
    record_name,
    saved,
)
from tokenry.tokenizer import Tokenizer
from tokenry.version import __version__

DEFAULTS = ShardOptions()


@dataclass(frozen=True, slots=True)
class JobReport:
    """What a call did.

    Attributes:
        made: shards that it wrote.
        kept: shards of its share that were complete already.
        total: shards of the whole job.
        summary: of all shards; None while others have not finished theirs.
    """

    made: int
    kept: int
    total: int
    summary: ShardSet | None


@checked
def write_shards(
    data: Paths,
    tokenizer: Tokenizer,
    out: AnyPath,
    options: ShardOptions = DEFAULTS,
    *,
    name: str = "",
    workers: int = 1,
    rank: int = 0,
    world: int = 1,
    ray: str | None = None,
    resume: bool = False,
    progress: Progress = silent,
) -> JobReport:
    """Encode files and pack them into shards in the folder ``out``.

    A shard is complete or not there; a call after an interruption makes what is missing, and what
    was made of sources that changed since. Every byte depends on sources, tokenizer and options
    only: not on workers, ranks, order or interruptions.

    Args:
        data: paths or URLs of files, folders or globs, or a `tokenry.Corpus` of files.
        tokenizer: encodes.
        out: a folder, or a URL that fsspec knows (``s3://bucket/shards``).
        options: what is written.
        name: what files that name their tokenizer call it.
        workers: processes.
        rank: of this call among ``world`` calls that share the work, on one machine or many.
        world: how many calls there are.
        ray: the address of a Ray cluster that does the work instead of processes here.
        resume: go on with what is in the folder; ranks of a world always do.
        progress: told how far it is.

    Raises:
        ShardError: the folder holds other shards, options do not fit, or a shard could not be made;
            all others are made before that is raised.
        CorpusError: a path does not exist.
    """
    if not 0 <= rank < world or workers < 1:
        raise ShardError(
            f"rank {rank} of {world} with {workers} workers; expected 0 <= rank < "
            "world and 1 or more workers"
        )
    job = ShardJob(tokenizer, options, os.fspath(out), name)
    tasks = plan(files_of(data), options.group_bytes)
    _check(job, resume or world > 1)
    own = tasks[rank::world]
    sizes = job.folder.sizes()
    todo = [task for task in own if not is_complete(job, task, sizes)]
    _clear(job, sizes, len(tasks), todo, rank, world)
    _make(job, todo, backend_for(workers, ray), progress)
    summary = finish(job, tasks)
    return JobReport(len(todo), len(own) - len(todo), len(tasks), summary)


def _check(job: ShardJob, going_on: bool) -> None:
    """Refuse a folder of other shards, and options that cannot work, before any work is done."""
    for needed in (job.shape, job.frame):  # raise here what would stop every shard
        assert needed
    first = next(iter(sorted(_recorded(job.folder.sizes()))), None)
    if first is None:
        return
    found = read_record(job.out, first)
    if found is not None and found.job != job.digest:
        raise ShardError(
            f"{job.out} holds shards of another tokenizer or of other options; give another folder"
        )
    if not going_on:
        raise ShardError(f"{job.out} holds shards; go on with resume=True, or give another folder")


def is_complete(job: ShardJob, task: ShardTask, sizes: Mapping[str, int]) -> bool:
    """Whether the shard is there, of these options and of the sources as they are now.

    Args:
        job: what it should be of.
        task: the shard.
        sizes: of all files of the folder.
    """
    record = read_record(job.out, task.name) if record_name(task.name) in sizes else None
    if record is None or record.job != job.digest:
        return False
    stamps = [source.stamp for source in record.sources]
    if tuple(stamp.path for stamp in stamps) != task.sources:
        return False
    files = [file for part in record.parts for file in part.files]
    return all(sizes.get(file.name) == file.size for file in files) and all(
        SourceStamp.of(stamp.path) == stamp for stamp in stamps
    )


def _recorded(sizes: Mapping[str, int]) -> list[str]:
    """Names of shards that have a record."""
    begin = f"{RECORDS}/shard-"
    return [name[len(RECORDS) + 1 : -5] for name in sizes if name.startswith(begin)]


def _number(shard: str) -> int:
    return int(shard.partition("-")[2])


def _clear(
    job: ShardJob,
    sizes: Mapping[str, int],
    total: int,
    todo: Sequence[ShardTask],
    rank: int,
    world: int,
) -> None:
    """Remove the summary where something is to do, shards that the plan no longer has, and what
    killed processes left under temporary names.
    """
    recorded = _recorded(sizes)
    leftover = [s for s in recorded if _number(s) >= total and _number(s) % world == rank]
    if todo or leftover:
        job.folder.remove(SUMMARY)
    for shard in leftover:
        job.folder.remove(record_name(shard))
        remove_files(job.folder, shard)
    for name in filter(lambda each: each.endswith(".tmp"), sizes):
        of_record = name.startswith(f"{RECORDS}/.shard-")
        # What all ranks have in common, another may be about to write.
        common = world == 1 and name.startswith((f".{SUMMARY}.", ".index.json."))
        if common or (of_record and _number(name.split(".")[1]) % world == rank):
            job.folder.remove(name)


def _make(job: ShardJob, todo: Sequence[ShardTask], backend: Backend, progress: Progress) -> None:
    # The largest first, so that no worker is at a large one when the others have nothing left.
    todo = sorted(todo, key=lambda task: -task.size)
    done, total = 0, sum(task.size for task in todo)
    failed: list[str] = []
    if not todo:
        return
    progress("encoding", 0, total)
    for outcome in backend.map(partial(make_shard, job), todo):
        task = todo[outcome.index]
        done += task.size
        progress("encoding", done, total)
        if outcome.error is not None:
            failed.append(f"{task.name}: {outcome.error}")
    if failed:
        more = f" (and {len(failed) - 3} more)" if len(failed) > 3 else ""
        raise ShardError(
            f"{len(failed)} of {len(todo)} shards could not be made, the others are there; "
            f"resume=True makes what is missing. {'; '.join(sorted(failed)[:3])}{more}"
        )


def finish(job: ShardJob, tasks: Sequence[ShardTask]) -> ShardSet | None:
    """Write what describes all shards; None where one is missing."""
    records = [read_record(job.out, task.name) for task in tasks]
    found = [record for record in records if record is not None and record.job == job.digest]
    if len(found) < len(tasks):
        return None
    parts = [part_facts(part) for record in found for part in record.parts]
    for name, content in job.writer.index(parts, job.shape).items():
        job.folder.write(name, json.dumps(content, sort_keys=True).encode())
    summary = _summary(job, found)
    job.folder.write(SUMMARY, saved(summary))
    return summary


def complete(job: ShardJob) -> ShardSet | None:
    """Write what describes all shards that have a record, whoever made them; None for none."""
    shards = sorted(map(_number, _recorded(job.folder.sizes())))
    return finish(job, [ShardTask(number, (), 0) for number in shards]) if shards else None


def _summary(job: ShardJob, records: Sequence[ShardRecord]) -> ShardSet:
    parts = [part for record in records for part in record.parts]
    sources = [source for record in records for source in record.sources]
    return ShardSet(
        job=job.digest,
        fingerprint=job.tokenizer.fingerprint(),
        tokenizer=job.name,
        vocabulary_size=len(job.tokenizer),
        dtype=job.shape.dtype,
        shard_format=job.options.format,
        length=job.options.length,
        options=to_json(job.options),
        library=__version__,
        documents=sum(source.documents for source in sources),
        bytes=sum(source.bytes for source in sources),
        tokens=sum(record.tokens for record in records),
        padding=sum(part.padding for part in parts),
        dropped=sum(record.dropped for record in records),
        sequences=sum(part.sequences for part in parts),
        channels=job.shape.channels,
        shards=tuple(record.shard for record in records),
    )
