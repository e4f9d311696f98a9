"""Counts of pretokens of many files, by several workers or by a cluster of Ray.

Words never go through an engine's shuffle: each worker counts some files whole and gives one table,
and tables are merged where they come. A worker that dies is replaced, and its files counted again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tokenry.corpus import Corpus, Document, ReadOptions
from tokenry.errors import CorpusError, LearnError
from tokenry.learning.word_counts import WordCounts
from tokenry.progress import Progress, silent
from tokenry.shards.backends.chosen import backend_for
from tokenry.shards.plan import Paths, ShardTask, files_of, plan
from tokenry.shards.storage import at_hand

GROUP_BYTES = 64 << 20


@dataclass(frozen=True)
class CountingJob:
    """What all tasks share; called with one, it counts its files.

    Attributes:
        pretokenizer, numbers: as `WordCounts` has them.
        options: how files are read.
        threads: of each worker; None: all.
    """

    pretokenizer: str = "o200k"
    numbers: str | None = None
    options: ReadOptions = field(default_factory=ReadOptions)
    threads: int | None = 1

    def __call__(self, task: ShardTask) -> WordCounts | None:
        """Counts of some files; None where no document is in them."""
        if next(_documents(task, self.options), None) is None:
            return None
        corpus = Corpus.from_texts(lambda: _documents(task, self.options))
        return WordCounts.of(
            corpus, pretokenizer=self.pretokenizer, numbers=self.numbers, threads=self.threads
        )


def count_files(
    data: Paths,
    job: CountingJob,
    *,
    workers: int = 1,
    ray: str | None = None,
    group_bytes: int = GROUP_BYTES,
    progress: Progress = silent,
) -> WordCounts:
    """Count the pretokens of files; the result does not depend on who counts.

    Args:
        data: paths or URLs of files, folders or globs.
        job: how.
        workers: processes.
        ray: the address of a Ray cluster that does it instead.
        group_bytes: files are counted together until they have so many bytes.
        progress: told how far it is, in bytes of files.

    Raises:
        CorpusError: a path does not exist, or there is no document.
        LearnError: some files could not be counted.
    """
    tasks = plan(files_of(data), group_bytes)
    done, total = 0, sum(task.size for task in tasks)
    merged: list[WordCounts] = []
    failed: list[str] = []
    progress("counting", 0, total)
    for outcome in backend_for(workers, ray).map(job, tasks):
        done += tasks[outcome.index].size
        progress("counting", done, total)
        if outcome.error is not None:
            failed.append(outcome.error)
        elif outcome.result is not None:
            _add(merged, outcome.result)
    if failed:
        raise LearnError(f"{len(failed)} of {len(tasks)} groups of files: {'; '.join(failed[:3])}")
    if not merged:
        raise CorpusError("there are no documents in these files; give text")
    return merged[0].merged(*merged[1:]) if len(merged) > 1 else merged[0]


def _add(tables: list[WordCounts], new: WordCounts) -> None:
    """Merge as a counter carries: tables of about one size, so that no word is copied often."""
    while tables and len(tables[-1]) <= 2 * len(new):
        new = tables.pop().merged(new)
    tables.append(new)


def _documents(task: ShardTask, options: ReadOptions) -> Iterator[Document]:
    for source in task.sources:
        with at_hand(source) as path:
            yield from Corpus.from_paths(path, options)
