"""Which sources become which shard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tokenry.corpus import Corpus
from tokenry.errors import ShardError
from tokenry.files import AnyPath

Paths = Corpus | AnyPath | Iterable[AnyPath]


@dataclass(frozen=True, slots=True)
class ShardTask:
    """Sources that become one shard.

    Attributes:
        number: of the shard, from 0.
        sources: files, in order.
        size: their bytes.
    """

    number: int
    sources: tuple[Path, ...]
    size: int

    @property
    def name(self) -> str:
        """What names of its files begin with."""
        return f"shard-{self.number:05d}"


def plan(files: Iterable[AnyPath], group_bytes: int) -> list[ShardTask]:
    """Tasks for files: neighbours together until they have ``group_bytes``.

    It depends on the order and the sizes of files only, so that every machine makes the same.
    """
    tasks: list[ShardTask] = []
    group: list[Path] = []
    held = 0
    for path in map(Path, files):
        group.append(path)
        held += path.stat().st_size
        if held >= group_bytes:
            tasks.append(ShardTask(len(tasks), tuple(group), held))
            group, held = [], 0
    if group:
        tasks.append(ShardTask(len(tasks), tuple(group), held))
    return tasks


def files_of(data: Paths) -> list[Path]:
    """The files of paths, folders and globs, or of a corpus.

    Raises:
        CorpusError: a path does not exist.
        ShardError: the corpus is in memory.
    """
    corpus = data if isinstance(data, Corpus) else Corpus.from_paths(data)
    if not corpus.files:
        raise ShardError("shards are made of files; give paths, or a Corpus.from_paths")
    return [found.path for found in corpus.files]
